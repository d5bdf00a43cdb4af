"""Imports the module of a constructor when the constructor is first asked for: a screen uses few of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from types import ModuleType
from typing import Any


def on_first_use(index: ModuleType, rooms: Iterable[tuple[str, str]]) -> Callable[[str], Any]:
    """A `__getattr__` for `index`. `rooms`: a module below `nodes`, and its names in one text.

    A name that is in none raises AttributeError with the name that was probably meant.
    """
    homes = {name: room for room, names in rooms for name in names.split()}

    def lookup(name: str) -> Any:
        room = homes.get(name)
        if room is None:
            raise AttributeError(_no_such_name(index.__name__, name, homes), name=name, obj=index)
        made = getattr(import_module(f"miniprogram.stac.nodes.{room}"), name)
        setattr(index, name, made)
        return made

    return lookup


def _no_such_name(module: str, name: str, known: Iterable[str]) -> str:
    message = f"{module} has no {name!r}"
    if name.startswith("_"):  # asked by Python itself and by tools, and nobody reads the answer
        return message
    from miniprogram.stac.generation.naming import snake
    from miniprogram.suggestions import did_you_mean

    suggestion = did_you_mean(snake(name), known)
    return f"{message}; {suggestion}" if suggestion else message
