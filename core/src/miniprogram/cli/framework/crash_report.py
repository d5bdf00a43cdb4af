"""What is kept of an internal error, so that it can be reported: everything that helps, nothing that is secret."""

from __future__ import annotations

import platform
import sys
import traceback
from collections.abc import Iterator, Sequence
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import TYPE_CHECKING, Any

from miniprogram.clock import to_iso
from miniprogram.plugins.installed.discovery import PluginEntry, find_entries, normalized
from miniprogram.plugins.installed.first_party import is_first_party
from miniprogram.plugins.markers import PROJECT
from miniprogram.version import VERSION

if TYPE_CHECKING:
    from miniprogram.cli.framework.app_context import AppContext

HIDDEN = "…"
REPORT = Path(".mini_program", "last_crash.json")
"""Below the home folder. One report is kept: the last."""


def plugin_at_fault(error: BaseException, app_context: AppContext) -> PluginEntry | None:
    """The plugin of somebody else whose code raised `error`, or was running when it was raised; else None."""
    entries = find_entries()
    packages = {**packages_of_commands(entries, app_context), **{_top(entry.module): entry for entry in entries}}
    for name in reversed(list(_packages(error))):
        entry = packages.get(name)
        if entry is not None:
            return None if is_first_party(entry.distribution) else entry
    return None


def packages_of_commands(entries: Sequence[PluginEntry], app_context: AppContext) -> dict[str, PluginEntry]:
    """The packages that commands of plugins come from, besides those of the hooks."""
    from miniprogram.errors import MiniProgramError

    try:
        commands = app_context.registry.commands_by_plugin()
    except MiniProgramError:
        return {}
    by_name = {entry.name: entry for entry in entries}
    found = {_top(spec.load.partition(":")[0]): by_name[owner] for owner, spec in commands if owner in by_name}
    installed = packages_distributions()
    return {
        package: entry
        for package, entry in found.items()
        if package not in sys.stdlib_module_names
        and package != PROJECT
        and normalized(entry.distribution) in map(normalized, installed.get(package, [entry.distribution]))
    }


def _top(module: str) -> str:
    return module.partition(".")[0]


def save_report(error: BaseException, argv: Sequence[str], app_context: AppContext) -> Path | None:
    """Write what happened below the home folder and return where; None when nothing can be written there."""
    from miniprogram.errors import MiniProgramError
    from miniprogram.files import write_atomic
    from miniprogram.strict_json import to_pretty_json

    path = app_context.home / REPORT
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, to_pretty_json(crash_report(error, argv, app_context)) + b"\n")
    except (OSError, MiniProgramError):
        return None
    return path


def crash_report(error: BaseException, argv: Sequence[str], app_context: AppContext) -> dict[str, Any]:
    """Versions, plugins, the shape of the command line and the call chain. Values that were typed are left out."""
    home = str(app_context.home)
    return {
        "schemaVersion": 1,
        "atUtc": to_iso(app_context.now()),
        "miniprogram": VERSION,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "plugins": [f"{each.name} ({each.distribution} {each.version})" for each in find_entries()],
        "commandLine": shape(argv),
        "error": described(error, argv, app_context),
        "calls": [
            f"{frame.filename.replace(home, '~')}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)
        ],
    }


def described(error: BaseException, argv: Sequence[str], app_context: AppContext) -> str:
    """The error on one line, without what was typed and without the name of the home folder."""
    text = " ".join(f"{type(error).__name__}: {error}".split())
    for value in sorted(filter(None, _values(argv)), key=len, reverse=True):
        text = text.replace(value, HIDDEN)
    return text.replace(str(app_context.home), "~")


def shape(argv: Sequence[str]) -> list[str]:
    """A command line without what was typed for it: the words of the command and the names of options stay."""
    values = set(_positions_of_values(argv))
    return [
        HIDDEN if position in values else word.partition("=")[0] + (f"={HIDDEN}" if "=" in word else "")
        for position, word in enumerate(argv)
    ]


def _values(argv: Sequence[str]) -> Iterator[str]:
    positions = set(_positions_of_values(argv))
    for position, word in enumerate(argv):
        if position in positions:
            yield word
        elif word.startswith("-") and "=" in word:
            yield word.partition("=")[2]


def _positions_of_values(argv: Sequence[str]) -> Iterator[int]:
    """Everything after the command's own words that is not the name of an option."""
    from miniprogram.cli.command_table import COMMANDS

    known = {word for spec in COMMANDS for word in spec.path}
    inside = True
    for position, word in enumerate(argv):
        inside = inside and word in known
        if not inside and not word.startswith("-"):
            yield position


def _packages(error: BaseException) -> Iterator[str]:
    frame = error.__traceback__
    while frame is not None:
        yield _top(str(frame.tb_frame.f_globals.get("__name__", "")))
        frame = frame.tb_next
