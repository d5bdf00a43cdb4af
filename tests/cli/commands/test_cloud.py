from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run
from miniprogram.environments.session import open_to_publish
from miniprogram.plugins.registry import Registry
from miniprogram.publish.environment_target import EnvironmentTarget
from miniprogram.testing import frozen_clock, sample_release, sample_screens

Run = Callable[..., tuple[int, str, str]]

READING = [
    ["cloud", "deploy"],
    ["cloud", "status"],
    ["cloud", "outputs"],
    ["cloud", "logs"],
    ["cloud", "destroy"],
    ["cloud", "doctor"],
    ["cloud", "rollback", "1.0.0", "shop"],
    ["cloud", "app", "list"],
    ["cloud", "app", "info", "shop"],
    ["cloud", "app", "disable", "shop"],
    ["cloud", "app", "enable", "shop"],
    ["cloud", "app", "delete", "shop"],
    ["access-key", "list", "shop"],
    ["access-key", "create", "shop", "--key-id", "a"],
    ["access-key", "revoke", "shop", "--key-id", "a"],
    ["access-key", "rotate", "shop", "--key-id", "a"],
]


@pytest.fixture
def work(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


@pytest.fixture
def call(tmp_path: Path, work: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def calling(*argv: str) -> tuple[int, str, str]:
        box = AppContext(cwd=work, environ={"HOME": str(tmp_path / "home")}, now=frozen_clock)
        code = run(list(argv), box)
        return (code, *capsys.readouterr())

    return calling


@pytest.fixture
def configured(call: Run, work: Path) -> Path:
    call("env", "init")
    call("env", "configure", "dev", "--provider", "filesystem", "--store", "store")
    call("env", "use", "dev")
    return work


@pytest.fixture
def published(configured: Path, tmp_path: Path) -> Path:
    registry = Registry.discover(cwd=configured, environ={})
    session = open_to_publish(
        "dev", start_directories=[configured], find_provider=registry.provider, home=tmp_path / "home", environ={}
    )
    for version in ("1.0.0", "1.1.0"):
        screens = sample_screens(text=version)
        EnvironmentTarget(session).publish(sample_release(version=version, screens=screens))
    return configured


@pytest.mark.parametrize("argv", READING, ids=" ".join)
def test_without_an_environment_file_it_is_a_usage_error(call: Run, argv: list[str]) -> None:
    code, out, err = call(*argv)

    assert (code, out) == (64, "")
    assert "env init" in err


@pytest.mark.parametrize("name", ["ghost", "local", "cloud"])
@pytest.mark.parametrize("argv", READING, ids=" ".join)
def test_a_name_that_is_not_configured_fails(call: Run, configured: Path, argv: list[str], name: str) -> None:
    code, out, err = call(*argv, "--env", name)

    assert (code, out) == (1, "")
    assert name in err


def test_a_provider_that_may_not_load_fails(call: Run, configured: Path) -> None:
    path = configured / ".mini_program/env.json"
    path.write_text(path.read_text().replace('"filesystem"', '"gcp"'))
    (configured / "miniprogram.toml").write_text('[plugins]\nstatic = "*"\n')

    code, out, err = call("cloud", "status")

    assert (code, out) == (1, "")
    assert "miniprogram-gcp" in err


def test_stored_values_that_do_not_fit_are_named(call: Run, configured: Path) -> None:
    path = configured / ".mini_program/env.json"
    document = json.loads(path.read_bytes())
    document["cloudEnvironments"][0]["values"]["port"] = "many"
    path.write_text(json.dumps(document))

    code, out, err = call("cloud", "status")

    assert (code, out) == (1, "")
    assert f"{path}: values of dev: port" in err


def test_status_of_nothing_is_exit_code_1_with_a_document(call: Run, configured: Path) -> None:
    code, out, err = call("cloud", "status", "--json")

    assert (code, err) == (1, "")
    assert json.loads(out)["stackExists"] is False
    assert json.loads(out)["stackName"] == "mini-program-cloud-dev"


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        (["outputs"], 1),
        (["outputs", "--format", "xml"], 64),
        (["logs"], 1),
        (["logs", "--since", "soon"], 64),
        (["destroy"], 0),
        (["destroy", "--yes"], 0),
        (["doctor"], 0),
        (["rollback"], 64),
        (["rollback", "1.0.0"], 64),
        (["rollback", "one", "shop"], 64),
        (["rollback", "1.0.0", "../x"], 64),
        (["rollback", "1.0.0", "shop"], 1),
        (["rollback", "1.0.0", "shop", "more"], 64),
        (["app", "info"], 64),
        (["app", "info", "shop"], 1),
        (["app", "info", ".."], 64),
        (["app", "disable", "shop"], 0),
        (["app", "disable", "shop", "--yes"], 1),
        (["app", "enable", "shop"], 1),
        (["app", "delete", "shop"], 0),
        (["app", "delete", "shop", "--yes"], 0),
        (["app", "list", "more"], 64),
        (["status", "more"], 64),
        (["app"], 64),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_exit_codes_of_an_empty_environment(call: Run, configured: Path, argv: list[str], code: int) -> None:
    assert call("cloud", *argv)[0] == code


def test_rollback_moves_the_pointer(call: Run, published: Path) -> None:
    code, out, _ = call("cloud", "rollback", "1.0.0", "shop")

    assert code == 0
    assert "shop: 1.1.0 -> 1.0.0" in out
    assert json.loads(call("cloud", "app", "info", "shop", "--json")[1])["latestVersion"] == "1.0.0"
    assert "already" in call("cloud", "rollback", "1.0.0", "shop")[1]


def test_rollback_reads_the_id_from_the_manifest(call: Run, published: Path) -> None:
    (published / "manifest.json").write_text('{"id": "shop"}')

    assert call("cloud", "rollback", "1.0.0")[0] == 0


def test_dry_runs_change_nothing(call: Run, published: Path) -> None:
    store = published / "store"
    before = {path: path.read_bytes() for path in store.rglob("*.json")}

    for argv in (["app", "disable", "shop"], ["app", "delete", "shop"], ["destroy"]):
        code, out, _ = call("cloud", *argv)
        assert code == 0
        assert "Would" in out or "nothing" in out

    assert {path: path.read_bytes() for path in store.rglob("*.json")} == before


def test_delete_lists_ascending_what_it_would_take(call: Run, published: Path) -> None:
    lines = [line for line in call("cloud", "app", "delete", "shop")[1].splitlines() if line.startswith("Would")]

    assert lines == sorted(lines)
    assert "Would delete artifacts/shop/1.0.0/manifest.json" in lines
    assert "Would delete metadata/access_keys/shop.json" in lines


def test_disable_and_enable(call: Run, published: Path) -> None:
    assert call("cloud", "app", "disable", "shop", "--yes")[0] == 0
    document = json.loads(call("cloud", "app", "list", "--json")[1])
    assert (document["apps"], document["disabledIds"]) == ([], ["shop"])
    code, _, err = call("cloud", "app", "info", "shop")
    assert (code, "is disabled in dev" in err) == (1, True)

    assert "shop 1.1.0 is served in dev" in call("cloud", "app", "enable", "shop")[1]


def test_lists_are_paged_and_searched(call: Run, published: Path) -> None:
    shown = json.loads(call("cloud", "app", "list", "--limit", "1", "--search", "SHOP", "--json")[1])
    assert ([app["miniProgramId"] for app in shown["apps"]], shown["nextAfter"]) == (["shop"], None)
    assert json.loads(call("cloud", "app", "list", "--after", "shop", "--json")[1])["apps"] == []
    assert json.loads(call("cloud", "app", "list", "--state", "disabled", "--json")[1])["apps"] == []
    assert call("cloud", "app", "list", "--limit", "0")[0] == 64


def test_a_broken_document_is_a_row_and_an_exit_code(call: Run, published: Path) -> None:
    (published / "store/metadata/catalog/news.json").write_text('{"a')
    (published / "store/metadata/releases/news.json").write_text('{"a')

    code, out, _ = call("cloud", "app", "list")

    assert code == 1
    assert "shop 1.1.0" in out
    assert "unreadable: metadata/catalog/news.json" in out
    for command in (["release", "list"], ["release", "reviews"]):
        code, out, _ = call(*command)
        assert (code, "news is unreadable" in out) == (1, True)


def test_reindex_says_how_many_there_are(call: Run, published: Path) -> None:
    (published / "store/metadata/index/programs.json").write_text("broken")

    assert "has 1 mini-programs" in call("cloud", "app", "reindex")[1]
    assert "shop 1.1.0" in call("cloud", "app", "list")[1]


def test_delete_takes_it_all(call: Run, published: Path) -> None:
    assert call("cloud", "app", "delete", "shop", "--yes")[0] == 0

    assert [path for path in (published / "store").rglob("*") if "shop" in path.name] == []


def test_delete_says_who_did_it(call: Run, published: Path) -> None:
    assert call("cloud", "app", "delete", "shop", "--yes", "--actor", "ann")[0] == 0

    trail = json.loads(call("audit", "show", "--json")[1])["events"]
    assert [(event["command"], event["actor"], event["subject"]) for event in trail] == [
        ("app delete", "ann", "shop")
    ]


def test_doctor_reports_the_store(call: Run, published: Path) -> None:
    code, out, _ = call("cloud", "doctor")

    assert code == 0
    assert f"[ok] Store folder: {published}/store" in out
    assert "[warning] Delivery server" in out


@pytest.mark.parametrize(
    "argv",
    [["cloud", "destroy", "dev", "--yes"], ["cloud", "deploy", "dev"], ["cloud", "status", "dev"]],
    ids=" ".join,
)
def test_a_surplus_name_of_an_environment_is_refused_with_the_option_meant(
    call: Run, configured: Path, argv: list[str]
) -> None:
    code, out, err = call(*argv)

    assert (code, out) == (64, "")
    assert "surplus arguments: dev; did you mean --env dev?" in err


def test_a_surplus_folder_is_refused_with_the_option_meant(call: Run, configured: Path) -> None:
    (configured / "store").mkdir(exist_ok=True)

    assert "surplus arguments: store; did you mean --root store?" in call("cloud", "status", "store")[2]
