"""`release` and what stands around it, by command line."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run
from miniprogram.testing import frozen_clock, write_program

Run = Callable[..., int]
DESCRIBED = ("--title", "Shop", "--description", "Buy things", "--no-server-domains")


@pytest.fixture
def say(tmp_path: Path) -> Run:
    """Runs a command line in a folder with one environment."""
    program = tmp_path / "shop"
    box = AppContext(cwd=program, environ={"HOME": str(tmp_path / "home"), "USER": "ann"}, now=frozen_clock)

    def say(line: str, *more: str) -> int:
        return run([*line.split(), *more], box)

    write_program(program)
    (tmp_path / "home").mkdir()
    say("env init")
    say(
        "env configure dev --provider filesystem --api-base-url https://api.example.com/api --store",
        str(tmp_path / "store"),
    )
    say("env use dev")
    for version in ("1.0.0", "1.1.0"):
        write_program(program, version=version)
        assert say("publish --target cloud") == 0
    assert say("app add wallet --stage test") == 0
    return say


@pytest.fixture
def listen(say: Run, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Runs a command line with --json and gives the document."""

    def listen(line: str, *more: str) -> Any:
        capsys.readouterr()
        assert say(line, *more, "--json") == 0
        return json.loads(capsys.readouterr().out)

    return listen


@pytest.fixture
def full(say: Run) -> None:
    """1.0.0 is the full release in production, 1.1.0 prepared."""
    for version, last in (("1.0.0", "release finish shop 1.0.0 --app wallet --final"), ("1.1.0", "release list")):
        for verb, more in (("create", ()), ("configure", DESCRIBED), ("apply", ()), ("approve", ())):
            assert say(f"release {verb} shop {version} --app wallet", *more) == 0
        assert say(f"release pilot skip shop {version} --app wallet") == 0
        assert say(last) == 0


