"""Commands that refusals, hints and lines of output name: each is there, with the options it is named with."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from docs.pages import PAGES

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path
    for pattern in ("core/src", "plugins/*/src")
    for folder in ROOT.glob(pattern)
    for path in folder.rglob("*.py")
)
_heading = re.compile(r"^miniprogram ([a-z -]*[a-z])", re.MULTILINE).finditer
_quoted = re.compile(r"`([^`\n]+)`").findall
_named = re.compile(r"(?<![\w-])--[a-z][a-z-]*").findall
GAP = "…"
"""Stands for what a text takes from elsewhere."""


def commands() -> dict[tuple[str, ...], frozenset[str]]:
    """Options of each command by its words, from the generated reference."""
    text = (ROOT / "docs/reference/cli.md").read_text("utf-8")
    found = list(_heading(text))
    ends = [each.start() for each in found[1:]] + [len(text)]
    return {
        tuple(each[1].split()): frozenset(_named(text[each.end() : end]))
        for each, end in zip(found, ends, strict=True)
    }


def texts(tree: ast.AST) -> Iterator[str]:
    """Every text in a module but its documentation; what is put into one is a GAP."""
    documentation = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(each.value) if isinstance(each, ast.Constant) else GAP for each in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.value


def suggestions(source: str) -> list[tuple[str, ...]]:
    """Words of commands named between backticks."""
    found = {quoted for text in texts(ast.parse(source)) for quoted in _quoted(text)}
    groups = {words[0] for words in COMMANDS}
    split = (tuple(each.removeprefix("miniprogram ").split()) for each in sorted(found))
    return [words for words in split if words and words[0] in groups]


COMMANDS = commands()


def problem(words: tuple[str, ...]) -> str | None:
    """Why nobody can run these words; None when somebody can."""
    named = tuple(word for word in words if re.fullmatch(r"[a-z-]+", word) and not word.startswith("-"))
    path = next((named[:count] for count in range(len(named), 0, -1) if named[:count] in COMMANDS), None)
    if path is None:
        is_group = any(each[: len(named)] == named for each in COMMANDS)
        return None if is_group or GAP in words else "there is no such command"
    surplus = set(_named(" ".join(words))) - COMMANDS[path] - {"--verbose"}
    return f"`{' '.join(path)}` has no {', '.join(sorted(surplus))}" if surplus else None


def test_every_command_that_is_suggested_can_be_run() -> None:
    found = {
        f"{path.relative_to(ROOT)}: {' '.join(words)}": said
        for path in SOURCES
        for words in suggestions(path.read_text("utf-8"))
        if (said := problem(words)) is not None
    }
    assert found == {}


INDEX = re.compile(r"(?i)\b(?:pip |pipx |uv tool )?install ['\"]?miniprogram(?:\[|-[a-z])")
"""How somebody is told to have a distribution of ours from an index, where anybody may have taken its name."""


def test_nobody_is_told_to_install_from_an_index_what_is_on_none() -> None:
    told = [
        f"{path.relative_to(ROOT)}: {text}"
        for path in SOURCES
        for text in texts(ast.parse(path.read_text("utf-8")))
        if INDEX.search(text)
    ]
    for path in PAGES:
        told += [f"{path.relative_to(ROOT)}: {found[0]}" for found in INDEX.finditer(path.read_text("utf-8"))]

    assert told == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('hint = f"Run `release lift {x}`."', None),
        ('hint = "Run `release unlift x`."', "no such command"),
        ('hint = f"Add it: `app add {name} --colour red`."', "no --colour"),
        ('hint = "See `miniprogram env use`."', None),
        ('"""Not a text: `release unlift`."""', ""),
    ],
    ids=["there", "no command", "no option", "with its name", "documentation"],
)
def test_a_suggestion_that_leads_nowhere_is_found(source: str, said: str | None) -> None:
    found = suggestions(source)
    assert bool(found) is (said != "")
    if found:
        problems = [problem(words) for words in found]
        assert problems == [None] if said is None else said in str(problems[0])


def test_there_are_many_to_check() -> None:
    count = sum(len(suggestions(path.read_text("utf-8"))) for path in SOURCES)
    assert (count > 60, len(COMMANDS) > 100) == (True, True)
