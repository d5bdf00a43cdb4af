"""`audit`: the trail of what was done, and proof that nobody changed it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from miniprogram.cli.commands.release_command import Work, on_environment
from miniprogram.cli.commands.release_lines import event_lines
from miniprogram.cli.framework.output import Report
from miniprogram.cli.framework.parsing.options import trimmed
from miniprogram.errors import UsageError
from miniprogram.number_words import number_of

if TYPE_CHECKING:
    from miniprogram.documents.audit_search import EventFilter

By = Annotated[
    str | None, typer.Option("--by", parser=trimmed, metavar="NAME", help="Only of who has this in their name.")
]
Command = Annotated[
    str | None,
    typer.Option("--command", parser=trimmed, metavar="WORDS", help="Only this command, or those that begin so."),
]
Outcome = Annotated[
    Literal["done", "denied"] | None, typer.Option("--outcome", help="Only what was done, or was denied.")
]
Since = Annotated[
    str | None,
    typer.Option("--since", parser=trimmed, metavar="WHEN", help="Only from this day of UTC, or time, on."),
]
Until = Annotated[
    str | None,
    typer.Option("--until", parser=trimmed, metavar="WHEN", help="Only up to this day, or before this time."),
]
About = Annotated[
    str | None,
    typer.Argument(
        metavar="[mini-program-id]", parser=trimmed, help="Default: the trail of apps, members and tokens."
    ),
]


def _only(
    by: str | None, command: str | None, since: str | None, until: str | None, outcome: str | None = None
) -> EventFilter:
    from miniprogram.documents.audit_search import event_filter

    return event_filter(
        actor=by or "", command=command or "", outcome=outcome or "", since=since or "", until=until or ""
    )


def _lines(report: Any) -> Iterator[str]:
    yield f"{report.mini_program_id or report.environment_name}: {len(report.events)} of {report.total} events"
    yield from event_lines(report.events)
    if report.next_before is not None:
        yield f"There are older ones: --before {report.next_before}"
    if report.next_after is not None:
        yield f"There are newer ones: --oldest --after {report.next_after}"


@on_environment(_lines)
def show(
    work: Work,
    program_id: About = None,
    *,
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="How many events, the newest first.")] = 50,
    before: Annotated[
        int | None, typer.Option(metavar="N", min=2, help="Only events before this position.")
    ] = None,
    after: Annotated[int | None, typer.Option(metavar="N", min=1, help="Only events after this position.")] = None,
    oldest: Annotated[bool, typer.Option("--oldest", help="The oldest first.")] = False,
    by: By = None,
    command: Command = None,
    outcome: Outcome = None,
    since: Since = None,
    until: Until = None,
) -> Report:
    """Show what was done, by whom, the newest first."""
    from miniprogram.releases.queries.history import history

    return history(
        work.storage,
        program_id,
        limit=limit,
        before=before,
        after=after,
        oldest_first=oldest,
        only=_only(by, command, since, until, outcome),
        command="audit show",
    )


def _export_lines(report: Any) -> Iterator[str]:
    yield f"{number_of(report.events, 'event')} in {report.path}"


@on_environment(_export_lines)
def export(
    work: Work,
    program_id: About = None,
    *,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="File to write; required.")
    ] = None,
    form: Annotated[
        Literal["csv", "jsonl"], typer.Option("--format", help="For spreadsheets, or a JSON object on each line.")
    ] = "jsonl",
    by: By = None,
    command: Command = None,
    outcome: Outcome = None,
    since: Since = None,
    until: Until = None,
) -> Report:
    """Write what was done into a file, the oldest first."""
    from miniprogram.files import replacing
    from miniprogram.releases.queries.history import ExportReport, every_event

    if output is None:
        raise UsageError("--output is required: the file to write")
    from miniprogram.documents.audit_export import export_events

    count = 0

    def counted(events: Iterator[Any]) -> Iterator[Any]:
        nonlocal count
        for event in events:
            count += 1
            yield event

    path = work.tools.cwd / output
    events = every_event(work.storage, program_id, only=_only(by, command, since, until, outcome))
    with replacing(path, mode=0o600) as file:
        for piece in export_events(counted(events), form):
            file.write(piece)
    return ExportReport(
        environment_name=work.storage.environment,
        mini_program_id=program_id,
        format=form,
        path=str(path),
        events=count,
    )


def _denial_lines(report: Any) -> Iterator[str]:
    yield f"{report.environment_name}: {len(report.denials)} of {report.total} denials"
    for each in report.denials:
        event, times = each.event, f" ({each.count} times, last {each.last_at})" if each.count > 1 else ""
        token = f" with the token {event.token}" if event.token else ""
        yield f"{event.at}  {event.actor}{token}: {event.command}: {event.reason}{times}"
    if not report.sound:
        yield "A denial was changed or removed by hand."


@on_environment(_denial_lines, lambda report: 0 if report.sound else 1)
def denials(
    work: Work,
    *,
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="How many, the newest first.")] = 50,
    about: Annotated[
        str | None, typer.Option("--program", parser=trimmed, metavar="ID", help="Only about this mini-program.")
    ] = None,
    by: By = None,
    command: Command = None,
    since: Since = None,
    until: Until = None,
) -> Report:
    """Show who was denied what, the newest first."""
    from miniprogram.identity.denials import list_denials

    return list_denials(work.storage, limit=limit, only=_only(by, command, since, until), program_id=about)


def _access_lines(report: Any) -> Iterator[str]:
    yield f"{report.environment_name}: {len(report.entries)} of {report.total} entries"
    for each in report.entries:
        who, times = (
            each.member or "somebody",
            f" ({each.count} times, last {each.last_at})" if each.count > 1 else "",
        )
        origin = " ".join(
            filter(None, (each.came and f"from {each.came}", each.browser and f"with {each.browser}"))
        )
        because = f": {each.reason}" if each.reason else ""
        yield f"{each.seq}  {each.at}  {who} {each.outcome} by {each.way} {origin}{because}{times}".rstrip()
    if report.next_before is not None:
        yield f"Older ones: --before {report.next_before}"


@on_environment(_access_lines)
def access(
    work: Work,
    *,
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="How many, the newest first.")] = 50,
    before: Annotated[
        int | None, typer.Option(metavar="N", min=2, help="Only entries before this number.")
    ] = None,
) -> Report:
    """Show who signed in to the console, and who failed or was refused, the newest first."""
    from miniprogram.identity.access_log import list_access

    return list_access(work.context, limit=limit, before=before)


def _verdict(report: Any) -> Iterator[str]:
    where = report.mini_program_id or report.environment_name
    for found in report.findings:
        yield f"{where} event {found.position}: {found.problem}: {found.message}"
    if report.sound and report.next_after is None and not report.after:
        yield f"{where}: {number_of(report.events, 'event')}, each in its place; head {report.head[:16]}"
    elif report.sound:
        yield f"{where}: events {report.after + 1} to {report.verified} of {report.events}, each in its place"
    if report.next_after is not None:
        with_hash = f" --hash {report.verified_hash}" if report.verified_hash else ""
        yield f"The next part: --after {report.next_after}{with_hash}"


@on_environment(_verdict, lambda report: 0 if report.sound else 1)
def verify(
    work: Work,
    program_id: About = None,
    *,
    after: Annotated[
        int, typer.Option(metavar="N", min=0, help="Only events after this position, which was verified before.")
    ] = 0,
    known: Annotated[
        str | None,
        typer.Option("--hash", parser=trimmed, metavar="HEX", help="What verifiedHash was at --after then."),
    ] = None,
    limit: Annotated[int | None, typer.Option(metavar="N", min=1, help="At most so many events.")] = None,
) -> Report:
    """Check that no event was changed, removed or moved."""
    from miniprogram.documents.audit_verification import Checkpoint
    from miniprogram.releases.queries.history import verify_trail

    if known is not None and not after:
        raise UsageError("--hash is that of the event at --after: say which")
    return verify_trail(work.storage, program_id, start=Checkpoint(after, known), limit=limit)
