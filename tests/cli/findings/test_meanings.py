"""What an author probably meant is said, with the lines of theirs that led there."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.findings.sources import PYTHON, Told

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            "ui.sizedBox(width=1)",
            "miniprogram.stac.ui has no 'sizedBox'; did you mean \"sized_box\"?",
        ),
        ('ui.text("b", textAlign="center")', 'did you mean "text_align"?'),
        ('ui.text("b", text_aling="center")', 'did you mean "text_align"?'),
        ("part(titel=1)", 'did you mean "title"?'),
        ("ui.text(screem)", 'did you mean "screen"?'),
        ("ui.text()", "TypeError: text() missing 1 required positional argument: 'data'"),
    ],
)
def test_what_was_meant_is_said(root: Path, told: Told, call: str, said: str) -> None:
    (root / "stac/components/part.py").write_text("def part(title=1): ...\n", "utf-8")
    (root / "stac/screens/case.py").write_text(PYTHON.format(here=call), "utf-8")

    _, lines = told("build")

    assert [line for line in lines if "stac/screens/case.py:11:" in line and said in line], lines


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("from miniprogram.stac.ui import sizedBox", 'did you mean "sized_box"?'),
        ("from components.part import prat", 'did you mean "part"?'),
        ("from componets.part import part", 'did you mean "components"?'),
        ("from components.prat import part", 'did you mean "part"?'),
        ("@screen(3)\ndef x(): ...", '@screen takes a name, such as @screen("shop_home"), and not 3'),
    ],
)
def test_what_was_meant_is_said_of_imports_too(root: Path, told: Told, line: str, said: str) -> None:
    (root / "stac/components/part.py").write_text("def part(title=1): ...\n", "utf-8")
    (root / "stac/screens/case.py").write_text(f"from miniprogram.stac.screens import screen\n{line}\n", "utf-8")

    _, lines = told("build")

    assert [each for each in lines if "stac/screens/case.py:2:" in each and said in each], lines


def test_verbose_shows_the_authors_lines_that_led_there(root: Path, told: Told) -> None:
    (root / "stac/components/part.py").write_text("def part():\n    return nothing\n", "utf-8")
    (root / "stac/screens/case.py").write_text(PYTHON.format(here="part()"), "utf-8")

    _, quiet = told("build")
    _, lines = told("--verbose", "build")

    calls = "['stac/screens/case.py:11 in case', 'stac/components/part.py:2 in part']"
    assert [line for line in lines if "author_calls" in line and calls in line], lines
    assert not [line for line in quiet if "in case" in line]
