"""Commands about releases share most of their options: here they are added, and the command context is made.

A decorated function has its own options and a `work` first; it returns a report, and says how people read it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import typer

from miniprogram.cli.commands.actor import ActorName
from miniprogram.cli.commands.release_options import (
    PRODUCTION,
    App,
    ProgramArgument,
    Revision,
    StageOption,
    VersionArgument,
    named,
    open_command_context,
    wanted_target,
)
from miniprogram.cli.commands.unknown_target import naming_target
from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.output import Report, emit
from miniprogram.cli.framework.parsing.options import AsJson, EnvName, StateRoot
from miniprogram.cli.framework.parsing.signatures import KEYWORD, POSITIONAL, parameters_of, stand_for

if TYPE_CHECKING:
    from miniprogram.documents.environment_storage import EnvironmentStorage
    from miniprogram.identity.command_context import CommandContext
    from miniprogram.targets import Target


@dataclass(frozen=True, slots=True)
class Work:
    """What a command works on. Blank texts and a missing target are of commands that take none."""

    tools: AppContext
    context: CommandContext
    program: str = ""
    version: str = ""
    about: Target | None = None

    @property
    def storage(self) -> EnvironmentStorage:
        return self.context.storage

    @property
    def target(self) -> Target:
        assert self.about is not None  # noqa: S101 - only asked by commands that take one
        return self.about


Lines = Callable[[Any], Iterable[str]]
Exit = Callable[[Any], int]
UseCase = Callable[..., Report]

_PROGRAM = inspect.Parameter("program_id", POSITIONAL, default=None, annotation=ProgramArgument)
_VERSION = inspect.Parameter("version", POSITIONAL, default=None, annotation=VersionArgument)
_APP = inspect.Parameter("app", KEYWORD, default=None, annotation=App)
_STAGE = inspect.Parameter("stage", KEYWORD, default=PRODUCTION, annotation=StageOption)
_REVISION = inspect.Parameter("revision", KEYWORD, default=None, annotation=Revision)
_SHARED = (
    inspect.Parameter("env", KEYWORD, default=None, annotation=EnvName),
    inspect.Parameter("root", KEYWORD, default=None, annotation=StateRoot),
    inspect.Parameter("actor", KEYWORD, default=None, annotation=ActorName),
    inspect.Parameter("as_json", KEYWORD, default=False, annotation=AsJson),
)


def on_release(lines: Lines, exit_code: Exit | None = None) -> Callable[[UseCase], Callable[..., int]]:
    """A command about one version on one target."""
    return partial(_wrap, (_PROGRAM, _VERSION), (_APP, _STAGE, _REVISION, *_SHARED), lines, exit_code)


def on_target(lines: Lines, exit_code: Exit | None = None) -> Callable[[UseCase], Callable[..., int]]:
    """A command about a mini-program on one target."""
    return partial(_wrap, (_PROGRAM,), (_APP, _STAGE, _REVISION, *_SHARED), lines, exit_code)


def on_program(lines: Lines, exit_code: Exit | None = None) -> Callable[[UseCase], Callable[..., int]]:
    """A command about a mini-program."""
    return partial(_wrap, (_PROGRAM,), (_REVISION, *_SHARED), lines, exit_code)


def on_environment(lines: Lines, exit_code: Exit | None = None) -> Callable[[UseCase], Callable[..., int]]:
    """A command about the environment itself."""
    return partial(_wrap, (), _SHARED, lines, exit_code)


def _wrap(
    before: tuple[inspect.Parameter, ...],
    after: tuple[inspect.Parameter, ...],
    lines: Lines,
    exit_code: Exit | None,
    function: UseCase,
) -> Callable[..., int]:
    own = parameters_of(function)[1:]
    names = {parameter.name for parameter in own}

    def command(context: typer.Context, **values: Any) -> int:
        mine = {name: values.pop(name) for name in names}
        as_json = values.pop("as_json")
        work = _work_of(context.obj, **values)
        with naming_target(work.storage, work.about):
            report = function(work, **mine)
        emit(report, as_json=as_json, lines=lambda found: escaped(lines(found)))
        return exit_code(report) if exit_code else 0

    context = inspect.Parameter("context", POSITIONAL, annotation=typer.Context)
    positional = [each for each in own if each.kind is POSITIONAL]
    keywords = [each for each in own if each.kind is KEYWORD]
    return stand_for(command, function, [context, *before, *positional, *keywords, *after])


def escaped(lines: Iterable[str]) -> Iterator[str]:
    """`lines` for a terminal: texts that were stored before they were checked may hold what moves the cursor."""
    from miniprogram.person_text import printable

    yield from map(printable, lines)


def _work_of(
    tools: AppContext,
    *,
    env: str | None,
    root: str | None,
    actor: str | None,
    revision: int | None = None,
    **names: Any,
) -> Work:
    """Checks what was named first, so that a wrong command line is said before an environment is opened."""
    program, version, about = "", "", None
    if "version" in names:
        program, version = named(names["program_id"], names["version"])
    elif "program_id" in names:
        from miniprogram.cli.commands.cloud_app import required_id

        program = required_id(names["program_id"])
    if "app" in names:
        about = wanted_target(names["app"], names["stage"])
    command_context = open_command_context(tools, env=env, root=root, actor=actor, revision=revision)
    return Work(tools, command_context, program, version, about)
