"""What a plugin replaced in modules of others while it was loaded. Looked for where plugins are checked only."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping
from operator import is_
from types import FunctionType, ModuleType

from miniprogram.plugins.markers import PROJECT

Snapshot = Mapping[str, tuple[ModuleType | type, Mapping[str, object]]]
"""By dotted name: a module or a class of one, and what every name in it meant."""


def look() -> Snapshot:
    """All names in the modules that are loaded, and in their classes."""
    modules = [(name, module) for name, module in list(sys.modules.items()) if type(module) is ModuleType]
    found: dict[str, tuple[ModuleType | type, Mapping[str, object]]] = {}
    for name, module in modules:
        names = dict(vars(module))
        found[name] = module, names
        found.update((f"{name}.{key}", (each, dict(vars(each)))) for key, each in _classes(name, names))
    return found


def replaced_since(before: Snapshot, own: Collection[str]) -> list[str]:
    """The dotted names of what can be called and is something else than it was, sorted.

    `own` are the packages whose modules were running. Of modules of others that came in meanwhile nobody knows
    what their names meant: there it is what stems from `own`.
    """
    found = []
    for name, (owner, names) in before.items():
        if isinstance(owner, ModuleType) and sys.modules.get(name) is not owner:
            found.append(name)
            continue
        now = dict(vars(owner))
        if len(now) == len(names) and all(map(is_, now.values(), names.values())):
            continue  # nearly always, and quickly told
        hidden = "_" if isinstance(owner, ModuleType) else "__abstract"
        ours = name.partition(".")[0] == PROJECT  # what our own names say is nobody's to change either
        changed = [key for key, value in names.items() if now.get(key) is not value]
        found += [
            f"{name}.{key}" for key in changed if (ours or callable(names[key])) and not key.startswith(hidden)
        ]
    return sorted([*found, *_planted(before, own)])


def _planted(before: Snapshot, own: Collection[str]) -> Iterator[str]:
    """What stems from `own` and stands in modules of others that came in since."""
    for name, module in list(sys.modules.items()):
        if name in before or type(module) is not ModuleType or name.partition(".")[0] in own:
            continue
        names = dict(vars(module))
        owners = [(name, names), *((f"{name}.{key}", dict(vars(each))) for key, each in _classes(name, names))]
        for owner, members in owners:
            yield from (f"{owner}.{key}" for key, value in members.items() if _stems_from(value, own))


def _stems_from(value: object, own: Collection[str]) -> bool:
    home = getattr(value, "__module__", None) if isinstance(value, type | FunctionType) else None
    return isinstance(home, str) and home.partition(".")[0] in own


def _classes(name: str, names: Mapping[str, object]) -> Iterator[tuple[str, type]]:
    """The public classes that the module of that name defines."""
    for key, value in names.items():
        if isinstance(value, type) and value.__module__ == name and not key.startswith("_"):
            yield key, value