def test_people_see_the_way_and_who_is_next(say: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert say("release create shop 1.0.0 --app wallet") == 0
    say("release configure shop 1.0.0 --app wallet", *DESCRIBED)
    capsys.readouterr()
    say("release apply shop 1.0.0 --app wallet")

    assert capsys.readouterr().out.splitlines() == [
        "shop 1.0.0 on wallet:production: in_review",
        "  created ✓ › [review] › pilot › grayscale › full",
        "  Next: approve (reviewer)",
    ]


@pytest.mark.usefixtures("full")
def test_a_percentage_is_a_bar(say: Run, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert say("release grayscale shop 1.1.0 --app wallet --ratio 12.5") == 0
    assert "  [###-----------------] 12.5 %" in capsys.readouterr().out.splitlines()

    assert say("release grayscale shop 1.1.0 --app wallet --ratio 10") == 1
    assert "only goes up" in capsys.readouterr().err


@pytest.mark.usefixtures("full")
def test_documents_say_the_same_to_programs(listen: Callable[..., Any]) -> None:
    moved = listen("release grayscale shop 1.1.0 --app wallet --ratio 1 --actor bob")
    assert (moved["command"], moved["environmentName"], moved["miniProgramId"]) == (
        "release grayscale",
        "dev",
        "shop",
    )
    assert moved["release"]["grayscale"] == {"basisPoints": 100, "kept": 0}

    listed = listen("release list shop")
    assert {each["version"]: each["state"] for each in listed["releases"]} == {
        "1.0.0": "full",
        "1.1.0": "grayscale",
    }
    assert listen("release list")["programs"][0]["miniProgramId"] == "shop"
    shown = listen("release show shop 1.1.0 --app wallet")
    assert shown["release"]["next"][0] == {"verb": "grayscale", "roles": ["developer", "operator"]}
    event = listen("release history shop --limit 1")["events"][0]
    assert (event["actor"], event["details"]["toBasisPoints"]) == ("bob", 100)
    assert listen("audit verify shop")["sound"] is True


@pytest.mark.usefixtures("full")
def test_why_and_simulate(listen: Callable[..., Any]) -> None:
    explained = listen("release why shop --app wallet --user ann --attribute country=de")
    assert (explained["version"], explained["decisionReason"]) == ("1.0.0", "full_release")

    counted = listen("release simulate shop 1.1.0 --app wallet --ratio 50 --visitors 2000")
    assert counted["visitors"] == 2000
    assert 850 < counted["moving"] < 1150


@pytest.mark.usefixtures("full")
def test_rollback_says_what_is_served(say: Run, capsys: pytest.CaptureFixture[str]) -> None:
    say("release finish shop 1.1.0 --app wallet --final")
    capsys.readouterr()

    assert say("release rollback shop --app wallet --reason slow") == 0
    assert capsys.readouterr().out.splitlines()[-1] == "Served now: 1.0.0"


@pytest.mark.usefixtures("full")
def test_a_broken_trail_is_an_exit_code(say: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "store" / "metadata" / "audit" / "shop" / "000000000002.json").unlink()
    capsys.readouterr()

    assert say("audit verify shop") == 1
    assert capsys.readouterr().out.startswith("shop event 2: missing")


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("suffix", [".svg", ".png"])
def test_codes_are_written(say: Run, tmp_path: Path, suffix: str) -> None:
    assert say("qr shop 1.0.0 --app wallet --hours 1 --output", f"code{suffix}") == 0

    body = (tmp_path / "shop" / f"code{suffix}").read_bytes()
    assert body.startswith({".svg": b"<?xml", ".png": b"\x89PNG"}[suffix])


@pytest.mark.usefixtures("full")
def test_codes_are_printed(say: Run, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert say("qr shop 1.0.0 --app wallet") == 0
    out = capsys.readouterr().out
    assert "█" in out
    assert "https://api.example.com/api/manifests/shop/latest?hostApp=wallet&link=mpl1." in out


@pytest.mark.usefixtures("full")
def test_segments_and_switches(say: Run, listen: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "shop" / "vip.csv").write_text("userId,name\na-1,Ann\nb-2,Bob\n", "utf-8")
    assert listen("segment import shop vip vip.csv")["subject"]["count"] == 2
    assert listen("segment show shop vip --contains a-1")["contains"] is True
    rule = '{"value": true, "audience": {"attribute": "userId", "operator": "segment", "values": ["vip"]}}'
    assert say("switch set shop new --rule", rule) == 0
    assert listen("release why shop --app wallet --user b-2")["switches"] == {"new": True}
    assert say("switch export shop --output switches.json") == 0
    assert say("switch disable shop new") == 0
    assert listen("switch import shop switches.json --existing overwrite")["subject"]["written"] == ["new"]
    assert listen("switch list shop")["switches"][0]["enabled"] is True
    assert say("switch remove shop new") == 0
    assert say("segment remove shop vip") == 0
    assert listen("segment list shop")["segments"] == []


def test_members_and_tokens(say: Run, listen: Callable[..., Any]) -> None:
    assert say("member add ann@example.com --role reviewer --app wallet") == 0
    made = listen("token create --member ann@example.com --days 7")
    assert made["token"].startswith("mpt_")
    assert made["grants"] == ["reviewer on wallet:*"]
    listed = json.dumps(listen("token list"))
    assert made["id"] in listed
    assert made["token"].split("_", 2)[2] not in listed
    assert listen("token revoke", made["id"])["state"] == "revoked"
    assert say("member remove ann@example.com") == 0
    assert [each["command"] for each in listen("audit show")["events"]][:2] == ["member remove", "token revoke"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("release create shop 1.0.0", "--app is required"),
        ("release create shop", "a version is required"),
        ("release create shop one --app wallet", "'one' is not a semantic version"),
        ("release create", "the id of a mini-program is required\nUsage: miniprogram release create [OPTIONS]"),
        ("release create shop 1.0.0 --app wallet --stage prod", "'prod' is not an environment of a host app"),
        ("release halt shop 1.0.0 --app wallet", "--reason is required"),
        ("release simulate shop 1.0.0 --app wallet --ratio 101", "is more than 100 per cent"),
        ("release why shop --app wallet --attribute x", "must be NAME=TEXT"),
        ("release configure shop 1.0.0 --app wallet", "nothing to configure"),
        ("release configure shop 1.0.0 --app wallet --audience {", "--audience is not JSON"),
        ("segment create shop vip", "either --id or --pattern"),
        ("switch import shop x.json", "--existing is required"),
        ("member add ann --role king", "'king' is not a role"),
        ("qr shop 1.0.0 --app wallet --output code.gif", "must end in .svg or .png"),
        ("release why shop --app wallet --env nope", None),
    ],
)  # fmt: skip
def test_wrong_command_lines_are_named(
    line: str, said: str | None, say: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    code = say(line)

    out, err = capsys.readouterr()
    assert out == ""
    assert code == (64 if said else 1)
    assert (said or "nope") in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("release create shop 9.9.9 --app wallet", "publish it first"),
        ("release create shop 1.0.0 --app bank", "there is no host app environment bank:production"),
        ("release approve shop 1.0.0 --app wallet", "there is no release of 1.0.0"),
        ("release list other", "other has no releases in dev"),
        ("release rollback shop --app wallet", "shop has no releases"),
        ("segment show shop vip", "shop has no releases"),
        ("token revoke x", "there is no token 'x'"),
        ("app environment set bank test", "there is no host app 'bank'"),
    ],
)
def test_what_cannot_be_done_is_said(line: str, said: str, say: Run, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert say(line) == 1
    assert said in capsys.readouterr().err


def test_the_page_about_releasing_can_be_followed(say: Run, capsys: pytest.CaptureFixture[str]) -> None:
    page = Path(__file__).parents[3] / "docs" / "howto" / "release.md"
    lines = page.read_text("utf-8").splitlines()
    commands = [
        shlex.split(line.removeprefix("$ miniprogram ")) for line in lines if line.startswith("$ miniprogram ")
    ]

    for words in commands:
        if words[0] in ("env", "publish") or words[:2] == ["app", "add"]:
            continue  # the fixture has done that
        capsys.readouterr()
        assert say(*words) == 0, (words, capsys.readouterr().err)


def test_the_trail_is_narrowed_turned_round_and_written_out(
    say: Run, full: None, listen: Callable[..., Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    every = [each["seq"] for each in listen("audit show shop")["events"]]
    page = listen("audit show shop --oldest --limit 2")
    assert [each["seq"] for each in page["events"]] == every[::-1][:2]
    assert listen(f"audit show shop --oldest --limit 1 --after {page['nextAfter']}")["events"][0]["seq"] == 3
    applied = listen("audit show shop --command", "release apply")["events"]
    assert [each["version"] for each in applied] == ["1.1.0", "1.0.0"]
    assert listen("audit show shop --by NOBODY")["events"] == []
    assert listen("audit show shop --until 1999-01-01")["events"] == []

    for form, lines in (("csv", len(every) + 1), ("jsonl", len(every))):
        report = listen(f"audit export shop --format {form} --output trail.{form}")
        assert (report["events"], report["path"]) == (len(every), str(tmp_path / "shop" / f"trail.{form}"))
        assert len((tmp_path / "shop" / f"trail.{form}").read_text("utf-8").splitlines()) == lines

    assert say("audit export shop") == 64
    assert say("audit show shop --since soon") == 64
    assert "is no day and no time" in capsys.readouterr().err


def test_lists_of_all_are_narrowed_to_a_place(say: Run, full: None, listen: Callable[..., Any]) -> None:
    assert say("release create shop 1.0.0 --app wallet --stage test") == 0
    (program,) = listen("release list --stage test")["programs"]
    assert [each["state"] for each in program["releases"]] == ["created"]
    assert listen("release list --app bank")["programs"] == []
    assert listen("release reviews --app wallet --stage sandbox")["waiting"] == []
    assert say("release list --stage moon") == 64
    assert say("release list shop --app wallet") == 64
