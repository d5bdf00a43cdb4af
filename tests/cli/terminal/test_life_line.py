"""What takes long shows on a terminal that it lives and how far it is, and nowhere else."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from cli.terminal.shown import show
from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.life_line import FIRST_AFTER_S, TO_ITS_START, LifeLine
from miniprogram.cli.framework.main import run
from miniprogram.progress import advance, counted, listening
from miniprogram.testing import write_program


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_line_is_written_over_itself_and_taken_away() -> None:
    clock, stream = Clock(), io.StringIO()
    line = LifeLine(stream, 40, clock=clock)

    line.told("storing files", 1, 2_000)
    assert stream.getvalue() == ""
    clock.now += FIRST_AFTER_S
    line.told("storing files", 1_234, 2_000)
    line.told("storing files", 1_235, 2_000)
    clock.now += 1
    line.told("waiting until it is served, which may take a while", 0, None)
    line.clear()
    line.clear()
    line.end()
    line.draw()

    assert stream.getvalue().split(TO_ITS_START) == [
        "",
        "storing files: 1,234 of 2,000 (1 s)",
        "waiting until it is served, which may t",
        "",
    ]


def test_a_terminal_that_has_gone_stops_no_work() -> None:
    clock, stream = Clock(), io.StringIO()
    line = LifeLine(stream, 80, clock=clock)
    clock.now += FIRST_AFTER_S
    stream.close()

    line.told("storing files", 1, 2)
    line.end()


def test_items_are_counted_for_whoever_listens() -> None:
    told: list[object] = []

    def listener(*facts: object) -> None:
        told.append(facts)

    assert list(counted("ab", "reading", 2)) == ["a", "b"]
    with listening(listener):
        assert list(counted("ab", "reading", 2)) == ["a", "b"]
        assert list(counted("", "reading", 0)) == []
    advance("reading", 3)

    assert told == [("reading", 0, 2), ("reading", 1, 2), ("reading", 2, 2), ("reading", 0, 0)]


def test_builds_publishes_and_trails_say_how_far_they_are(tmp_path: Path) -> None:
    told: list[tuple[str, int, int | None]] = []

    def call(line: str) -> int:
        return run(line.split(), AppContext(cwd=tmp_path / "shop", environ={"HOME": str(tmp_path)}))

    write_program(tmp_path / "shop")
    for line in (
        "env init",
        "env configure team --provider filesystem --store ../store",
        "app add wallet --env team",
    ):
        assert call(line) == 0
    with listening(lambda *facts: told.append(facts)):
        assert call("publish --target cloud --env team") == 0
        assert call("audit verify --env team") == 0

    last = {what: (done, total) for what, done, total in told}
    screens = len(list((tmp_path / "shop" / "stac" / ".build" / "screens").iterdir()))
    assert last["checking screens"] == (screens, screens)
    assert last["storing files"][0] == last["storing files"][1] >= screens > 0
    assert last["reading events"] == (1, 1)


@pytest.fixture
def slow(tmp_path: Path) -> Path:
    """A mini-program whose screen takes three seconds."""
    folder = tmp_path / "shop"
    assert run(["create", "shop"], AppContext(cwd=tmp_path, environ={})) == 0
    screen = folder / "stac" / "screens" / "shop_home.py"
    screen.write_text("import time\n\ntime.sleep(3)\n" + screen.read_text())
    return folder


@pytest.mark.process
@pytest.mark.slow
@pytest.mark.parametrize("columns", [40, 80, 200])
def test_a_long_build_shows_that_it_lives(slow: Path, columns: int) -> None:
    code, text = show(["build"], slow, columns)

    *drawn, result = text.split(TO_ITS_START)
    assert code == 0
    shown = [line.partition(" (")[0] for line in drawn if line]
    assert {"reading screens", "reading screens: 1"}.intersection(shown)
    assert {line.partition(":")[0] for line in shown} <= {"reading screens", "checking screens"}
    assert result.startswith("Built shop 1.0.0: 2 screens\n")
    assert max(map(len, drawn)) < columns


@pytest.mark.process
@pytest.mark.slow
@pytest.mark.parametrize("environ", [{"CI": "true"}, {"TERM": "dumb"}], ids=str)
def test_what_is_no_terminal_for_it_is_left_alone(slow: Path, environ: dict[str, str]) -> None:
    assert TO_ITS_START not in show(["build"], slow, **environ)[1]


@pytest.mark.process
@pytest.mark.slow
@pytest.mark.parametrize("words", [["--quiet", "build"], ["build", "-q"]], ids=" ".join)
def test_quiet_is_quiet(slow: Path, words: list[str]) -> None:
    assert show(words, slow) == (0, "")


@pytest.mark.process
@pytest.mark.slow
def test_ctrl_c_leaves_the_line_and_says_so(slow: Path) -> None:
    code, text = show(["build"], slow, until="reading screens")

    assert code == 130
    assert text.endswith("\ninterrupted\n")
    assert json.loads((slow / "manifest.json").read_text())["id"] == "shop"
