"""Shorthand to what is written: whole numbers to fractions, one inset to four, a style name to a style.

The same expansions the Dart models make, so that both ways of authoring give the same JSON.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from miniprogram.stac.node import Binding, Node

if TYPE_CHECKING:
    from miniprogram.stac.nodes.kinds import BorderRadius, EdgeInsets, TextStyle

_INSETS = ("left", "top", "right", "bottom")
_CORNERS = ("topLeft", "topRight", "bottomLeft", "bottomRight")


def number(value: float | Binding | None) -> float | str | None:
    """A number with a fraction. Infinity becomes the largest double, which fills the room there is."""
    if value is None or isinstance(value, str):
        return value
    if math.isinf(value):
        return math.copysign(sys.float_info.max, value)
    return float(value)


def numbers(values: Iterable[float] | None) -> list[float | str | None] | None:
    return None if values is None else [number(value) for value in values]


def insets(value: float | EdgeInsets | Binding | None) -> Any:
    """One number stands for all four sides."""
    return _all_four(value, _INSETS)


def corners(value: float | BorderRadius | Binding | None) -> Any:
    """One number stands for all four corners."""
    return _all_four(value, _CORNERS)


def style(value: TextStyle | str | None) -> Any:
    """A name stands for that style of the theme."""
    return {"type": "theme", "textTheme": value} if isinstance(value, str) else value


def int_keys(values: Mapping[int, Node] | None) -> dict[str, Node] | None:
    """Column numbers are written as texts."""
    return None if values is None else {str(key): value for key, value in values.items()}


def entries(values: Mapping[str, object] | None) -> list[dict[str, object]] | None:
    """A mapping as the list of `{key, value}` that setValue reads."""
    return None if values is None else [{"key": key, "value": value} for key, value in values.items()]


def _all_four(value: Any, keys: tuple[str, ...]) -> Any:
    if value is None or isinstance(value, (Node, str)):
        return value
    return dict.fromkeys(keys, number(value))
