"""Command groups that know names and summaries, and import a command only when it is asked for."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

from miniprogram.errors import UsageError
from miniprogram.plugins.specs import CommandSpec

if TYPE_CHECKING:
    from pydantic import BaseModel
    from typer.core import TyperCommand

HELP_NAMES = {"help_option_names": ["-h", "--help"]}


class CommandTree:
    """All commands by path. Plugins are asked only for what the core does not have."""

    def __init__(
        self,
        commands: Sequence[CommandSpec],
        groups: dict[tuple[str, ...], str],
        plugin_commands: Callable[[], Sequence[CommandSpec]],
        settings_models: Callable[[str], Mapping[str, type[BaseModel]]],
    ) -> None:
        self._commands = {spec.path: spec for spec in commands}
        self.groups = dict(groups)
        self._plugin_commands = plugin_commands
        self.settings_models = settings_models
        self._asked = False

    def children(self, prefix: tuple[str, ...]) -> list[str]:
        """Names directly below `prefix`, sorted."""
        self._ask_plugins()
        paths = [*self._commands, *self.groups]
        return sorted({path[len(prefix)] for path in paths if path[: len(prefix)] == prefix != path})

    def is_group(self, path: tuple[str, ...]) -> bool:
        known = path in self.groups and self._has_below(path)
        if not known and path not in self._commands:
            self._ask_plugins()
        return self._has_below(path)

    def command(self, path: tuple[str, ...]) -> CommandSpec | None:
        if path not in self._commands:
            self._ask_plugins()
        return self._commands.get(path)

    def _has_below(self, path: tuple[str, ...]) -> bool:
        return any(len(other) > len(path) and other[: len(path)] == path for other in self._commands)

    def _ask_plugins(self) -> None:
        if not self._asked:
            self._asked = True
            for spec in self._plugin_commands():
                self._commands.setdefault(spec.path, spec)


class LazyGroup(TyperGroup):
    """A group whose commands come from a CommandTree."""

    def __init__(self, tree: CommandTree, path: tuple[str, ...], help_text: str, **attrs: Any) -> None:
        super().__init__(
            name=path[-1] if path else "miniprogram",
            help=help_text,
            rich_markup_mode=None,
            context_settings=HELP_NAMES,
            **attrs,
        )
        self._tree, self._path = tree, path

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - Typer's signature
        return self._tree.children(self._path)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - Typer's signature
        path = (*self._path, cmd_name)
        spec = self._tree.command(path)
        if spec is not None:
            return load_command(spec, self._tree.settings_models)
        if self._tree.is_group(path):
            return LazyGroup(self._tree, path, self._tree.groups.get(path, ""))
        return None

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        rows = [(name, self._summary(name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args == ["help"]:
            args = ["--help"]
        if not args:
            sys.stderr.write(ctx.get_help() + "\n")
            raise UsageError(f"{ctx.command_path} needs a subcommand")
        rest: list[str] = super().parse_args(ctx, args)
        return rest

    def _summary(self, name: str) -> str:
        path = (*self._path, name)
        spec = self._tree.command(path)
        return spec.summary if spec else self._tree.groups.get(path, "")


def load_command(
    spec: CommandSpec, settings_models: Callable[[str], Mapping[str, type[BaseModel]]]
) -> TyperCommand:
    """Import the function behind `spec` and make a Typer command of it."""
    module, _, name = spec.load.partition(":")
    function = getattr(importlib.import_module(module), name)
    if spec.settings_of:
        from miniprogram.cli.settings_options import accept_settings  # deferred: imports pydantic

        function = accept_settings(function, settings_models(spec.settings_of))
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    settings = {**HELP_NAMES, "allow_extra_args": spec.surplus == "ignored"}
    app.command(spec.path[-1], help=function.__doc__ or spec.summary, context_settings=settings)(function)
    command: TyperCommand = typer.main.get_command(app)  # type: ignore[assignment]
    return command
