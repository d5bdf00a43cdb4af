"""`audit`: the trail of what was done, and proof that nobody changed it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from miniprogram.cli.commands.release_command import Work, on_environment
from miniprogram.cli.commands.release_lines import event_lines
from miniprogram.cli.framework.output import Report
from miniprogram.cli.framework.parsing.options import trimmed
from miniprogram.errors import UsageError
from miniprogram.number_words import number_of

About = Annotated[
    str | None,
    typer.Argument(
        metavar="[mini-program-id]", parser=trimmed, help="Default: the trail of apps, members and tokens."
    ),
]


def _lines(report: Any) -> Iterator[str]:
    yield f"{report.mini_program_id or report.environment_name}: {len(report.events)} of {report.total} events"
    yield from event_lines(report.events)


@on_environment(_lines)
def show(
    work: Work,
    program_id: About = None,
    *,
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="How many events, the newest first.")] = 50,
    before: Annotated[
        int | None, typer.Option(metavar="N", min=2, help="Only events before this position.")
    ] = None,
) -> Report:
    """Show what was done, by whom, the newest first."""
    from miniprogram.releases.queries.history import history

    return history(work.storage, program_id, limit=limit, before=before, command="audit show")


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
) -> Report:
    """Show who was denied what, the newest first."""
    from miniprogram.identity.denials import list_denials

    return list_denials(work.storage, limit=limit)


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
