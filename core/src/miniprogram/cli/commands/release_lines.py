"""Releases for people: a state line with the stepper, bars, and tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from miniprogram.releases.model.states import STEPPER, State

if TYPE_CHECKING:
    from miniprogram.documents.audit_event import Event
    from miniprogram.releases.queries.reports import ReleaseView, TransitionReport

BAR_CELLS = 20
_STEP_NAMES = {State.IN_REVIEW: "review"}
_AT = {State.APPROVED: State.IN_REVIEW, State.PREPARED: State.PILOT}
"""States between two steps: the step before them is done."""


def stepper(release: ReleaseView) -> str:
    """`created › review › [pilot] › grayscale › full`: where it is in brackets; other ends by their name."""
    reached = _AT.get(release.state, release.state)
    if reached not in STEPPER:
        return str(release.state)
    here = STEPPER.index(reached)
    steps = [_step(step, position, here, between=release.state in _AT) for position, step in enumerate(STEPPER)]
    notes = [str(release.state)] if release.state in _AT else []
    notes += [str(release.overlay)] if release.overlay else []
    return " › ".join(steps) + (f"  ({', '.join(notes)})" if notes else "")


def bar(basis_points: int) -> str:
    """`[#####---------------] 25 %`."""
    cells = min(BAR_CELLS, -(-basis_points * BAR_CELLS // 10_000))
    return f"[{'#' * cells}{'-' * (BAR_CELLS - cells)}] {basis_points / 100:g} %"


def transition_lines(report: TransitionReport) -> Iterator[str]:
    """What became of it, and who is next."""
    release = report.release
    yield f"{report.mini_program_id} {release.label}: {release.state}"
    yield from release_lines(release)
    yield from (f"Note: {advice}" for advice in report.advice)
    if report.command == "release rollback":
        nothing = "what hosts were built with" if report.embedded else "nothing"
        yield f"Served now: {report.instead.version if report.instead else nothing}"


def release_lines(release: ReleaseView) -> Iterator[str]:
    """The lines below a release's name."""
    yield f"  {stepper(release)}"
    if release.state is State.GRAYSCALE:
        keep_admitted = (
            f", kept for those who have it: {release.grayscale.keep_admitted / 100:g} %"
            if release.grayscale.keep_admitted
            else ""
        )
        yield f"  {bar(release.grayscale.basis_points)}{keep_admitted}"
    if release.configuration.window is not None:
        window = release.configuration.window
        yield f"  Window: {window.start} to {window.end}, {window.max_users} users, then {window.on_end}"
    if release.testers:
        yield f"  Testers: {len(release.testers)}"
    if release.offline_request is not None:
        yield f"  {release.offline_request.applicant} asks to take it offline: {release.offline_request.reason}"
    if release.ending is not None:
        because = f": {release.ending.reason}" if release.ending.reason else ""
        yield f"  Ended: {release.ending.kind} by {release.ending.actor}{because}"
    yield from (f"  Next: {step.verb} ({' or '.join(step.roles)})" for step in release.next)


def list_lines(program_id: str, releases: Sequence[ReleaseView]) -> Iterator[str]:
    """A table of releases."""
    yield program_id
    if not releases:
        yield "  no release is under way"
    rows = [
        (each.version, str(each.target), _state(each), " or ".join(step.verb for step in each.next) or "-")
        for each in releases
    ]
    yield from (f"  {line}" for line in table(("VERSION", "TARGET", "STATE", "NEXT"), rows))


def event_lines(events: Iterable[Event]) -> Iterator[str]:
    """One line an event, the newest first."""
    for event in events:
        what = f"{event.from_state or '-'} -> {event.to_state}" if event.to_state else event.subject
        where = " ".join(filter(None, [event.version, event.target]))
        denied = " DENIED" if event.outcome == "denied" else ""
        reason = f" ({event.reason})" if event.reason else ""
        parts = filter(None, [where, what])
        yield f"{event.seq:>5}  {event.at}  {event.actor}  {event.command}{denied}: {', '.join(parts)}{reason}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns as wide as they must be; nothing for no rows."""
    if not rows:
        return
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    for row in (head, *rows):
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _step(step: State, position: int, here: int, *, between: bool) -> str:
    name = _STEP_NAMES.get(step, str(step))
    if position == here and not between:
        return f"[{name}]"
    return f"{name} ✓" if position <= here else name


def _state(release: ReleaseView) -> str:
    share = f" {release.grayscale.basis_points / 100:g} %" if release.state is State.GRAYSCALE else ""
    overlay = f", {release.overlay}" if release.overlay else ""
    return f"{release.state}{share}{overlay}"
