"""Load installed plugins, one by one: pins, import, hook API, hook names. One that fails harms nobody else.

Imports the standard library only, because `capabilities` comes through here before anything else is imported.
"""

from __future__ import annotations

import importlib

from miniprogram.errors import PluginError
from miniprogram.plugins.api_range import OtherApiError, require_api
from miniprogram.plugins.discovery import PluginEntry, normalized
from miniprogram.plugins.markers import HOOKS, PROJECT
from miniprogram.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Literal

    from miniprogram.plugins.pins import Pins

    Status = Literal["loaded", "broken", "not allowed", "incompatible"]

BUILT_IN = "miniprogram.builtin"
"""The hooks of the core. Named, not imported: what they describe lies above this package."""


class Plugin(Record):
    """What became of an installed plugin. `hooks` is there when it is loaded, `reason` (a sentence) when not."""

    entry: PluginEntry
    status: Status
    hooks: object | None = None
    reason: str | None = None


def load_plugins(entries: Iterable[PluginEntry], pins: Pins | None) -> list[Plugin]:
    """Load every entry that may load, in the order given; of two with one name, the first."""
    plugins: list[Plugin] = []
    owners = {normalized(PROJECT): PROJECT}
    for entry in entries:
        name = normalized(entry.name)
        if name in owners:
            reason = f"another plugin is named {entry.name}, from {owners[name]}"
            plugins.append(Plugin(entry, "broken", reason=reason))
            continue
        owners[name] = entry.distribution
        plugins.append(_load(entry, pins))
    return plugins


def declared(hooks: object, hook: str) -> Iterable[object]:
    """What one plugin returns for `hook`, nothing when it does not implement it. Raises what the plugin raises."""
    function = getattr(hooks, hook, None)
    return list(function()) if function is not None and hasattr(function, f"{PROJECT}_impl") else ()


def sentence(error: BaseException) -> str:
    """An exception of a plugin as one line."""
    if isinstance(error, PluginError):
        return str(error)
    line_note = f" ({error.filename}, line {error.lineno})" if isinstance(error, SyntaxError) else ""
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    return " ".join(f"{type(error).__name__}: {text}{line_note}".split())


def require_known_hooks(hooks: object) -> None:
    """Raises PluginError for a misspelt or unmarked hook, which would be passed over in silence otherwise."""
    for name in dir(hooks):
        marked = hasattr(getattr(hooks, name, None), f"{PROJECT}_impl")
        if marked and name not in HOOKS:
            raise PluginError(f"there is no hook {name}{_meant(name)}")
        if name in HOOKS and not marked:
            raise PluginError(f"{name} is not marked with @hookimpl")


def _load(entry: PluginEntry, pins: Pins | None) -> Plugin:
    if pins is not None and (refusal := pins.refusal(entry)):
        return Plugin(entry, "not allowed", reason=refusal)
    try:
        hooks = _import(entry)
        require_api(hooks)
        require_known_hooks(hooks)
    except OtherApiError as error:
        return Plugin(entry, "incompatible", reason=str(error))
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a plugin may raise anything
        return Plugin(entry, "broken", reason=sentence(error))
    return Plugin(entry, "loaded", hooks)


def _import(entry: PluginEntry) -> object:
    hooks: object = importlib.import_module(entry.module)
    for part in filter(None, entry.attribute.split(".")):
        hooks = getattr(hooks, part)
    return hooks


def _meant(name: str) -> str:
    from difflib import get_close_matches  # deferred: only a mistake needs it

    close = get_close_matches(name, HOOKS, n=1)
    return f"; did you mean {close[0]}?" if close else ""
