"""Help and errors fit the terminal: they are what somebody looked at, at three widths."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.terminal.shown import COLOURS, LINES, PAGES, WIDTHS, page, show
from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run
from miniprogram.cli.framework.pages.fitting import fitted
from miniprogram.plugins.registry import Registry
from miniprogram.plugins.specs import CommandSpec

COMMANDS = sorted(
    Registry.discover(cwd=Path(Path.cwd().anchor), environ={}).commands(), key=lambda spec: spec.path
)


@pytest.mark.process
@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize("name", LINES)
def test_a_page_is_as_it_was_looked_at(name: str, columns: int, tmp_path: Path) -> None:
    kept = (PAGES / f"{name}-{columns}.txt").read_text("utf-8")

    assert page(name, columns, tmp_path) == kept, "run `python tests/cli/terminal/shown.py` and look at the page"


@pytest.mark.slow
@pytest.mark.parametrize("spec", COMMANDS, ids=lambda spec: " ".join(spec.path))
def test_help_fits_and_divides_no_word(
    spec: CommandSpec, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def helped(columns: int) -> str:
        environ = {"COLUMNS": str(columns)}
        assert run([*spec.path, "--help"], AppContext(cwd=tmp_path, environ=environ)) == 0
        return capsys.readouterr().out

    narrow, wide = helped(40), helped(200)

    too_long = [line for line in narrow.splitlines() if len(line) > 40 and " " in line.strip(" \\")]
    assert too_long == []
    divided = set(narrow.replace("\\\n", "").split()) - set(wide.split())
    assert [part for part in divided if not is_part(part, wide)] == []
    assert max(map(len, wide.splitlines())) <= 100


def is_part(part: str, text: str) -> bool:
    """Whether a word was divided at a sign, not in its middle."""
    after = text.partition(part)[2][:1]
    return part[-1] in "|/,=-_" or after.isspace() or not after


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("one two three", 20, ["  one two three"]),
        ("one two three", 14, ["  one two", "    three"]),
        (
            "a local|cloud|static|firebase-hosting",
            22,
            ["  a local|cloud|", "    static|", "    firebase-hosting"],
        ),
        ("unbreakablewordlongerthanaline x", 20, ["  unbreakablewordlongerthanaline", "    x"]),
        ("", 20, ["  "]),
    ],
    ids=["fits", "words", "signs", "no signs", "empty"],
)
def test_text_is_divided_where_a_reader_would(text: str, width: int, lines: list[str]) -> None:
    assert fitted(text, width, first="  ", rest="    ") == lines


COLOURED = {"NO_COLOR": "", "FORCE_COLOR": "", "CI": "", "TERM": "xterm"}


@pytest.mark.process
@pytest.mark.parametrize(
    ("environ", "coloured"),
    [
        ({}, True),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ({"TERM": "dumb"}, False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, True),
        ({"CI": "true"}, False),
        ({"CI": "true", "FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "0"}, True),
    ],
    ids=str,
)
@pytest.mark.parametrize("line", ["publsh", "publish --help"])
def test_colour_is_for_terminals_that_want_it(
    line: str, environ: dict[str, str], coloured: bool, tmp_path: Path
) -> None:
    _, text = show(line.split(), tmp_path, **{**COLOURED, **environ})

    assert bool(COLOURS.search(text)) is coloured


@pytest.mark.parametrize("environ", [{}, {"FORCE_COLOR": "0"}, {"TERM": "xterm"}], ids=str)
def test_a_pipe_gets_no_codes(environ: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for line in ("publsh", "publish --help", "doctor", "env"):
        run(line.split(), AppContext(cwd=tmp_path, environ={**environ, "HOME": str(tmp_path)}))
        assert "\x1b" not in "".join(capsys.readouterr())


def test_a_pipe_gets_codes_where_they_are_forced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["doctor"], AppContext(cwd=tmp_path, environ={"FORCE_COLOR": "1", "HOME": str(tmp_path)}))
    out = capsys.readouterr().out

    assert out.startswith("\x1b[32m[ok]\x1b[0m Python runtime")
    assert "\x1b[33m[warning]\x1b[0m" in out
