"""What the constructors of `ui`, `actions` and `values` return: light wrappers around a dict, typed by kind."""

from __future__ import annotations

from typing import Any


class Node:
    """An object of a screen. `members` are in writing order; None and empty ones are not written."""

    __slots__ = ("members",)

    def __init__(self, members: dict[str, Any]) -> None:
        self.members = members

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
