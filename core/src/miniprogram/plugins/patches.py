"""What a plugin replaced in modules of others while it was loaded. Looked for where plugins are checked only."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from types import ModuleType

Snapshot = Mapping[str, tuple[ModuleType, Mapping[str, object]]]
"""By name of a module: it, and what can be called in it and in its classes, by dotted name."""


def look() -> Snapshot:
    """Everything that can be called in the modules that are loaded."""
    modules = [(name, module) for name, module in list(sys.modules.items()) if type(module) is ModuleType]
    return {name: (module, dict(_callables(name, module))) for name, module in modules}


def replaced_since(before: Snapshot) -> list[str]:
    """The dotted names that mean something else than they did, sorted."""
    found = []
    for name, (module, callables) in before.items():
        if sys.modules.get(name) is not module:
            found.append(name)
            continue
        now = dict(_callables(name, module))
        found += [f"{name}.{each}" for each, value in callables.items() if now.get(each) is not value]
    return sorted(found)


def _callables(name: str, module: ModuleType) -> Iterator[tuple[str, object]]:
    for key, value in list(vars(module).items()):
        if not callable(value) or key.startswith("_"):
            continue
        yield key, value
        if isinstance(value, type) and value.__module__ == name:
            for member, method in list(vars(value).items()):
                if callable(method) and not member.startswith("__abstract"):
                    yield f"{key}.{member}", method
