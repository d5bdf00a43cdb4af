"""`release list` and `release reviews`: what is under way, what ended, and what waits for a decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from miniprogram.cli.commands.actor import ActorName
from miniprogram.cli.commands.page_options import After, Limit, OfApp, OfStage, Search, State, page_query
from miniprogram.cli.commands.release_command import Work, escaped, on_environment
from miniprogram.cli.commands.release_lines import list_lines, table
from miniprogram.cli.commands.release_options import ProgramArgument, open_command_context
from miniprogram.cli.framework.output import Report, emit
from miniprogram.cli.framework.parsing.options import AsJson, EnvName, StateRoot
from miniprogram.errors import UsageError

if TYPE_CHECKING:
    from miniprogram.documents.index.listing import ProgramQuery

Before = Annotated[
    int | None,
    typer.Option("--before", metavar="N", min=2, help="With --archived: only what ended before this revision."),
]


def list_releases(
    context: typer.Context,
    program_id: ProgramArgument = None,
    *,
    archived: Annotated[
        bool, typer.Option("--archived", help="Those of a mini-program that ended, the newest first.")
    ] = False,
    limit: Limit = None,
    after: After = None,
    before: Before = None,
    search: Search = None,
    state: State = None,
    app: OfApp = None,
    stage: OfStage = None,
    env: EnvName = None,
    root: StateRoot = None,
    actor: ActorName = None,
    as_json: AsJson = False,
) -> int:
    """List the releases under way, of one mini-program or of all; exit code 1 when one cannot be read."""
    from miniprogram.cli.commands.cloud_app import required_id
    from miniprogram.releases.queries.environment_list import list_all
    from miniprogram.releases.queries.listing import finished_releases
    from miniprogram.releases.queries.listing import list_releases as listed

    of_all = {"--after": after, "--search": search, "--state": state, "--app": app, "--stage": stage}
    if archived or program_id is not None:
        _refuse(of_all, "is about all mini-programs: leave the mini-program and --archived out")
    if not archived:
        _refuse({"--before": before}, "is about releases that ended: add --archived")
    if program_id is not None and not archived:
        _refuse({"--limit": limit}, "is about all mini-programs, or about releases that ended (--archived)")
    storage = open_command_context(context.obj, env=env, root=root, actor=actor).storage
    if archived:
        emit(
            finished_releases(storage, required_id(program_id), limit=limit, before=before),
            as_json=as_json,
            lines=lambda found: escaped(_archived_lines(found, before)),
        )
    elif program_id is None:
        query = page_query(limit=limit, after=after, search=search, state=state, app=app, stage=stage)
        report = list_all(storage, query)
        emit(report, as_json=as_json, lines=lambda found: escaped(_all_lines(found, query)))
        return 1 if report.unreadable else 0
    else:
        emit(
            listed(storage, required_id(program_id)),
            as_json=as_json,
            lines=lambda found: escaped(_list_lines(found)),
        )
    return 0


def _refuse(given: Mapping[str, object], because: str) -> None:
    for option, value in given.items():
        if value is not None:
            raise UsageError(f"{option} {because}")


def _all_lines(report: Any, query: ProgramQuery) -> Iterator[str]:
    for program in report.programs:
        yield from list_lines(program.mini_program_id, program.releases)
    if not report.programs and not report.unreadable:
        narrowed = (query.after, query.search, query.state, query.app, query.environment)
        asked = " that was asked for" if any(narrowed) else ""
        yield f"No mini-program{asked} has releases in {report.environment_name}."
    yield from _end_lines(report)


def _end_lines(report: Any) -> Iterator[str]:
    """What cannot be read, and how to go on."""
    for program in report.unreadable:
        yield f"{program.mini_program_id} is unreadable: {program.reason}"
    if report.next_after is not None:
        yield f"There are more: --after {report.next_after}"


def _list_lines(report: Any) -> Iterator[str]:
    yield from list_lines(report.mini_program_id, report.releases)
    if report.withdrawn_versions:
        yield f"  Removed versions: {', '.join(report.withdrawn_versions)}"
    if report.directed_to_embedded:
        yield f"  Hosts run what they were built with: {', '.join(report.directed_to_embedded)}"


def _archived_lines(report: Any, before: int | None) -> Iterator[str]:
    rows = [
        (each.version, str(each.target), each.state, each.ending.kind if each.ending else "-", each.updated_at)
        for each in report.releases
    ]
    yield from table(("VERSION", "TARGET", "STATE", "ENDED", "WHEN"), rows)
    if not rows:
        yield f"No release of {report.mini_program_id} has ended{f' before revision {before}' if before else ''}."
    if report.next_before is not None:
        yield f"There are more: --before {report.next_before}"


def _review_lines(report: Any) -> Iterator[str]:
    rows = [
        (
            each.mini_program_id,
            each.release.version,
            str(each.release.target),
            each.asks,
            each.applicant,
            each.applied_at,
        )
        for each in report.waiting
    ]
    yield from table(("PROGRAM", "VERSION", "TARGET", "ASKS FOR", "APPLICANT", "SINCE"), rows)
    if not rows:
        yield "Nothing waits for a review."
    yield from _end_lines(report)


@on_environment(_review_lines, lambda report: 1 if report.unreadable else 0)
def reviews(
    work: Work,
    *,
    limit: Limit = None,
    after: After = None,
    search: Search = None,
    app: OfApp = None,
    stage: OfStage = None,
) -> Report:
    """List what waits for a reviewer, of all mini-programs."""
    from miniprogram.releases.queries.reviews import review_inbox

    query = page_query(limit=limit, after=after, search=search, app=app, stage=stage)
    return review_inbox(work.storage, work.context.actor, query)
