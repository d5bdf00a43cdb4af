"""Mark the functions that make screens and themes.

    @screen
    def shop_home() -> Widget: ...

    @screen("shop_details")
    def details() -> Widget: ...

    @theme("light")
    def light() -> Theme: ...

The name is the function's own unless another is given. Components are plain functions that screens call or import.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any, Literal, NamedTuple, TypeVar, overload

from miniprogram.errors import ProjectError
from miniprogram.stac.node import Node, Widget
from miniprogram.stac.nodes.kinds import Theme
from miniprogram.stac.serialize import to_stac

Kind = Literal["screen", "theme"]
Maker = TypeVar("Maker", bound=Callable[[], Node])

_ATTRIBUTE = "__miniprogram_screen__"


class _Mark(NamedTuple):
    name: str
    kind: Kind


class MarkedFunction(NamedTuple):
    """A function that makes a screen or a theme when called without arguments."""

    name: str
    """The screen id."""
    kind: Kind
    function: Callable[[], Node]


@overload
def screen(given: Maker) -> Maker: ...
@overload
def screen(given: str) -> Callable[[Maker], Maker]: ...
def screen(given: Any) -> Any:
    """Mark a function as the source of a screen: `@screen` or `@screen("name")`."""
    return _mark(given, "screen")


@overload
def theme(given: Maker) -> Maker: ...
@overload
def theme(given: str) -> Callable[[Maker], Maker]: ...
def theme(given: Any) -> Any:
    """Mark a function as the source of a theme: `@theme` or `@theme("name")`."""
    return _mark(given, "theme")


def marked(module: ModuleType) -> list[MarkedFunction]:
    """The marked functions that `module` itself defines, in their order there; imported ones are not its own.

    Raises ProjectError when two of them have one name and kind.
    """
    found: dict[tuple[str, Kind], MarkedFunction] = {}
    for value in vars(module).values():
        mark = getattr(value, _ATTRIBUTE, None)
        if not isinstance(mark, _Mark) or value.__module__ != module.__name__:
            continue
        made = found.setdefault((mark.name, mark.kind), MarkedFunction(mark.name, mark.kind, value))
        if made.function is not value:  # the same function under two names of Python is one screen
            raise ProjectError(f'the {mark.kind} "{mark.name}" is defined twice in {module.__name__}')
    return list(found.values())


def make(source: MarkedFunction) -> dict[str, Any]:
    """Call the function and give the JSON object of what it returned.

    Raises ProjectError naming the screen when the function wants arguments or returns something else than a widget
    or a theme. What the function itself raises is passed on.
    """
    if _wants_arguments(source.function):
        raise ProjectError(
            f'the function of the {source.kind} "{source.name}" is called without arguments, but wants some'
        )
    node = source.function()
    wanted, title = (Widget, "a widget") if source.kind == "screen" else (Theme, "a theme")
    if not isinstance(node, wanted):
        found = type(node).__name__
        raise ProjectError(f'the {source.kind} "{source.name}" returned {found} where {title} is wanted')
    return to_stac(node)


def _mark(given: Any, kind: Kind) -> Any:
    if isinstance(given, str):
        return lambda function: _marked(function, _Mark(given, kind))
    return _marked(given, _Mark(given.__name__, kind))


def _marked(function: Any, mark: _Mark) -> Any:
    setattr(function, _ATTRIBUTE, mark)
    return function


def _wants_arguments(function: Callable[..., object]) -> bool:
    from inspect import Parameter, signature

    free = (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)
    parameters = signature(function).parameters.values()
    return any(one.default is Parameter.empty and one.kind not in free for one in parameters)
