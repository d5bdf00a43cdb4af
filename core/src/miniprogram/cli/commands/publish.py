"""`publish`: build a mini-program and bring it to where hosts load it from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.output import emit
from miniprogram.cli.framework.parsing.options import (
    AsJson,
    EnvName,
    OptionalProgramId,
    ProgramRoot,
    RepoRoot,
    target_names,
    trimmed,
)

if TYPE_CHECKING:
    from miniprogram.publish.report import PublishReport


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
    from miniprogram.publish.publish_program import PublishRequest, publish_program

    tools: AppContext = context.obj
    request = PublishRequest(
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
    emit(publish_program(request, tools), as_json=as_json, lines=_lines)


def _lines(report: PublishReport) -> Iterator[str]:
    from miniprogram.publish.report import PublishPlanReport

    name = f"{report.mini_program_id} {report.version}"
    if isinstance(report, PublishPlanReport):
        yield f"Would publish {name} to {report.location}" if report.changed else f"{name} is already there"
        yield from (f"  write  {path}" for path in report.written_files)
        yield from (f"  remove {path}" for path in report.removed_files)
    elif report.changed:
        yield f"Published {name} to {report.location}"
    else:
        yield f"{name} was already published to {report.location}; nothing changed"
    yield f"Files: {_counts(report)}"
    yield f"Digest: {report.digest}"
    if report.delivery_api_base_url is not None:
        yield f"API base URL for hosts: {report.delivery_api_base_url}"
    yield from report.notes


def _counts(report: PublishReport) -> str:
    counts = {
        "to write" if report.dry_run else "written": report.written_file_count,
        "unchanged": report.unchanged_file_count,
        "to remove" if report.dry_run else "removed": report.removed_file_count,
    }
    return ", ".join(f"{count} {what}" for what, count in counts.items() if count) or "none"
