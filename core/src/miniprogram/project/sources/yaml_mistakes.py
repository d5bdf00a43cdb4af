"""What people get wrong in YAML: where it stands, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import yaml

_COLOR = re.compile(r":[ \t]+#(?:[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})[ \t]*\r?$", re.MULTILINE)


def mark_of(error: yaml.MarkedYAMLError) -> yaml.Mark | None:
    """Where to look: for quotes and brackets that are never closed, where they are opened."""
    is_end = any(words in (error.problem or "") for words in ("end of stream", "stream end", "',' or"))
    if is_end and error.context_mark is not None:
        return error.context_mark
    return error.problem_mark or error.context_mark


_ADVICE = {
    "mapping values are not allowed": 'put a text that holds ": " in quotes, or indent the line like those around',
    "',' or": "is a closing bracket missing?",
    "unexpected end of stream": "is the closing quote missing?",
    "expected key": "indent the lines that belong together alike",
    "expected <block end>": "indent the lines that belong together alike",
    "expected '-' indicator": "indent the lines that belong together alike",
    "undefined alias": "put a text that begins with * in quotes",
    "another document": "a file holds one screen: remove the line ---",
    "constructor for the tag": "put a text that begins with ! in quotes",
}
"""What to do by what PyYAML and libyaml say."""


def advice(text: str, error: yaml.MarkedYAMLError) -> str | None:
    """What to do about `error`, when it comes from something that people often do."""
    mark, problem = error.problem_mark or error.context_mark, error.problem or ""
    line = "" if mark is None else (text.split("\n")[mark.line : mark.line + 1] or [""])[0]
    at = "" if mark is None else line[mark.column : mark.column + 1]
    if "cannot start any token" in problem:
        return (
            "indent with spaces: YAML takes no tabs"
            if at == "\t"
            else f"put a text that begins with {at} in quotes"
        )
    if "unhashable key" in problem or "{{" in line:
        return 'put a text that begins with {{ in quotes: "{{name}}"'
    return next((told for words, told in _ADVICE.items() if words in problem), None)


def comments_for_colors(text: str, compose: Callable[[str], yaml.Node | None]) -> Iterator[yaml.Mark]:
    """Where a color was meant and YAML sees a comment: `color: #FF0000` has no value."""
    if not _COLOR.search(text):
        return
    lines = text.split("\n")
    waiting, seen = [compose(text)], set[int]()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:  # what an alias stands for is held by several
            continue
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            waiting.extend(reversed(node.value))
        elif isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                is_empty = isinstance(value, yaml.ScalarNode) and value.value == ""
                if is_empty and _COLOR.match(lines[key.end_mark.line], key.end_mark.column):
                    yield key.start_mark
                waiting.append(value)
