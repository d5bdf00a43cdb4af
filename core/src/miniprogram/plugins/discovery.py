"""Find installed plugins fast: read `*.dist-info/entry_points.txt` over `sys.path`.

`importlib.metadata` gives the same answer at several times the price with many distributions installed; it
is the fallback for path entries that are not plain folders.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from typing import NamedTuple

GROUP = "miniprogram"


class PluginEntry(NamedTuple):
    """An entry point of our group. `module` holds the hooks."""

    name: str
    module: str
    distribution: str
    version: str


def find_entries(path: Iterable[str] | None = None) -> list[PluginEntry]:
    """Entry points of the group in the order of `path` (default `sys.path`), one per distribution name."""
    found: list[PluginEntry] = []
    seen: set[str] = set()
    for folder in sys.path if path is None else path:
        for entry in _scan(folder or ".", seen):
            found.append(entry)
    return found


def _scan(folder: str, seen: set[str]) -> Iterator[PluginEntry]:
    try:
        names = sorted(name for name in os.listdir(folder) if name.endswith(".dist-info"))  # noqa: PTH208
    except OSError:
        return
    for name in names:
        distribution, _, version = name.removesuffix(".dist-info").partition("-")
        key = distribution.lower().replace("-", "_").replace(".", "_")
        if key in seen:
            continue
        seen.add(key)
        try:
            with open(f"{folder}/{name}/entry_points.txt", encoding="utf-8") as stream:  # noqa: PTH123
                text = stream.read()
        except OSError:
            continue
        if f"[{GROUP}]" in text:
            yield from _entries(text, distribution.replace("_", "-"), version)


def _entries(text: str, distribution: str, version: str) -> Iterator[PluginEntry]:
    inside = False
    for raw in text.splitlines():
        line = raw.strip()
        if line.startswith("["):
            inside = line == f"[{GROUP}]"
        elif inside and "=" in line and not line.startswith("#"):
            name, _, module = line.partition("=")
            yield PluginEntry(name.strip(), module.strip(), distribution, version)
