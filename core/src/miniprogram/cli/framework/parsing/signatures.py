"""What Typer sees of a function that stands for another: its name, its text and its parameters."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, get_type_hints

import typer

if TYPE_CHECKING:
    from miniprogram.cli.framework.app_context import AppContext

POSITIONAL = inspect.Parameter.POSITIONAL_OR_KEYWORD
KEYWORD = inspect.Parameter.KEYWORD_ONLY


def parameters_of(function: Callable[..., Any]) -> list[inspect.Parameter]:
    """The parameters of `function`, with annotations that are types, not texts."""
    hints = get_type_hints(function, include_extras=True)
    parameters = inspect.signature(function).parameters.values()
    return [each.replace(annotation=hints.get(each.name, each.annotation)) for each in parameters]


def stand_for(
    function: Callable[..., Any], original: Callable[..., Any], parameters: Iterable[inspect.Parameter]
) -> Callable[..., Any]:
    """`function`, which Typer takes for `original` with other `parameters`."""
    shown = list(parameters)
    update_wrapper(function, original)
    del function.__wrapped__  # type: ignore[attr-defined]  # Typer would read the annotations of what it names
    function.__signature__ = inspect.Signature(shown)  # type: ignore[attr-defined]
    function.__annotations__ = {each.name: each.annotation for each in shown}
    return function


def with_subject(
    function: Callable[..., Any],
    options: Sequence[inspect.Parameter],
    select: Callable[..., object],
) -> Callable[..., Any]:
    """`function` as a command: `options` stand in for its first parameter, which is `select(tools, **options)`.

    Positional ones among them come after those of the function.
    `select` opens nothing, so that what is wrong with the function's own options can be said first.
    """
    own = parameters_of(function)[1:]
    names = {each.name for each in own}

    def command(context: typer.Context, **values: Any) -> Any:
        mine = {name: values.pop(name) for name in names}
        tools: AppContext = context.obj
        return function(select(tools, **values), **mine)

    context = inspect.Parameter("context", POSITIONAL, annotation=typer.Context)
    arguments = [each for each in (*own, *options) if each.kind is POSITIONAL]
    rest = [each for each in (*options, *own) if each.kind is not POSITIONAL]
    return stand_for(command, function, [context, *arguments, *rest])
