"""Pins: which plugins may load, and in which versions.

`MINIPROGRAM_PLUGINS` (a list such as `static>=0.1,github-pages`) wins over the table `[plugins]` of the nearest
`miniprogram.toml` at or above the working folder (`static = ">=0.1"`, `github-pages = "*"`). Neither: any plugin
may load. An empty list: none but what is built in. Ranges are version specifiers as in package requirements.
"""

from __future__ import annotations

import os

from miniprogram.errors import DocumentError, PluginError
from miniprogram.plugins.discovery import normalized
from miniprogram.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from miniprogram.plugins.discovery import PluginEntry

FILE = "miniprogram.toml"
VARIABLE = "MINIPROGRAM_PLUGINS"
OPERATORS = "<>=!~"


class Pin(Record):
    """A plugin that may load. `versions` is a specifier, blank for any."""

    name: str
    versions: str

    def allows(self, version: str) -> bool:
        """Whether `version` is in range. Pre-releases count: whoever installed one meant it."""
        if not self.versions:
            return True
        from packaging.specifiers import SpecifierSet  # deferred: costs more than a whole discovery
        from packaging.version import InvalidVersion

        try:
            return SpecifierSet(self.versions).contains(version, prereleases=True)
        except InvalidVersion:
            return False


class Pins(Record):
    """Where the pins stand, and the pins by normalized plugin name."""

    source: str
    by_name: dict[str, Pin]

    def refusal(self, entry: PluginEntry) -> str | None:
        """Why the plugin may not load; None when it may."""
        pin = self.by_name.get(normalized(entry.name))
        if pin is None:
            return f"{self.source} does not name it"
        return None if pin.allows(entry.version) else f"{self.source} wants {pin.versions}, not {entry.version}"


def read_pins(cwd: str, environ: Mapping[str, str]) -> Pins | None:
    """The pins that hold in `cwd`; None when any plugin may load.

    Raises DocumentError for a file and PluginError for a variable that cannot be read.
    """
    listed = environ.get(VARIABLE)
    if listed is not None:
        return Pins(VARIABLE, dict(_checked(VARIABLE, _split(listed))))
    for folder in _upward(os.path.abspath(cwd)):  # noqa: PTH100 - see discovery
        path = f"{folder.rstrip(os.sep)}{os.sep}{FILE}"
        if os.path.isfile(path):  # noqa: PTH113
            return _read_file(path)
    return None


def _upward(folder: str) -> Iterator[str]:
    yield folder
    while (parent := os.path.dirname(folder)) != folder:  # noqa: PTH120
        yield parent
        folder = parent


def _split(listed: str) -> Iterator[tuple[str, str]]:
    """`a>=1,<2,b` as (`a`, `>=1,<2`), (`b`, ``): a comma also joins the parts of one range."""
    parts: list[str] = []
    for part in (piece.strip() for piece in listed.split(",")):
        if part[:1] and part[0] in OPERATORS and parts:
            parts[-1] += f",{part}"
        elif part:
            parts.append(part)
    for part in parts:
        start = next((index for index, sign in enumerate(part) if sign in OPERATORS), len(part))
        yield part[:start].strip(), part[start:].strip()


def _read_file(path: str) -> Pins | None:
    import tomllib  # deferred: most folders have no such file

    try:
        with open(path, "rb") as stream:  # noqa: PTH123
            text = stream.read().decode("utf-8-sig")
        table = tomllib.loads(text).get("plugins")
    except OSError as error:
        raise DocumentError(f"{path} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise DocumentError(f"{path} is not UTF-8 (byte {error.start})") from error
    except tomllib.TOMLDecodeError as error:
        raise DocumentError(f"{path} is not TOML: {error}") from error
    if table is None:
        return None
    if not isinstance(table, dict):
        raise DocumentError(f"{path}, line {_line_of(text, 'plugins')}: plugins must be a table of version ranges")
    rows: list[tuple[str, Pin]] = []
    for name, versions in table.items():
        location = f"{path}, line {_line_of(text, name)}"
        if not isinstance(versions, str):
            raise DocumentError(f'{location}: the versions of {name} must be a text such as ">=0.1" or "*"')
        rows.extend(_checked(location, [(name, versions.strip())]))
    return Pins(path, dict(rows))


def _checked(location: str, rows: Iterator[tuple[str, str]] | list[tuple[str, str]]) -> Iterator[tuple[str, Pin]]:
    for name, versions in rows:
        wanted = "" if versions == "*" else versions
        if not name or not _is_specifier(wanted):
            raise PluginError(
                f"{location}: {name or versions!r} {versions!r} is not a plugin name with a version range"
            )
        yield normalized(name), Pin(name, wanted)


def _is_specifier(versions: str) -> bool:
    if not versions:
        return True
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        SpecifierSet(versions)
    except InvalidSpecifier:
        return False
    return True


def _line_of(text: str, key: str) -> int:
    """The first line that starts with `key`, plain or quoted, as a key or a table; 1 when none does."""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip().strip("[").lstrip("\"' ").startswith(key):
            return number
    return 1
