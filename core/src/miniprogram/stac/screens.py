"""Mark the functions that make screens and themes.

    @screen
    def shop_home() -> Widget: ...

    @screen("shop_details")
    def details() -> Widget: ...

    @theme("light")
    def light() -> Theme: ...

The name is the function's own unless another is given: `@screen()` is `@screen`. Components are plain functions
that screens call or import. Functions are noted when they are marked, so that none is lost to another of its name.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import CodeType, ModuleType
from typing import Any, Literal, NamedTuple, TypeVar, overload

from miniprogram.errors import ProjectError
from miniprogram.stac.node import Node, Widget
from miniprogram.stac.nodes.kinds import Theme
from miniprogram.stac.serialize import Sites, to_stac

Kind = Literal["screen", "theme"]
Maker = TypeVar("Maker", bound=Callable[[], Node])

_ATTRIBUTE = "__miniprogram_screen__"
_MARKED = "__miniprogram_screens__"
"""The name in a module under which its marks are kept."""


class _Mark:
    """One use of `@screen` or `@theme`. A wrapper shares the mark of its function: `wraps` copies attributes."""

    __slots__ = ("function", "kind", "name", "site")

    def __init__(self, name: str, kind: Kind, function: Any, site: tuple[CodeType, int]) -> None:
        self.name, self.kind, self.function, self.site = name, kind, function, site

    @property
    def line(self) -> int:
        code, instruction = self.site
        return list(code.co_positions())[instruction // 2][0] or code.co_firstlineno


class UnusableScreen(ProjectError):  # noqa: N818 - what was found, told like every other failure
    """A marked function makes no screen, or one that another makes. `line` is where it is marked."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


class MarkedFunction(NamedTuple):
    """A function that makes a screen or a theme when called without arguments."""

    name: str
    """The screen id."""
    kind: Kind
    function: Callable[[], Node]
    line: int = 1
    """Where it is marked."""


@overload
def screen(given: Maker) -> Maker: ...
@overload
def screen(given: str | None = None) -> Callable[[Maker], Maker]: ...
def screen(given: Any = None) -> Any:
    """Mark a function as the source of a screen: `@screen` or `@screen("name")`."""
    return _mark(given, "screen")


@overload
def theme(given: Maker) -> Maker: ...
@overload
def theme(given: str | None = None) -> Callable[[Maker], Maker]: ...
def theme(given: Any = None) -> Any:
    """Mark a function as the source of a theme: `@theme` or `@theme("name")`."""
    return _mark(given, "theme")


def marked(module: ModuleType) -> list[MarkedFunction]:
    """The marked functions that `module` itself defines, in their order there; imported ones are not its own.

    Raises UnusableScreen when two of them have one name and kind.
    """
    wrapped = {id(mark): value for value in vars(module).values() if (mark := getattr(value, _ATTRIBUTE, None))}
    found: dict[tuple[str, Kind], _Mark] = {}
    for mark in vars(module).get(_MARKED, ()):
        first = found.setdefault((mark.name, mark.kind), mark)
        if first is not mark:
            lines = f"on line {first.line} and on line {mark.line}"
            raise UnusableScreen(f'the {mark.kind} "{mark.name}" is made twice, {lines}', mark.line)
    return [
        MarkedFunction(mark.name, mark.kind, wrapped.get(id(mark), mark.function), mark.line)
        for mark in found.values()
    ]


def make(source: MarkedFunction, sites: Sites | None = None) -> dict[str, Any]:
    """Call the function and give the JSON object of what it returned. `sites` is filled as by `to_stac`.

    Raises UnusableScreen naming the screen when the function wants arguments, or returns something else than a
    widget or a theme. What the function itself raises is passed on.
    """
    if _wants_arguments(source.function):
        problem = "is called without arguments, but wants some"
        raise UnusableScreen(f'the function of the {source.kind} "{source.name}" {problem}', source.line)
    node = source.function()
    wanted, title = (Widget, "a widget") if source.kind == "screen" else (Theme, "a theme")
    if not isinstance(node, wanted):
        found = type(node).__name__
        forgotten = "; is a `return` missing?" if node is None else ""
        problem = f"returned {found} where {title} is wanted{forgotten}"
        raise UnusableScreen(f'the {source.kind} "{source.name}" {problem}', source.line)
    try:
        return to_stac(node, sites)
    except ProjectError as error:
        raise UnusableScreen(f'the {source.kind} "{source.name}": {error}', source.line) from error


def _mark(given: Any, kind: Kind) -> Any:
    if given is None or isinstance(given, str):
        return lambda function: _marked(function, given, kind)
    if not callable(given):
        raise ProjectError(f'@{kind} takes a name, such as @{kind}("shop_home"), and not {given!r:.60}')
    return _marked(given, None, kind)


def _marked(function: Any, name: str | None, kind: Kind) -> Any:
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals is globals():
        frame = frame.f_back
    mark = _Mark(name or function.__name__, kind, function, (frame.f_code, frame.f_lasti))
    frame.f_globals.setdefault(_MARKED, []).append(mark)
    setattr(function, _ATTRIBUTE, mark)
    return function


def _wants_arguments(function: Callable[..., object]) -> bool:
    from inspect import Parameter, signature

    free = (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)
    parameters = signature(function).parameters.values()
    return any(one.default is Parameter.empty and one.kind not in free for one in parameters)
