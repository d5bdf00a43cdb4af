"""Plugins that are broken, hostile or clumsy: commands that do not need them work as ever."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from testbed.hostile_plugins import (
    API,
    BROKEN,
    CLUMSY,
    hook,
    install,
    others_work,
    run,
    target,
)

pytestmark = pytest.mark.process

EVERY_COMMAND = Path(__file__).with_name("every_command.py")


@pytest.mark.parametrize("code", BROKEN.values(), ids=BROKEN)
def test_a_broken_plugin_is_named_and_harms_nobody(work: Path, code: str) -> None:
    install(work, code)

    others_work(work)
    status, out, _ = run(work, "plugins", "check", "--json")
    report = json.loads(out)
    assert (status, report["hasErrors"]) == (1, True)
    assert [
        (each["plugin"], each["distribution"]) for each in report["problems"] if each["severity"] == "error"
    ] == [("guest", "dist-guest")]


@pytest.mark.parametrize("code", CLUMSY.values(), ids=CLUMSY)
def test_a_clumsy_plugin_harms_nobody(work: Path, code: str) -> None:
    install(work, code)

    others_work(work)
    status, out, _ = run(work, "plugins", "check", "--json")
    assert (status, json.loads(out)["hasErrors"]) == (0, False)


def test_options_of_strangers_keep_working_under_a_longer_name(work: Path) -> None:
    install(work, target("output: str = 'x'", create="lambda settings, _: print(settings.output)"))

    _, out, err = run(work, "publish", "--help")
    assert "--webdav-output" in out, err
    code, _, err = run(work, "publish", "--target", "webdav", "--output", "y")
    assert code == 64
    assert re.search("it belongs to .*static", err), err


@pytest.mark.parametrize(
    "argv",
    [
        ["publish", "shop", "--target", "webdav"],
        ["publish", "--mini-program-root", "shop", "--target", "webdav"],
        ["publish", "--mini-program-root=shop", "--target", "webdav"],
        ["publish", "--target", "webdav", "shop"],
    ],
    ids=" ".join,
)
def test_pins_beside_the_mini_program_hold_wherever_the_command_runs(work: Path, argv: list[str]) -> None:
    install(work, target("x: str = ''") + f"open({str(work / 'ran')!r}, 'w')\n")
    (work / "shop" / "miniprogram.toml").write_text('[plugins]\nstatic = "*"\n')

    code, _, err = run(work, *argv, cwd=work)

    assert code != 0
    assert not (work / "ran").exists(), err


@pytest.mark.parametrize("claimed", ["static", "guest"])
def test_a_name_of_somebody_else_never_runs_under_a_pin(work: Path, claimed: str) -> None:
    install(work, f"open({str(work / 'ran')!r}, 'w')\n", name=claimed, distribution="hijack")

    run(work, "plugins", "list", MINIPROGRAM_PLUGINS=claimed)

    assert not (work / "ran").exists()


def test_what_hooks_import_and_how_long_they_take_is_told(work: Path) -> None:
    (work / "site").mkdir()
    (work / "site" / "heavy_sdk.py").write_text("")
    slow = "import time, heavy_sdk\n    time.sleep(0.1)\n    return []"
    install(work, hook("capabilities", "[]").replace("return []", slow))

    code, out, _ = run(work, "plugins", "check")

    assert code == 0
    assert "its hooks import heavy_sdk" in out
    assert re.search(r"guest \(dist-guest\): its hooks took 1\d\d ms", out)


@pytest.mark.timeout(300)
def test_every_command_answers_as_it_does_alone(work: Path) -> None:
    """All of them at once, every command with `--help` and without arguments where there is nothing to work on."""
    alone = _answers(work)
    for number, code in enumerate((*BROKEN.values(), *CLUMSY.values())):
        install(work, code, name=f"guest{number}", distribution=f"dist-guest{number}")

    among_them = _answers(work)

    assert {name: told for name, told in alone.items() if among_them[name] != told} == {}
    assert len(alone) > 150


def _answers(work: Path) -> dict[str, list[object]]:
    code, out, err = run(work, str(work), program=str(EVERY_COMMAND), timeout_s=140)
    assert code == 0, err
    answers: dict[str, list[object]] = json.loads(out)
    return answers


def test_of_two_of_one_name_each_is_told_by_its_distribution(work: Path) -> None:
    for name in ("aaa", "bbb"):
        install(work, API, name="acme", distribution=name)

    _, out, _ = run(work, "plugins", "check", "--json")

    errors = [row for row in json.loads(out)["problems"] if row["severity"] == "error"]
    problems = {row["distribution"]: row["message"] for row in errors}
    assert problems == {
        "aaa": "acme (aaa): bbb gives its plugin the name acme too, so neither is loaded",
        "bbb": "acme (bbb): aaa gives its plugin the name acme too, so neither is loaded",
    }


def test_a_row_of_capabilities_stays_whose_it_was(work: Path) -> None:
    _, before, _ = run(work, "capabilities", "--json")
    ids = json.loads(before)["capabilityIds"]
    rows = ", ".join(f"Capability({each!r}, 'mine', 'mine')" for each in ids)
    install(work, hook("capabilities", f"[{rows}]"), name="aaa", distribution="aaa")

    _, after, _ = run(work, "capabilities", "--json")
    status, _, err = run(work, "plugins", "check")

    assert after == before
    assert (status, "is declared 2 times, by aaa (aaa) and" in err) == (1, True), err
