"""Names in code against the words that the vocabulary gave up."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path
    for pattern in ("core/src", "plugins/*/src", "benchmarks", "tools", "examples")
    for folder in ROOT.glob(pattern)
    for path in folder.rglob("*.py")
)
GIVEN_UP = frozenset(
    {"desk", "dialect", "kept", "moment", "moments", "place", "places", "situation", "toolbox", "visit", "visits"}
)
"""Parts of identifiers that had several meanings, or none outside this project: see the vocabulary."""


def identifiers(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every name that `tree` gives to something or uses; tests are named by sentences, so theirs do not count."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.ClassDef(name=name):
                yield name, node.lineno
            case ast.arg(arg=name) | ast.keyword(arg=str(name)):
                yield name, node.lineno
            case ast.alias(name=name, asname=other):
                yield other or name.rpartition(".")[2], node.lineno
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) if not name.startswith("test_"):
                yield name, node.lineno
            case _:
                pass


def given_up(source: str) -> list[str]:
    found = []
    for name, line in identifiers(ast.parse(source)):
        words = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).split("_")
        found += [f"{line}: {name}" for word in words if word in GIVEN_UP]
    return found


@pytest.mark.parametrize(
    "source",
    [
        "place = 1",
        "def put(a_place): ...",
        "class ReleasePlace: ...",
        "import a.place",
        "f(place=1)",
        "x._desk",
        "from a import b as toolbox",
        "kept = 1",
        "def parse_moment(): ...",
        "class Visit: ...",
    ],
)
def test_a_word_that_was_given_up_is_found_wherever_a_name_stands(source: str) -> None:
    assert given_up(source)


def test_no_name_in_code_has_a_word_that_was_given_up() -> None:
    found = {
        str(path.relative_to(ROOT)): names for path in SOURCES if (names := given_up(path.read_text("utf-8")))
    }
    files = sorted(path.relative_to(ROOT).as_posix() for path in SOURCES if {path.stem} & GIVEN_UP)
    assert (found, files, len(SOURCES) > 400) == ({}, [], True)
