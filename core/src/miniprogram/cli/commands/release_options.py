"""What the commands about releases share: their options, and the command context they get."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from miniprogram.cli.commands.actor import actor_name
from miniprogram.cli.commands.cloud_session import SelectedEnvironment
from miniprogram.cli.commands.stages import wanted_stage
from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.parsing.options import trimmed
from miniprogram.errors import UsageError

if TYPE_CHECKING:
    from miniprogram.identity.command_context import CommandContext
    from miniprogram.targets import Target

PRODUCTION = "production"

ProgramArgument = Annotated[
    str | None, typer.Argument(metavar="<mini-program-id>", parser=trimmed, help="The mini-program.")
]
VersionArgument = Annotated[
    str | None, typer.Argument(metavar="<version>", parser=trimmed, help="A published version.")
]
App = Annotated[
    str | None,
    typer.Option("--app", parser=trimmed, metavar="NAME", help="Host app the release is for; required."),
]
StageOption = Annotated[
    str,
    typer.Option(
        "--stage", metavar="NAME", help="Environment of the host app: development, test, sandbox, production."
    ),
]
Revision = Annotated[
    int | None, typer.Option("--revision", metavar="N", help="Only if the releases are still at this revision.")
]
Reason = Annotated[
    str | None, typer.Option("--reason", parser=trimmed, metavar="TEXT", help="Why; put on record.")
]
OtherVersion = Annotated[
    str | None, typer.Option("--version", parser=trimmed, metavar="VERSION", help="Only about this version.")
]
AudienceOption = Annotated[
    str | None,
    typer.Option("--audience", metavar="JSON", help="A condition as JSON, or @FILE; `none` is everybody."),
]


def open_command_context(
    tools: AppContext, *, env: str | None, root: str | None, actor: str | None, revision: int | None = None
) -> CommandContext:
    """The command context of whoever runs the command: the store's own credentials are their authority.

    Raises UsageError when there is no environment file, MiniProgramError when the name is not in it.
    """
    from miniprogram.environments.session import storage_of
    from miniprogram.identity.command_context import CommandContext
    from miniprogram.identity.roles import store_owner

    session = SelectedEnvironment(tools, env, root).open()
    return CommandContext(storage_of(session), store_owner(actor_name(tools, actor)), tools.now(), revision)


def wanted_target(app: str | None, stage: str) -> Target:
    """`--app` and `--stage` as a target. Raises UsageError."""
    from miniprogram.targets import Target

    if app is None:
        raise UsageError("--app is required: the host app the release is for")
    return Target(host_app=app, environment=wanted_stage(stage))


def required(value: str | None, what: str) -> str:
    """An argument a command cannot do without. Raises UsageError naming it."""
    if value is None:
        raise UsageError(f"{what} is required")
    return value


def named(program_id: str | None, version: str | None) -> tuple[str, str]:
    """The two arguments most commands begin with. Raises UsageError."""
    from miniprogram.catalogue.rollback import check_version
    from miniprogram.cli.commands.cloud_app import required_id

    return required_id(program_id), check_version(required(version, "a version"))


def read_json_option(tools: AppContext, text: str, option: str) -> Any:
    """JSON given on the command line, or in the file after `@`. Raises UsageError naming the option."""
    from miniprogram.json_values import parse_given_json

    if text.startswith("@"):
        return read_json_file(tools, Path(text[1:]))
    return parse_given_json(text, what=option)


def read_json_file(tools: AppContext, path: Path) -> Any:
    """The JSON value in a file that was named on the command line. Raises UsageError naming the file."""
    from miniprogram.errors import DocumentError
    from miniprogram.json_values import parse_given_json
    from miniprogram.strict_json import read_bounded

    try:
        body = read_bounded(tools.cwd / path)
    except DocumentError as error:
        raise UsageError(str(error)) from None
    return parse_given_json(body, what=str(path))


def read_audience(tools: AppContext, text: str) -> dict[str, Any] | None:
    """`--audience`: a condition, or None for everybody. Raises UsageError."""
    if text.strip() == "none":
        return None
    tree = read_json_option(tools, text, "--audience")
    if not isinstance(tree, dict):
        raise UsageError("--audience must be a JSON object")
    return tree


def read_lines(tools: AppContext, given: Iterable[str], file: Path | None) -> list[str]:
    """What was given by hand, and what stands in the file, one a line or as CSV."""
    from miniprogram.releases.commands.id_files import read_ids

    return [*given, *(read_ids(tools.cwd / file) if file else ())]


def basis_points(percent: str) -> int:
    """Per cent as basis points. Raises UsageError for what is no percentage."""
    from miniprogram.releases.percentages import basis_points_of

    return basis_points_of(percent, what="--ratio")
