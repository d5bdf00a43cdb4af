"""JSON that a person or a program gives us: read strictly, and refused with the path of what cannot be kept.

A value that cannot be kept is one that no reader would understand the same way: a number that is not finite or too
large for a double, a text that is not Unicode, an object with a key twice, or nesting that readers give up on.
"""

from __future__ import annotations

import json
import math
from typing import Any

from miniprogram.refusals import Unacceptable

MAX_DEPTH = 32
"""Levels of lists and objects. Hosts in other languages have to read the value too."""


class NotJson(Unacceptable):
    """A text that is no JSON at all."""


class _TwiceKeyed(dict[str, Any]):
    """An object in which a key stood twice; `key` says which."""

    key: str


def parse_given_json(text: str | bytes, *, what: str) -> Any:
    """The JSON value in `text`, which people call `what`. Raises Unacceptable naming the path of what is wrong."""
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_int=_whole)
    except json.JSONDecodeError as error:
        raise NotJson(f"{what} is not JSON: {error.msg} (line {error.lineno}, column {error.colno})") from None
    except UnicodeDecodeError as error:
        raise NotJson(f"{what} is not UTF-8 (byte {error.start})") from None
    except RecursionError:
        raise Unacceptable(f"{what} is nested deeper than {MAX_DEPTH} levels") from None
    problem = why_not_storable(value)
    if problem is not None:
        raise Unacceptable(f"{what}: {problem}")
    return value


def why_not_storable(value: Any, path: str = "") -> str | None:
    """`PATH: reason` for the first part of `value` that cannot be kept as JSON; None when all can.

    The top itself has no path. Goes through the value level by level, so no depth is too much for it.
    """
    level: list[tuple[str, Any]] = [(path, value)]
    for _depth in range(MAX_DEPTH + 1):
        below: list[tuple[str, Any]] = []
        for where, each in level:
            problem = _problem(each)
            if problem is not None:
                return f"{where}: {problem}" if where else problem
            below += _parts(where, each)
        if not below:
            return None
        level = below
    return f"{path}: nested deeper than {MAX_DEPTH} levels" if path else f"nested deeper than {MAX_DEPTH} levels"


def _problem(value: Any) -> str | None:
    """What is wrong with `value` itself, whatever is in it."""
    match value:
        case bool() | None:
            return None
        case int() | float():
            fits = abs(value) < 2**1024  # so neither infinite nor NaN
            return None if fits else "must be a finite number that fits a double"
        case str():
            return None if _is_unicode(value) else "must be Unicode text; it holds half a surrogate pair"
        case _TwiceKeyed():
            return f"the key {value.key!r} stands twice"
        case dict():
            return next((f"the key {key!r} must be Unicode text" for key in value if not _is_key(key)), None)
    return None if isinstance(value, list | tuple) else f"{type(value).__name__} is not JSON"


def _parts(path: str, value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [(f"{path}.{key}" if path else str(key), each) for key, each in value.items()]
    if isinstance(value, list | tuple):
        return [(f"{path}[{index}]", each) for index, each in enumerate(value)]
    return []


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    twice = _TwiceKeyed(members)
    names = [name for name, _ in pairs]
    twice.key = next(name for name in names if names.count(name) > 1)
    return twice


def _whole(digits: str) -> int | float:
    """Texts too long for a double are not turned into numbers of thousands of digits first."""
    return int(digits) if len(digits) <= 310 else math.inf


def _is_key(key: Any) -> bool:
    return isinstance(key, str) and _is_unicode(key)


def _is_unicode(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)
