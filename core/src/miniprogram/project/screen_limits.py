"""How large a screen may be, and that it is plain JSON, whatever a source made it of."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Any

from miniprogram.errors import ProjectError
from miniprogram.stac.checker import MAX_DEPTH, MAX_VALUES


def require_bounded(node: Any, *, name: str) -> int:
    """How many levels of values the document has.

    Raises ProjectError naming `name` when it is too deep or too large, or is not plain JSON.
    Walks level by level without recursion, so that nothing it is given can exhaust the stack, a document that
    contains itself included.
    """
    level, size, count = [node], 1, 0  # texts and the like are counted, and not looked at again
    for depth in range(1, MAX_DEPTH + 2):
        count += size
        if count > MAX_VALUES:
            raise ProjectError(f"{name} holds more than {MAX_VALUES} values")
        below: list[Any] = []
        size = 0
        for value in level:
            if type(value) is dict and _TEXT.issuperset(map(type, value)):
                members: Collection[Any] = value.values()
            else:
                members = value if type(value) is list else _members(value, name)
            size += len(members)
            below += [member for member in members if type(member) not in _PLAIN]
        if not size:
            return depth
        level = below
    raise ProjectError(f"{name} nests more than {MAX_DEPTH} levels")


_PLAIN = frozenset({str, int, bool, type(None)})
_TEXT = frozenset({str})


def _members(value: Any, name: str) -> Collection[Any]:
    if isinstance(value, dict):
        if not _TEXT.issuperset(map(type, value)):
            for key in value:
                if not isinstance(key, str):
                    raise ProjectError(f"{name} has the key {key!r}, which is not a text")
        return value.values()
    if isinstance(value, list):
        return value
    if isinstance(value, float) and not math.isfinite(value):
        raise ProjectError(f"{name} holds {value}, which is not a JSON number")
    if not isinstance(value, str | int | float):
        raise ProjectError(f"{name} holds {value!r:.60}, which JSON has no form for")
    return ()
