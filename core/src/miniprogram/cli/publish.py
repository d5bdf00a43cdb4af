"""`publish`: build a mini-program and bring it to where hosts load it from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from miniprogram.cli.options import (
    AsJson,
    EnvName,
    OptionalProgramId,
    ProgramRoot,
    RepoRoot,
    target_names,
    trimmed,
)
from miniprogram.cli.output import emit
from miniprogram.cli.toolbox import Toolbox


def publish(
    context: typer.Context,
    program_id: OptionalProgramId = None,
    *,
    target: Annotated[
        str | None,
        typer.Option(
            parser=trimmed,
            metavar="NAME",
            help="Where to publish; local, or cloud with an active environment.",
            autocompletion=target_names,
        ),
    ] = None,
    repo_root: RepoRoot = None,
    mini_program_root: ProgramRoot = None,
    env: EnvName = None,
    base_url: Annotated[
        str | None,
        typer.Option(parser=trimmed, metavar="URL", help="Where hosts will load from; images need it."),
    ] = None,
    allow_older: Annotated[
        bool, typer.Option("--allow-older", help="Let a lower version take the place of the one served.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be written, and write nothing there.")
    ] = False,
    stac_cli_script: Annotated[
        str | None,
        typer.Option(parser=trimmed, metavar="FILE", help="Entry script of a Stac builder, for Dart screens."),
    ] = None,
    skip_build_pub_get: Annotated[
        bool, typer.Option("--skip-build-pub-get", help="Leave the dependencies of Dart screens as they are.")
    ] = False,
    as_json: AsJson = False,
    settings: Mapping[str, object],
) -> None:
    """Build a mini-program and publish it.

    A published version never changes: the same content again does nothing, other content needs a higher version.
    Until everything is there, hosts get the version they got before.
    """
    from miniprogram.cli.publish_order import PublishOrder, carry_out, report_lines

    tools: Toolbox = context.obj
    order = PublishOrder(
        program_id=program_id,
        program_root=tools.cwd / mini_program_root if mini_program_root else None,
        repo_root=tools.cwd / repo_root if repo_root else None,
        target=target,
        environment=env,
        base_url=base_url,
        allow_older=allow_older,
        dry_run=dry_run,
        builder_script=tools.cwd / stac_cli_script if stac_cli_script else None,
        fetch_dependencies=not skip_build_pub_get,
        settings=settings,
    )
    emit(carry_out(order, tools), as_json=as_json, lines=report_lines)
