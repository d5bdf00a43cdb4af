"""An interpreter that waits for the next build: quicker, and never staler."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from miniprogram.project.sources.interpreters import SpareInterpreter
from miniprogram.project.sources.python_screens import PythonScreens
from miniprogram.seams.screen_source import SourceContext

SCREEN = """
from miniprogram.stac import ui
from miniprogram.stac.node import Widget
from miniprogram.stac.screens import screen
from components.words import WORD


@screen
def home() -> Widget:
    return ui.text(WORD)
"""


@pytest.fixture
def spare() -> Iterator[SpareInterpreter]:
    with closing(SpareInterpreter()) as spare:
        yield spare


@pytest.fixture
def python_root(tmp_path: Path) -> Path:
    for name, text in (("screens/home.py", SCREEN), ("components/words.py", "WORD = 'one'\n")):
        (tmp_path / "stac" / name).parent.mkdir(parents=True)
        (tmp_path / "stac" / name).write_text(text)
    return tmp_path


def word(root: Path, spare: SpareInterpreter) -> str:
    source = PythonScreens(SourceContext(environ={"PATH": os.environ["PATH"]}, spare_interpreter=spare))
    draft = next(source.load(root, [root / "stac" / "screens" / "home.py"]))
    return str(draft.node["data"])


def _command_line(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:  # gone, or waiting for somebody to ask how it ended
        return ["gone"]


def waiting() -> list[psutil.Process]:
    """The interpreters that wait. For a moment after its start, a process has no command line yet."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        lines = {each: _command_line(each) for each in psutil.Process().children()}
        if all(lines.values()):
            break
        time.sleep(0.005)
    return [each for each, line in lines.items() if "--warm" in line]


def test_every_build_sees_the_components_as_they_are(python_root: Path, spare: SpareInterpreter) -> None:
    seen = []
    for text in ("one", "two", "three"):
        (python_root / "stac" / "components" / "words.py").write_text(f"WORD = {text!r}\n")
        seen.append(word(python_root, spare))

    assert seen == ["one", "two", "three"]
    assert len(waiting()) == 1


def test_one_that_died_is_replaced(python_root: Path, spare: SpareInterpreter) -> None:
    word(python_root, spare)
    victim = waiting()[0]
    victim.send_signal(signal.SIGKILL)
    psutil.wait_procs([victim], timeout=10)

    assert word(python_root, spare) == "one"


def test_closing_ends_it_for_good(python_root: Path, spare: SpareInterpreter) -> None:
    word(python_root, spare)
    spare.close()
    assert waiting() == []

    assert word(python_root, spare) == "one"
    assert waiting() == []


def test_one_whose_keeper_has_gone_leaves_quietly(python_root: Path, spare: SpareInterpreter) -> None:
    spare.refill(python_root, {"PATH": os.environ["PATH"]})
    child = spare.take()
    assert child is not None

    out, err = child.communicate(timeout=30)

    assert (child.returncode, out, err) == (0, b"", b"")
