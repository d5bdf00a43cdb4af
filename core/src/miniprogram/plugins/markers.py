"""`@hookimpl`, as pluggy reads it, without importing pluggy.

Every start imports every plugin's hook module; pluggy alone would cost more than most commands. A marked
function carries the attribute `miniprogram_impl`, which is all pluggy looks for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

PROJECT = "miniprogram"
"""The pluggy project name and the entry-point group."""

HOOK_API_VERSION = "1.0.0"
"""Version of the hook specifications. Grows by semantic versioning."""

Function = TypeVar("Function", bound=Callable[..., Any])


def hookimpl(function: Function) -> Function:
    """Mark `function` as the implementation of the hook that has its name."""
    options = {
        "wrapper": False,
        "hookwrapper": False,
        "optionalhook": False,
        "tryfirst": False,
        "trylast": False,
        "specname": None,
    }
    setattr(function, f"{PROJECT}_impl", options)
    return function
