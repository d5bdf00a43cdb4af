"""Ranges of numbers in help are words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from miniprogram.cli.framework.pages.records import in_words

REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "cli.md"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Port. [1<=x<=65535]", "Port. [1 to 65535]"),
        ("[default: 1.0; 0.5<=x<=4]", "[default: 1.0; 0.5 to 4]"),
        ("[x>=2]", "[at least 2]"),
        ("[x>0]", "[more than 0]"),
        ("[x<=366; required]", "[at most 366; required]"),
        ("[0<x<=100]", "[more than 0, at most 100]"),
        ("[0<=x<1]", "[at least 0, less than 1]"),
        ("Where x<=3 holds.", "Where x<=3 holds."),
    ],
)
def test_a_range_is_read_by_people(text: str, words: str) -> None:
    assert in_words(text) == words


def test_no_range_is_left_in_signs() -> None:
    assert re.findall(r"\[[^\]]*(?:\bx[<>]|[<>]=?x\b)[^\]]*\]", REFERENCE.read_text("utf-8")) == []
