"""Where a value of a JSON document stands in its text. The text has been parsed before: it is JSON."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from json import JSONDecoder

_BLANK = re.compile(r"[ \t\n\r]*")
_read: Callable[[str, int], tuple[object, int]] = JSONDecoder().raw_decode


def position_in_json(text: str, steps: Sequence[str | int]) -> tuple[int, int]:
    """Line and column, from 1, of the key or item that `steps` lead to; of what holds it when it is not there."""
    at = found = _after_blank(text, 0)
    for step in steps:
        entry = _entry(text, at, step)
        if entry is None:
            break
        found, at = entry
    return line_and_column(text, found)


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _entry(text: str, start: int, step: str | int) -> tuple[int, int] | None:
    """Where the key or item begins and where its value does, of the object or list that begins at `start`."""
    opening = text[start]
    if opening not in "{[" or (opening == "{") is not isinstance(step, str):
        return None
    at, count = _after_blank(text, start + 1), 0
    while text[at] not in "}]":
        begin, name = at, None
        if opening == "{":
            name, at = _read(text, at)
            at = _after_blank(text, _after_blank(text, at) + 1)
        if step == (name if opening == "{" else count):
            return begin, at
        at = _after_blank(text, _read(text, at)[1])
        if text[at] == ",":
            at = _after_blank(text, at + 1)
        count += 1
    return None


def _after_blank(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at
