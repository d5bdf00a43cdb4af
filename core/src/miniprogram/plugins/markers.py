"""`@hookimpl`, as pluggy reads it, without importing pluggy.

Every start imports every plugin's hook module; pluggy alone would cost more than most commands. A marked
function carries the attribute `miniprogram_impl`, which is all pluggy looks for.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    Function = TypeVar("Function", bound=Callable[..., Any])

PROJECT = "miniprogram"
"""The pluggy project name, the entry-point group and the prefix of every hook's name."""

HOOK_API_VERSION = "1.0.0"
"""Version of the hook specifications. Grows by semantic versioning."""

HOOKS = frozenset(
    {
        "miniprogram_publish_targets",
        "miniprogram_cloud_providers",
        "miniprogram_backend_templates",
        "miniprogram_host_generators",
        "miniprogram_screen_sources",
        "miniprogram_screen_checks",
        "miniprogram_preview_pages",
        "miniprogram_screen_painters",
        "miniprogram_screen_frames",
        "miniprogram_doctor_checks",
        "miniprogram_signing_keys",
        "miniprogram_version_signers",
        "miniprogram_commands",
        "miniprogram_capabilities",
    }
)
"""The names of the hooks in `hookspecs`, for what must not import pluggy."""


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
