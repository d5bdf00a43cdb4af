"""What the constructors of `ui`, `actions` and `values` return: light wrappers around a dict, typed by kind."""

from __future__ import annotations

import os
import sys
from types import CodeType
from typing import Any

_OURS = os.path.dirname(__file__) + os.sep  # noqa: PTH120 - pathlib costs every build its import


class Node:
    """An object of a screen. `members` are in writing order; None and empty ones are not written."""

    __slots__ = ("members", "site")

    def __init__(self, members: dict[str, Any]) -> None:
        self.members = members
        frame = sys._getframe(1)
        while frame.f_back is not None and frame.f_code.co_filename.startswith(_OURS):
            frame = frame.f_back
        self.site: tuple[CodeType, int] = frame.f_code, frame.f_lasti
        """The innermost code of the author's that made it, and the instruction there."""

    def __repr__(self) -> str:
        given = {key: value for key, value in self.members.items() if value is not None}
        return f"{type(self).__name__}({given!r})"

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and isinstance(other, Node) and other.members == self.members

    __hash__ = None  # type: ignore[assignment]  # members can be changed


class Widget(Node):
    """Something to show."""

    __slots__ = ()


class Action(Node):
    """Something to do."""

    __slots__ = ()


class NetworkRequest(Action):
    """A request: an action of its own, and what loads a dynamic view."""

    __slots__ = ()


class Value(Node):
    """A property value with parts: a decoration, a border, a text style."""

    __slots__ = ()


class Binding(str):
    """A `{{…}}` placeholder, accepted where its value will be a number or a flag. Made by `values.binding`."""

    __slots__ = ()
