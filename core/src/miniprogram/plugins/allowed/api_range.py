"""The range of hook API versions a plugin says it was written for: `>=1.0.0 <2.0.0`.

Read with a few lines of our own, because importing a version library would double the time every start takes.
"""

from __future__ import annotations

from miniprogram.errors import PluginError
from miniprogram.plugins.markers import HOOK_API_VERSION

OPERATORS = (">=", "<=", ">", "<", "=")
VARIABLE = "MINIPROGRAM_HOOK_API"


class OtherApiError(PluginError):
    """A plugin was written for another version of the hook API than this core has."""


def require_api(module: object, *, current: str = HOOK_API_VERSION) -> None:
    """Raises OtherApiError when `module` excludes the hook API of this core, PluginError when it says nothing."""
    declared = getattr(module, VARIABLE, None)
    if not isinstance(declared, str) or not declared.split():
        raise PluginError(f'it does not declare {VARIABLE}, such as ">=1.0.0 <2.0.0"')
    if not all(_holds(part, declared, _numbers(current, current)) for part in declared.split()):
        raise OtherApiError(f"it was written for hook API {declared}, and this is {current}")


def _holds(part: str, declared: str, current: tuple[int, ...]) -> bool:
    operator = next((sign for sign in OPERATORS if part.startswith(sign)), "")
    wanted = _numbers(part.removeprefix(operator), declared)
    return {
        ">=": current >= wanted,
        "<=": current <= wanted,
        ">": current > wanted,
        "<": current < wanted,
    }.get(operator, current == wanted)


def _numbers(version: str, declared: str) -> tuple[int, ...]:
    parts = version.split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        raise PluginError(f'{VARIABLE} {declared!r} is not a range such as ">=1.0.0 <2.0.0"')
    return tuple(map(int, parts))
