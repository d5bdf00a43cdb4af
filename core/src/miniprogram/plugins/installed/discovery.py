"""Find installed plugins fast: read `entry_points.txt` of every distribution on `sys.path`.

`importlib.metadata` gives the same answer in the same order, at several times the price with many distributions
installed. It is asked only for path entries that are not plain folders, and for finders that are not Python's own.
"""

from __future__ import annotations

import os
import sys

from miniprogram.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from importlib.metadata import Distribution

GROUP = "miniprogram"
_BINARY = getattr(os, "O_BINARY", 0)
INFO_SUFFIXES = (".dist-info", ".egg-info")


class PluginEntry(Record):
    """An entry point of our group: `attribute` of `module` holds the hooks, or the module itself when blank."""

    name: str
    module: str
    distribution: str
    version: str
    attribute: str = ""


def find_entries(path: Iterable[str] | None = None) -> list[PluginEntry]:
    """Entry points of the group on `path` (default `sys.path`), the first distribution of a name winning."""
    found: list[PluginEntry] = []
    seen: set[str] = set()
    if path is not None:
        _search(path, seen, found)
        return found
    for finder in sys.meta_path:
        if getattr(finder, "__name__", "") == "PathFinder":
            _search(sys.path, seen, found)
        elif hasattr(finder, "find_distributions"):
            _ask(finder, seen, found)
    return found


def find_shadowed(path: Iterable[str] | None = None) -> list[tuple[str, str]]:
    """Metadata folders with entries of our group that are not looked at, each with the one found before it."""
    first: dict[str, str] = {}
    hidden: list[tuple[str, str]] = []
    for folder in map(str, sys.path if path is None else path):
        try:
            children = os.listdir(folder or ".")  # noqa: PTH208
        except (OSError, ValueError):
            continue
        for name, infos in _by_name(children).items():
            for info in (f"{folder}/{each}" for each in infos):
                visible = first.setdefault(name, info)
                if os.path.realpath(visible) != os.path.realpath(info) and _has_entries(info):
                    hidden.append((info, visible))
    return hidden


def _has_entries(info: str) -> bool:
    return f"[{GROUP}]".encode() in _read(f"{info}/entry_points.txt")


def parse_entries(text: str, distribution: str, version: str) -> Iterator[PluginEntry]:
    """The entries of our group in an `entry_points.txt`; lines that are none are passed over."""
    inside = False
    for raw in text.splitlines():
        line = raw.strip()
        if line.startswith("[") and line.endswith("]"):
            inside = line.strip("[]") == GROUP
        elif inside and "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            location = value.partition("[")[0]  # extras say what to install, not what to import
            module, _, attribute = (part.strip() for part in location.partition(":"))
            yield PluginEntry(name.strip(), module, distribution, version, attribute)


def normalized(name: str) -> str:
    """A distribution's or plugin's name as names are compared: `GitHub--Pages` is `github_pages`."""
    joined = name.lower().replace("-", "_").replace(".", "_")
    while "__" in joined:
        joined = joined.replace("__", "_")
    return joined


def _search(path: Iterable[str], seen: set[str], found: list[PluginEntry]) -> None:
    for location in map(str, path):
        if location.lower().endswith(".egg") or not _scan(location or ".", seen, found):
            _ask_about(location, seen, found)


def _scan(folder: str, seen: set[str], found: list[PluginEntry]) -> bool:
    """Take the entries of a plain folder; False when it is something else that exists."""
    try:
        children = os.listdir(folder)  # noqa: PTH208 - importing pathlib would double the price
    except NotADirectoryError:
        return False
    except (OSError, ValueError):
        return True
    for name, infos in _by_name(children).items():
        if name not in seen:
            seen.add(name)
            found.extend(_entries(f"{folder}/{infos[0]}"))
    return True


def _by_name(children: list[str]) -> dict[str, list[str]]:
    """Metadata folders by distribution, in the order of the folder."""
    infos: dict[str, list[str]] = {}
    for child in children:
        if child.lower().endswith(INFO_SUFFIXES):
            infos.setdefault(normalized(child.rpartition(".")[0].partition("-")[0]), []).append(child)
    return infos


def _entries(info: str) -> Iterator[PluginEntry]:
    body = _read(f"{info}/entry_points.txt")
    if f"[{GROUP}]".encode() not in body:
        return
    name, version = _identity(info)
    yield from parse_entries(body.decode("utf-8", errors="replace"), name, version)


def _identity(info: str) -> tuple[str, str]:
    """Name and version as the metadata has them, else as the folder is called."""
    stem = info.rpartition("/")[2].rpartition(".")[0]
    name, _, version = stem.partition("-")
    facts = {"name": name.replace("_", "-"), "version": version.partition("-")[0]}
    for line in (_read(f"{info}/METADATA") or _read(f"{info}/PKG-INFO")).splitlines():
        if not line:
            break
        key, _, value = line.decode("utf-8", errors="replace").partition(":")
        if key.lower() in facts and value.strip():
            facts[key.lower()] = value.strip()
    return facts["name"], facts["version"]


def _read(path: str) -> bytes:
    """The bytes of a file, none when it cannot be read. Without the objects `open` makes: there are hundreds."""
    try:
        handle = os.open(path, os.O_RDONLY | _BINARY)
    except OSError:
        return b""
    try:
        return b"".join(iter(lambda: os.read(handle, 65536), b""))
    except OSError:
        return b""
    finally:
        os.close(handle)


def _ask_about(location: str, seen: set[str], found: list[PluginEntry]) -> None:
    """Entries of an archive or an egg, through `importlib.metadata`."""
    from importlib.metadata import distributions

    _take(distributions(path=[location]), seen, found)


def _ask(finder: object, seen: set[str], found: list[PluginEntry]) -> None:
    """Entries of a finder that is not Python's own. It is somebody else's code, and may raise anything."""
    from importlib.metadata import DistributionFinder

    assert isinstance(finder, DistributionFinder) or hasattr(finder, "find_distributions")  # noqa: S101
    try:
        _take(finder.find_distributions(DistributionFinder.Context()), seen, found)
    except Exception:  # noqa: BLE001
        return


def _take(distributions: Iterable[Distribution], seen: set[str], found: list[PluginEntry]) -> None:
    for distribution in distributions:
        name = distribution.metadata["Name"] or ""
        if normalized(name) not in seen:
            seen.add(normalized(name))
            text = distribution.read_text("entry_points.txt") or ""
            found.extend(parse_entries(text, name, distribution.metadata["Version"] or ""))
