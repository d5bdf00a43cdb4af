"""What people get wrong in JSON: where it stands, and what to do about it."""

from __future__ import annotations

import json
import math
import re
from typing import NamedTuple

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|-?(?:NaN|Infinity|[0-9][0-9.eE+-]*)|[{}\[\]]', re.DOTALL)
_COMMA = re.compile(r",\s*\Z")
_COLON = re.compile(r"\s*:")
_WORDS = {"True": "true", "False": "false", "None": "null", "undefined": "null"}

_LOOKED_BACK = 200
"""Characters before a mistake that are looked at."""


class _Rule(NamedTuple):
    """`told` is said when the text behind the offset begins with `rest`, the one before ends with `before`, and
    Python's parser says `problem`. Each is a regular expression; empty ones match everything."""

    rest: str
    before: str
    problem: str
    told: str


_RULES = (
    _Rule("//|/[*]|#", "", "", 'comments are no part of JSON: a member named "//" can hold one'),
    _Rule("'", "", "", 'names and texts stand in double quotes: "'),
    _Rule(r",\s*[}\]]", "", "", "remove this comma"),
    _Rule(",", r"[{\[,:]\s*", "", "remove this comma"),
    _Rule(r"[}\]]", "", "Extra data", "this closing bracket is one too many"),
    _Rule("", "", "Extra data", "a file holds one document"),
    _Rule("", "", "':' delimiter", "a colon stands between a name and its value"),
    _Rule("", "", "escape", r"a backslash in a text is written \\"),
    _Rule(r"[\r\n]", "", "control", r'is the closing " of a text missing? A line break in a text is written \n'),
    _Rule(r"\s*\Z", "", "", "the file ends too early: is a closing bracket missing?"),
    _Rule(r'["{\[\w]', r'["\]}\w]\s*', "", "is a comma missing before it?"),
)


def advice(text: str, offset: int, problem: str) -> str | None:
    """What to do about a text that is no JSON from `offset` on, when it is something that people often do.

    `problem` is what Python's parser says of it.
    """
    if not text.strip():
        return "the file is empty"
    before, rest = text[max(0, offset - _LOOKED_BACK) : offset], text[offset:]
    for rule in _RULES:
        if (
            re.match(rule.rest, rest)
            and re.search(f"(?:{rule.before})\\Z", before)
            and re.search(rule.problem, problem)
        ):
            return rule.told
    word = re.match(r"\w+", rest)
    if word is None:
        return None
    return f"write {_WORDS[word[0]]}" if word[0] in _WORDS else f'write "{word[0]}" with quotes'


def offset_of_mistake(text: str, offset: int) -> int:
    """Where the mistake is that a parser noticed at `offset`: the comma too many, not the bracket behind it."""
    comma = _COMMA.search(text, max(0, offset - _LOOKED_BACK), offset)
    return comma.start() if comma and text[offset : offset + 1] in ("}", "]") else offset


class Mistake(NamedTuple):
    """`offset` is where in the text; `reason` is half a sentence about it."""

    offset: int
    reason: str


def find_refused(text: str, *, max_digits: int) -> Mistake | None:
    """The first thing in JSON text that Python's parser takes and we do not.

    That is a key that stands twice in one object, or a number that is none in other languages.
    """
    names: list[set[str]] = []
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token in ("{", "["):
            names.append(set())
        elif token in ("}", "]"):
            names.pop()
        elif token.startswith('"'):
            if not _COLON.match(text, match.end()):
                continue
            name = json.loads(token, strict=False)
            if name in names[-1]:
                return Mistake(match.start(), f"the key {name!r} stands twice in one object")
            names[-1].add(name)
        elif reason := _refused_number(token, max_digits):
            return Mistake(match.start(), reason)
    return None


def _refused_number(token: str, max_digits: int) -> str | None:
    if token.lstrip("-") in ("NaN", "Infinity"):
        return f"{token} is not a JSON number"
    cut = token if len(token) <= 40 else f"{token[:40]}…"
    is_too_large = len(token) > max_digits if token.lstrip("-").isdigit() else not math.isfinite(float(token))
    return f"{cut} is too large a number" if is_too_large else None
