"""Pins: which distributions may add plugins, and in which versions.

`MINIPROGRAM_PLUGINS` (a list such as `static>=0.1,acme-cloud`) wins over the table `[plugins]` of the nearest
`miniprogram.toml` at or above the working folder, and at or above the mini-program that the command is about:
`acme-cloud = ">=0.1"`, `static = "*"`. Names are those of distributions; a plugin of this project may be called by
its own name. Neither: any plugin may load. An empty list: none but what is built in. Ranges are version specifiers
as in package requirements.
"""

from __future__ import annotations

import os

from miniprogram.errors import DocumentError, PluginError
from miniprogram.plugins.installed.discovery import normalized
from miniprogram.plugins.installed.first_party import owner_of_name
from miniprogram.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from miniprogram.plugins.installed.discovery import PluginEntry

FILE = "miniprogram.toml"
VARIABLE = "MINIPROGRAM_PLUGINS"
OPERATORS = "<>=!~"
KNOWN_TABLES = ("plugins", "sealing", "trust")
"""What a `miniprogram.toml` may say. Anything else is a slip, and a pin that has no effect is worse than none."""


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
    """Where pins stand, and the pins by normalized name of the distribution, or of a plugin of this project."""

    source: str
    by_name: dict[str, Pin]

    def pin_of(self, entry: PluginEntry) -> Pin | None:
        """The pin that is about this plugin. A name that a stranger gave itself does not count."""
        pin = self.by_name.get(normalized(entry.distribution))
        if pin is None and is_ours(entry):
            pin = self.by_name.get(normalized(entry.name))
        return pin

    def refusal(self, entry: PluginEntry) -> str | None:
        """Why the plugin may not load; None when it may."""
        pin = self.pin_of(entry)
        if pin is None:
            return f"{self.source} does not name {entry.distribution}"
        return None if pin.allows(entry.version) else f"{self.source} wants {pin.versions}, not {entry.version}"


class PinSet(Record):
    """Pins that hold together: a plugin may load when all of them allow it. None there: any plugin may."""

    files: tuple[Pins, ...] = ()

    @property
    def source(self) -> str | None:
        """Where the pins stand, for people; None when there are none."""
        return " and ".join(each.source for each in self.files) or None

    def refusal(self, entry: PluginEntry) -> str | None:
        """Why the plugin may not load; None when it may."""
        refusals = (each.refusal(entry) for each in self.files)
        return next((reason for reason in refusals if reason is not None), None)


def is_ours(entry: PluginEntry) -> bool:
    """Whether the plugin is the one of this project that has its name."""
    distribution = owner_of_name(entry.name)
    return distribution is not None and normalized(distribution) == normalized(entry.distribution)


def read_pins(folders: Sequence[str], environ: Mapping[str, str]) -> PinSet:
    """The pins that hold for work in `folders`: those of each folder's nearest file, all together.

    Raises DocumentError for a file and PluginError for a variable that cannot be read.
    """
    listed = environ.get(VARIABLE)
    if listed is not None:
        return PinSet((Pins(VARIABLE, dict(_checked(VARIABLE, _split(listed)))),))
    paths = dict.fromkeys(filter(None, map(nearest_file, folders)))
    return PinSet(tuple(filter(None, map(_read_file, paths))))


def nearest_file(folder: str) -> str | None:
    """The `miniprogram.toml` that holds in `folder`: in it, or the nearest one above."""
    for each in _upward(os.path.abspath(folder)):  # noqa: PTH100 - see discovery
        path = f"{each.rstrip(os.sep)}{os.sep}{FILE}"
        if os.path.isfile(path):  # noqa: PTH113
            return path
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
        tables = tomllib.loads(text)
    except OSError as error:
        raise DocumentError(f"{path} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise DocumentError(f"{path} is not UTF-8 (byte {error.start})") from error
    except tomllib.TOMLDecodeError as error:
        raise DocumentError(f"{path} is not TOML: {error}") from error
    for name in tables:
        if name not in KNOWN_TABLES:
            raise DocumentError(
                f"{path}, line {_line_of(text, name)}: there is no table {name!r} here{_meant(name)}"
            )
    table = tables.get("plugins")
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


def _meant(name: str) -> str:
    from miniprogram.suggestions import closest  # deferred: only a mistake needs it

    near = closest(name, KNOWN_TABLES)
    return f"; did you mean {near!r}?" if near else f"; known: {', '.join(KNOWN_TABLES)}"


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
