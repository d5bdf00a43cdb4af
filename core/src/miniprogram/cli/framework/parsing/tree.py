"""Which command a command line names, without importing any.

The core's commands are known beforehand. Plugins are asked only for what is not among them, so a command of the
core starts without looking for plugins and works when one is broken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from miniprogram.errors import MiniProgramError
from miniprogram.plugins.specs import CommandSpec

if TYPE_CHECKING:
    from miniprogram.plugins.registry import Registry

Path = tuple[str, ...]


class ResolvedCommand(NamedTuple):
    """Where a command line leads: `path` is a command when `spec` is there, else a group; `rest` follows it."""

    path: Path
    spec: CommandSpec | None
    rest: list[str]


class CommandTree:
    """All commands by path."""

    def __init__(
        self, commands: Sequence[CommandSpec], groups: Mapping[Path, str], registry: Callable[[], Registry]
    ) -> None:
        self._commands = {spec.path: spec for spec in commands}
        self._groups = groups
        self._registry = registry
        self._more: dict[Path, CommandSpec] | None = None

    def find(self, argv: Sequence[str]) -> ResolvedCommand:
        """Follow `argv` down to a command, or to the last group it names.

        Raises PluginError when two plugins add the command, or a pinned plugin is missing that might.
        """
        path: Path = ()
        for index, word in enumerate(argv):
            child = (*path, word)
            spec = self._commands.get(child)
            if spec is None and not _is_option(word) and not self._leads_on(child, self._commands):
                spec = self._registry().command(child)
            if spec is not None:
                return ResolvedCommand(child, spec, list(argv[index + 1 :]))
            if not self.is_group(child):
                return ResolvedCommand(path, None, list(argv[index:]))
            path = child
        return ResolvedCommand(path, None, [])

    def is_group(self, path: Path) -> bool:
        return self._leads_on(path, self._commands) or (
            not _is_option(path[-1]) and self._leads_on(path, self._plugin_commands())
        )

    def children(self, path: Path) -> dict[str, str]:
        """Names and summaries directly below `path`, sorted. Lists what it can when plugins are in trouble."""
        try:
            commands = {**self._plugin_commands(), **self._commands}
        except MiniProgramError:
            commands = self._commands
        below = {other[: len(path) + 1] for other in commands if other[: len(path)] == path != other}
        return {
            child[-1]: commands[child].summary if child in commands else self.summary(child)
            for child in sorted(below)
        }

    def summary(self, path: Path) -> str:
        """What the group `path` is about. For a group of plugins the first of its commands that says so."""
        if not path or path in self._groups:
            return self._groups.get(path, "")
        told = (spec.group for other, spec in self._plugin_commands().items() if other[:-1] == path)
        return next(filter(None, told), f"Commands for {path[-1]}.")

    @property
    def registry(self) -> Registry:
        return self._registry()

    def _plugin_commands(self) -> dict[Path, CommandSpec]:
        if self._more is None:
            self._more = {spec.path: spec for spec in self._registry().commands()}
        return self._more

    @staticmethod
    def _leads_on(path: Path, commands: Mapping[Path, CommandSpec]) -> bool:
        return any(len(other) > len(path) and other[: len(path)] == path for other in commands)


def _is_option(word: str) -> bool:
    return word.startswith("-")
