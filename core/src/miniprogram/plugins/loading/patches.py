"""What a plugin replaced in modules of others while it was loaded. Looked for where plugins are checked only."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from operator import is_
from types import ModuleType

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


def replaced_since(before: Snapshot) -> list[str]:
    """The dotted names of what can be called and is something else than it was, sorted."""
    found = []
    for name, (owner, names) in before.items():
        if isinstance(owner, ModuleType) and sys.modules.get(name) is not owner:
            found.append(name)
            continue
        now = dict(vars(owner))
        if len(now) == len(names) and all(map(is_, now.values(), names.values())):
            continue  # nearly always, and quickly told
        hidden = "_" if isinstance(owner, ModuleType) else "__abstract"
        changed = [key for key, value in names.items() if now.get(key) is not value]
        found += [f"{name}.{key}" for key in changed if callable(names[key]) and not key.startswith(hidden)]
    return sorted(found)


def _classes(name: str, names: Mapping[str, object]) -> Iterator[tuple[str, type]]:
    """The public classes that the module of that name defines."""
    for key, value in names.items():
        if isinstance(value, type) and value.__module__ == name and not key.startswith("_"):
            yield key, value
