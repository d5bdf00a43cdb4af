"""Load installed plugins, one by one: pins, import, hook API, hook names. One that fails harms nobody else.

Imports the standard library only, because `capabilities` comes through here before anything else is imported.
"""

from __future__ import annotations

import importlib
import sys
from itertools import islice
from time import perf_counter

from miniprogram.errors import PluginError
from miniprogram.plugins.allowed.api_range import OtherApiError, require_api
from miniprogram.plugins.allowed.pins import is_ours
from miniprogram.plugins.installed.discovery import PluginEntry, normalized
from miniprogram.plugins.installed.first_party import owner_of_name
from miniprogram.plugins.loading.contained import pass_on_interrupt, stdout_guarded
from miniprogram.plugins.markers import HOOKS, PROJECT
from miniprogram.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Literal

    from miniprogram.plugins.allowed.pins import PinSet

    Status = Literal["loaded", "broken", "not allowed", "incompatible"]

MOST_ADDITIONS = 1000
"""More than that one hook of one plugin does not add."""

BUILT_IN = "miniprogram.builtin"
"""The hooks of the core. Named, not imported: what they describe lies above this package."""


class Plugin(Record):
    """What became of an installed plugin. `hooks` is there when it is loaded, `reason` (a sentence) when not."""

    entry: PluginEntry
    status: Status
    hooks: object | None = None
    reason: str | None = None
    load_ms: float = 0.0
    """Milliseconds its hook module took to import, and its hooks to answer so far."""
    imports: tuple[str, ...] = ()
    """Top-level modules that came in with it, other than its own package and ours."""
    patches: tuple[str, ...] = ()
    """What it replaced in modules of others, by dotted name. Known where plugins are watched."""
    changes: tuple[str, ...] = ()
    """What it changed of the process, in words. Known where plugins are watched."""

    def having_run(self, run: Footprint) -> Plugin:
        """The same, after more of its code ran."""
        imports = tuple(sorted({*self.imports, *run.imports}))
        patches = tuple(sorted({*self.patches, *run.patches}))
        changes = tuple(sorted({*self.changes, *run.changes}))
        ms = self.load_ms + run.ms
        return Plugin(self.entry, self.status, self.hooks, self.reason, ms, imports, patches, changes)


class Footprint:
    """What code of a plugin left behind: milliseconds, modules that came in, and with `watch` what it replaced.

    Measured from when this is made until `stop`, which puts modules back that are there no more, or are others.
    """

    def __init__(self, entry: PluginEntry, *, watch: bool) -> None:
        self.ms = 0.0
        self.imports: tuple[str, ...] = ()
        self.patches: tuple[str, ...] = ()
        self.changes: tuple[str, ...] = ()
        self._own = entry.module.partition(".")[0]
        self._seen = self._state = None
        if watch:
            # deferred: they look through everything
            from miniprogram.plugins.loading import patches, process_state

            self._seen, self._state = patches.look(), process_state.look()
        self._modules, self._started = dict(sys.modules), perf_counter()

    def stop(self) -> Footprint:
        self.ms = (perf_counter() - self._started) * 1000
        new = sys.modules.keys() - self._modules.keys()
        self.imports = tuple(sorted({name.partition(".")[0] for name in new} - {PROJECT, self._own}))
        if self._seen is not None and self._state is not None:
            from miniprogram.plugins.loading import patches, process_state

            self.patches = tuple(patches.replaced_since(self._seen, {self._own}))
            self.changes = tuple(process_state.changed_since(self._state))
        if not self._modules.items() <= sys.modules.items():
            sys.modules.update(self._modules)
        for name in filter(is_made_up, new):
            del sys.modules[name]  # whoever needs it gets the real one
        return self


def load_plugins(entries: Iterable[PluginEntry], pins: PinSet, *, watch: bool = False) -> list[Plugin]:
    """Load every entry that may load, in the order given. With `watch` see what each replaces, which takes long.

    A name that two distributions give their plugin is nobody's, unless it is the name of one of this project's.
    """
    found = list(entries)
    claimants: dict[str, list[PluginEntry]] = {}
    for entry in found:
        claimants.setdefault(normalized(entry.name), []).append(entry)
    return [_load(entry, pins, claimants[normalized(entry.name)], watch=watch) for entry in found]


def declared(hooks: object, hook: str) -> Iterable[object]:
    """What one plugin returns for `hook`, nothing when it does not implement it. Raises what the plugin raises."""
    function = getattr(hooks, hook, None)
    if function is None or not hasattr(function, f"{PROJECT}_impl"):
        return ()
    return at_most(function(), hook)


def is_made_up(name: str) -> bool:
    """Whether the module `name`, one of Python's or ours, was put there instead of being imported."""
    home = name.partition(".")[0]
    is_ours_or_pythons = home == PROJECT or (home in sys.stdlib_module_names and not name.startswith("__"))
    return is_ours_or_pythons and getattr(sys.modules.get(name), "__spec__", None) is None


def at_most(returned: Iterable[object], hook: str) -> list[object]:
    """What a hook returned, as a list. Raises PluginError for what has no end to speak of."""
    found = list(islice(returned, MOST_ADDITIONS + 1))
    if len(found) > MOST_ADDITIONS:
        raise PluginError(f"{hook} returned more than {MOST_ADDITIONS} things")
    return found


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


def _load(entry: PluginEntry, pins: PinSet, claimants: list[PluginEntry], *, watch: bool) -> Plugin:
    if refusal := pins.refusal(entry):
        return Plugin(entry, "not allowed", reason=refusal)
    if objection := _name_objection(entry, claimants):
        return Plugin(entry, "broken", reason=objection)
    footprint = Footprint(entry, watch=watch)
    try:
        with stdout_guarded():
            hooks = _import(entry)
        require_api(hooks)
        require_known_hooks(hooks)
    except OtherApiError as error:
        return Plugin(entry, "incompatible", reason=str(error)).having_run(footprint.stop())
    except BaseException as error:  # noqa: BLE001 - a plugin may raise anything
        pass_on_interrupt(error)
        return Plugin(entry, "broken", reason=sentence(error)).having_run(footprint.stop())
    return Plugin(entry, "loaded", hooks).having_run(footprint.stop())


def _name_objection(entry: PluginEntry, claimants: list[PluginEntry]) -> str | None:
    """Why the plugin cannot go by its name; None when it can."""
    if is_ours(entry):
        return None
    owner = PROJECT if normalized(entry.name) == normalized(PROJECT) else owner_of_name(entry.name)
    if owner is not None:
        return f"the name {entry.name} belongs to {owner}"
    others = sorted({each.distribution for each in claimants} - {entry.distribution})
    if others:
        return f"{', '.join(others)} gives its plugin the name {entry.name} too, so neither is loaded"
    return None


def _import(entry: PluginEntry) -> object:
    hooks: object = importlib.import_module(entry.module)
    for part in filter(None, entry.attribute.split(".")):
        hooks = getattr(hooks, part)
    return hooks


def _meant(name: str) -> str:
    from difflib import get_close_matches  # deferred: only a mistake needs it

    close = get_close_matches(name, HOOKS, n=1)
    return f"; did you mean {close[0]}?" if close else ""
