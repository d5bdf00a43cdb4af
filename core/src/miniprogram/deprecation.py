"""How a public name is taken away: it works for a while, warns, and says where the new one is and when it ends."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def moved(module: str, names: Mapping[str, str], *, ends_in: str) -> Callable[[str], Any]:
    """A `__getattr__` for `module`: old names lead to `new.module:name` until version `ends_in`.

    Write `__getattr__ = moved(__name__, {"Old": "miniprogram.new.module:New"}, ends_in="0.4")`.
    """

    def lookup(name: str) -> Any:
        target = names.get(name)
        if target is None:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        warnings.warn(
            f"{module}.{name} ends in miniprogram {ends_in}; use {target.replace(':', '.')}",
            DeprecationWarning,
            stacklevel=2,
        )
        new_module, _, new_name = target.partition(":")
        return getattr(import_module(new_module), new_name)

    return lookup
