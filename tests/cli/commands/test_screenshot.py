"""`screenshot` and `package diff --html`, as typed, with a painter that needs no browser."""

from __future__ import annotations

import json
import runpy
from collections.abc import Callable
from pathlib import Path

import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run
from miniprogram.plugins.registry import Registry
from miniprogram.plugins.specs import ScreenPainterSpec
from miniprogram.testing import write_program

EXAMPLE = Path(__file__).parents[3] / "examples" / "seams" / "screen_painter.py"
Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def program(tmp_path: Path) -> Path:
    return write_program(tmp_path / "shop")


@pytest.fixture
def painters(monkeypatch: pytest.MonkeyPatch) -> list[ScreenPainterSpec]:
    found: list[ScreenPainterSpec] = [runpy.run_path(str(EXAMPLE))["SPEC"]]
    monkeypatch.setattr(Registry, "screen_painters", lambda _: found)
    return found


@pytest.fixture
def call(program: Path, capsys: pytest.CaptureFixture[str], painters: list[ScreenPainterSpec]) -> Call:
    del painters

    def typed(*argv: str) -> tuple[int, str, str]:
        code = run(argv, AppContext(cwd=program, environ={"HOME": str(program.parent), "PATH": ""}))
        out, err = capsys.readouterr()
        return code, out, err

    return typed


def test_pictures_are_saved_and_told(call: Call, program: Path) -> None:
    code, out, _ = call("screenshot", "--all", "--theme", "light", "--theme", "dark", "--width", "200", "--json")

    report = json.loads(out)
    names = {Path(each["path"]).name for each in report["pictures"]}
    assert (code, report["command"], report["miniProgramId"]) == (0, "screenshot", "shop")
    assert names == {path.name for path in (program / "screenshots").iterdir()}
    assert {each["theme"] for each in report["pictures"]} == {"light", "dark"}
    assert {each["width"] for each in report["pictures"]} == {200}


def test_one_picture_may_be_a_file(call: Call, program: Path) -> None:
    code, out, _ = call("screenshot", "--output", "entry.png")

    assert (code, out.startswith("Saved entry.png")) == (0, True)
    assert (program / "entry.png").read_bytes().startswith(b"\x89PNG")
    assert not (program / "screenshots").exists()


SCENARIOS = """
[scenarios.details]
screen = "shop_details"
theme = "dark"
device = "pixel"
arguments = { name = "Ann" }
mocks = [{ match = "GET items", body = [1] }]
"""


def test_a_scenario_says_which_screen_and_how_it_looks(call: Call, program: Path) -> None:
    (program / "stac" / "screens" / "shop_details.json").write_text('{"type": "text", "data": "{{name}}"}')
    (program / "preview.toml").write_text(SCENARIOS)

    code, out, err = call("screenshot", "--scenario", "details", "--json")
    own = call("screenshot", "--scenario", "details", "--screen", "shop_home", "--theme", "light", "--json")

    taken = [(each["screenId"], each["theme"]) for text in (out, own[1]) for each in json.loads(text)["pictures"]]
    assert (code, taken) == (0, [("shop_details", "dark"), ("shop_home", "light")])
    assert "device counts for nothing here" in err


def test_a_scenario_that_there_is_not_is_a_usage_error(call: Call, program: Path) -> None:
    without = call("screenshot", "--scenario", "details")
    (program / "preview.toml").write_text("[scenarios.full]\n")
    misspelt = call("screenshot", "--scenario", "ful")

    assert (without[0], misspelt[0]) == (64, 64)
    assert "preview.toml has no scenario 'details'" in without[2]
    assert "did you mean" in misspelt[2]
    assert "full" in misspelt[2]


@pytest.mark.parametrize(
    ("argv", "problem"),
    [
        (["--all", "--screen", "shop_home"], "give --screen or --all, not both"),
        (["--screen", "shop_hom"], "has no screen 'shop_hom'"),
        (["--theme", "blue"], "'blue' is no theme; there are: light, dark, contrast"),
        (["--width", "1"], "120 to 4096"),
        (["--scale", "9"], "--scale"),
        (
            ["--theme", "light", "--theme", "dark", "-o", "a.png"],
            "a.png is one file, and 2 pictures were asked for",
        ),
    ],
)
def test_what_cannot_be_done_is_one_sentence(call: Call, program: Path, argv: list[str], problem: str) -> None:
    code, out, err = call("screenshot", *argv)

    assert (code, out) == (64, "")
    assert problem in err
    assert not (program / "screenshots").exists()


def test_without_anything_that_draws_nothing_is_written(
    call: Call, painters: list[ScreenPainterSpec], program: Path
) -> None:
    painters.clear()

    code, _, err = call("screenshot")

    assert code == 1
    assert "no plugin that draws screens is installed" in err
    assert not (program / "screenshots").exists()


def test_two_packages_are_compared_by_how_they_look(call: Call, program: Path) -> None:
    assert call("package", "build", "-o", "old.tar")[0] == 0
    (program / "stac" / "screens" / "more.json").write_text('{"type": "scaffold", "backgroundColor": "#336699"}')
    assert call("package", "build", "-o", "new.tar")[0] == 0

    code, out, _ = call("package", "diff", "old.tar", "new.tar", "--html", "looks.html")
    assert code == 0
    assert "Pictures: looks.html" in out
    assert "1 added" in out
    assert "not in 1.0.0" in (program / "looks.html").read_text()

    report = json.loads(call("package", "diff", "old.tar", "new.tar", "--html", "looks.html", "--json")[1])
    assert [each["screenId"] for each in report["pictures"] if each["change"] == "added"] == ["more"]
    assert json.loads(call("package", "diff", "old.tar", "new.tar", "--json")[1])["pictures"] is None
