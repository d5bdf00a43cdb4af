"""How large a screen may be, and that it is plain JSON, whatever a source made it of."""

from __future__ import annotations

import math
from typing import Any

from miniprogram.errors import ProjectError
from miniprogram.stac.checker import MAX_DEPTH, MAX_VALUES


def require_bounded(node: Any, *, name: str) -> None:
    """Raises ProjectError naming `name` when the document is too deep or too large, or is not plain JSON.

    Walks without recursion, so that nothing it is given can exhaust the stack, a document that contains itself
    included.
    """
    pending: list[tuple[Any, int]] = [(node, 0)]
    count = 0
    while pending:
        value, depth = pending.pop()
        count += 1
        if depth > MAX_DEPTH:
            raise ProjectError(f"{name} nests more than {MAX_DEPTH} levels")
        if count > MAX_VALUES:
            raise ProjectError(f"{name} holds more than {MAX_VALUES} values")
        pending.extend((member, depth + 1) for member in _members(value, name))


def _members(value: Any, name: str) -> list[Any]:
    if isinstance(value, dict):
        strange = next((key for key in value if not isinstance(key, str)), None)
        if strange is not None:
            raise ProjectError(f"{name} has the key {strange!r}, which is not a text")
        return list(value.values())
    if isinstance(value, list):
        return value
    if isinstance(value, float) and not math.isfinite(value):
        raise ProjectError(f"{name} holds {value}, which is not a JSON number")
    if value is not None and not isinstance(value, str | int | float):
        raise ProjectError(f"{name} holds {value!r:.60}, which JSON has no form for")
    return []
