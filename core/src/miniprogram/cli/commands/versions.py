"""`versions` and `rollback`: what a target holds of a mini-program, and going back to one of its versions."""

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
from miniprogram.errors import UsageError
from miniprogram.person_text import printable

if TYPE_CHECKING:
    from miniprogram.publish.target_choice import TargetChoice
    from miniprogram.publish.versions.keeping import HeldProgram
    from miniprogram.publish.versions.reports import RollbackReport, VersionsReport

DIGEST_SHOWN = len("sha256:") + 12
HEADINGS = ("VERSION", "PUBLISHED", "BY", "DIGEST", "POINTED AT BY")

Target = Annotated[
    str | None,
    typer.Option(
        "--target",
        parser=trimmed,
        metavar="NAME",
        help="Where to look; local, or cloud with an active environment.",
        autocompletion=target_names,
    ),
]


def versions(
    context: typer.Context,
    program_id: OptionalProgramId = None,
    *,
    target: Target = None,
    repo_root: RepoRoot = None,
    mini_program_root: ProgramRoot = None,
    env: EnvName = None,
    as_json: AsJson = False,
    settings: Mapping[str, object],
) -> None:
    """List the versions a target holds of a mini-program: when and by whom published, and what points at each.

    Nothing is changed, and the mini-program's sources need not be here.
    """
    from miniprogram.publish.versions.keeping import list_versions

    tools: AppContext = context.obj
    program = _program(tools, program_id, mini_program_root, repo_root)
    report = list_versions(program, _choice(target, env, settings), tools)
    emit(report, as_json=as_json, lines=_listed)


def rollback(
    context: typer.Context,
    version: Annotated[
        str | None,
        typer.Argument(
            metavar="<version>", parser=trimmed, help="A version the target holds.", show_default=False
        ),
    ] = None,
    program_id: OptionalProgramId = None,
    *,
    target: Target = None,
    repo_root: RepoRoot = None,
    mini_program_root: ProgramRoot = None,
    env: EnvName = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be written, and write nothing.")
    ] = False,
    as_json: AsJson = False,
    settings: Mapping[str, object],
) -> None:
    """Send hosts to another version that the target holds, older or newer. `versions` lists them.

    No sources are needed and nothing is published: every file of the version has to be there, or nothing changes.
    """
    from miniprogram.publish.versions.keeping import roll_back

    if version is None:
        raise UsageError("the version to go to is required", hint="`miniprogram versions` lists those there are.")
    tools: AppContext = context.obj
    program = _program(tools, program_id, mini_program_root, repo_root)
    report = roll_back(version, program, _choice(target, env, settings), tools, dry_run=dry_run)
    emit(report, as_json=as_json, lines=_moved)


def _program(tools: AppContext, program_id: str | None, root: str | None, repo_root: str | None) -> HeldProgram:
    from miniprogram.publish.versions.keeping import HeldProgram

    return HeldProgram(
        program_id,
        program_root=tools.cwd / root if root else None,
        repo_root=tools.cwd / repo_root if repo_root else None,
    )


def _choice(target: str | None, env: str | None, settings: Mapping[str, object]) -> TargetChoice:
    from miniprogram.publish.target_choice import TargetChoice

    return TargetChoice(target, env, settings)


def _listed(report: VersionsReport) -> Iterator[str]:
    if not report.versions:
        yield f"{report.mini_program_id} was never published to {report.location}"
    else:
        yield f"{report.mini_program_id} in {report.location}"
        rows = [HEADINGS, *_rows(report)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            yield f"  {'  '.join(cells)}".rstrip()
        if any(each.published_by is None for each in report.versions):
            yield "BY is - where nobody said who published; `publish --actor NAME` does."
    yield from report.notes


def _rows(report: VersionsReport) -> Iterator[tuple[str, ...]]:
    for each in report.versions:
        pointing = ", ".join(each.pointed_at_by)
        state = "" if each.state == "whole" else each.state
        yield (
            each.version,
            (each.published_at_utc or "-")[:19].replace("T", " "),
            printable(each.published_by or "-"),
            (each.digest or "-")[:DIGEST_SHOWN],
            "; ".join(part for part in (state, pointing) if part) or "-",
        )


def _moved(report: RollbackReport) -> Iterator[str]:
    name = report.mini_program_id
    if not report.changed:
        yield f"{name} is at {report.version} already in {report.location}"
    else:
        what = "Would send hosts" if report.dry_run else "Hosts are sent"
        yield f"{what} from {name} {report.previous_version or 'nothing'} to {report.version} in {report.location}"
        yield from (f"  write  {path}" for path in report.written_files)
    yield from report.notes
