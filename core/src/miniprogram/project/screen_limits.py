"""How large a screen may be, and that it is plain JSON, whatever a source made it of."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from miniprogram.errors import ProjectError
from miniprogram.stac.checker import MAX_DEPTH, MAX_VALUES


def require_bounded(node: Any, *, name: str) -> None:
    """Raises ProjectError naming `name` when the document is too deep or too large, or is not plain JSON.

    Walks level by level without recursion, so that nothing it is given can exhaust the stack, a document that
    contains itself included.
    """
    level, count = [node], 0
    for _ in range(MAX_DEPTH + 1):
        count += len(level)
        if count > MAX_VALUES:
            raise ProjectError(f"{name} holds more than {MAX_VALUES} values")
        below: list[Any] = []
        for value in level:
            if type(value) in _PLAIN:
                continue
            below.extend(_members(value, name))
        if not below:
            return
        level = below
    raise ProjectError(f"{name} nests more than {MAX_DEPTH} levels")


_PLAIN = frozenset({str, int, bool, type(None)})


def _members(value: Any, name: str) -> Iterable[Any]:
    if isinstance(value, dict):
        for key in value:
            if type(key) is not str and not isinstance(key, str):
                raise ProjectError(f"{name} has the key {key!r}, which is not a text")
        return value.values()
    if isinstance(value, list):
        return value
    if isinstance(value, float) and not math.isfinite(value):
        raise ProjectError(f"{name} holds {value}, which is not a JSON number")
    if not isinstance(value, str | int | float):
        raise ProjectError(f"{name} holds {value!r:.60}, which JSON has no form for")
    return ()
