"""`release`: pilot, percentage, everybody, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from miniprogram.cli.commands.release_command import Work, on_release, on_target
from miniprogram.cli.commands.release_lines import transition_lines
from miniprogram.cli.commands.release_options import Reason, basis_points, read_lines, required
from miniprogram.cli.framework.options import trimmed
from miniprogram.cli.framework.output import Report

if TYPE_CHECKING:
    from miniprogram.releases.queries.reports import TransitionReport

Tester = Annotated[
    list[str] | None, typer.Option("--tester", metavar="ID", help="User or device id; may be repeated.")
]
TesterFile = Annotated[
    Path | None, typer.Option("--file", metavar="PATH", help="Ids, one a line, or the first column of a .csv.")
]
Ratio = Annotated[float | None, typer.Option("--ratio", metavar="PERCENT", help="From 0.01 to 100 per cent.")]


@on_release(transition_lines)
def start_pilot(work: Work, *, tester: Tester = None, file: TesterFile = None) -> Report:
    """Begin the pilot: testers get it before anybody else."""
    from miniprogram.releases.commands.piloting import start_pilot as start

    testers = read_lines(work.tools, tester or (), file)
    return start(work.context, work.program, work.version, work.target, testers=testers)


@on_release(transition_lines)
def complete_pilot(work: Work) -> Report:
    """End the pilot; its testers keep the version."""
    from miniprogram.releases.commands.piloting import complete_pilot as complete

    return complete(work.context, work.program, work.version, work.target)


@on_release(transition_lines)
def skip_pilot(work: Work) -> Report:
    """Go on without a pilot."""
    from miniprogram.releases.commands.piloting import skip_pilot as skip

    return skip(work.context, work.program, work.version, work.target)


@on_release(transition_lines)
def add_testers(work: Work, *, tester: Tester = None, file: TesterFile = None) -> Report:
    """Add testers by hand or from a file."""
    from miniprogram.releases.commands.piloting import add_testers as add

    return add(work.context, work.program, work.version, work.target, read_lines(work.tools, tester or (), file))


@on_release(transition_lines)
def remove_testers(work: Work, *, tester: Tester = None, file: TesterFile = None) -> Report:
    """Take testers off the list."""
    from miniprogram.releases.commands.piloting import remove_testers as remove

    return remove(
        work.context, work.program, work.version, work.target, read_lines(work.tools, tester or (), file)
    )


def _tester_lines(report: object) -> Iterable[str]:
    yield from getattr(report, "testers", ()) or ("No testers.",)


@on_release(_tester_lines)
def list_testers(work: Work) -> Report:
    """List the testers."""
    from miniprogram.releases.commands.piloting import list_testers as listed

    return listed(work.context, work.program, work.version, work.target)


@on_release(transition_lines)
def grayscale(work: Work, *, ratio: Ratio = None) -> Report:
    """Give it to a percentage, which only goes up, and to whom its time window admits."""
    from miniprogram.releases.commands.rollout import grayscale as share

    points = None if ratio is None else basis_points(ratio)
    return share(work.context, work.program, work.version, work.target, basis_points=points)


@on_release(transition_lines)
def shrink(work: Work, *, ratio: Ratio = None, reason: Reason = None) -> Report:
    """Lower the percentage; who has the version keeps it."""
    from miniprogram.errors import UsageError
    from miniprogram.releases.commands.rollout import shrink as lower

    if ratio is None:
        raise UsageError("--ratio is required")
    why = required(reason, "--reason")
    points = basis_points(ratio)
    return lower(work.context, work.program, work.version, work.target, basis_points=points, reason=why)


@on_release(transition_lines)
def finish(
    work: Work,
    *,
    final: Annotated[
        bool, typer.Option("--final", help="Release to everybody now, whatever the percentage.")
    ] = False,
) -> Report:
    """Give it to everybody; the full release before is archived."""
    from miniprogram.releases.commands.rollout import finish as complete

    return complete(work.context, work.program, work.version, work.target, final=final)


@on_release(transition_lines)
def pause(work: Work, *, reason: Reason = None) -> Report:
    """Admit nobody new; those who have it keep it."""
    from miniprogram.releases.commands.rollout import pause as hold

    return hold(work.context, work.program, work.version, work.target, reason=reason)


@on_release(transition_lines)
def resume(work: Work, *, reason: Reason = None) -> Report:
    """Go on after a pause or a halt."""
    from miniprogram.releases.commands.rollout import resume as go_on

    return go_on(work.context, work.program, work.version, work.target, reason=reason)


@on_release(transition_lines)
def halt(work: Work, *, reason: Reason = None) -> Report:
    """Serve it to nobody at once: all get the last good version."""
    from miniprogram.releases.commands.rollout import halt as stop

    why = required(reason, "--reason")
    return stop(work.context, work.program, work.version, work.target, reason=why)


@on_release(transition_lines)
def cancel(work: Work, *, reason: Reason = None) -> Report:
    """Give up on it; users fall back to the full version."""
    from miniprogram.releases.commands.rollout import cancel as give_up

    return give_up(work.context, work.program, work.version, work.target, reason=reason)


def _rollback_lines(report: TransitionReport) -> Iterator[str]:
    yield from transition_lines(report)
    yield f"Served now: {report.instead.version if report.instead else 'nothing'}"


@on_target(_rollback_lines)
def rollback(
    work: Work,
    *,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            parser=trimmed,
            metavar="VERSION",
            help="An archived version, or `none`; default: the one before.",
        ),
    ] = None,
    reason: Reason = None,
) -> Report:
    """Take the full release back and serve the one before."""
    from miniprogram.releases.commands.retiring import rollback as go_back

    return go_back(work.context, work.program, work.target, to=to, reason=reason)


@on_target(transition_lines)
def offline(work: Work, *, reason: Reason = None) -> Report:
    """Ask for the full release to be taken away; in production a reviewer decides."""
    from miniprogram.releases.commands.retiring import offline as take_away

    return take_away(work.context, work.program, work.target, reason=required(reason, "--reason"))


@on_release(transition_lines)
def force_remove(work: Work, *, reason: Reason = None) -> Report:
    """Suspend a release at once, whatever its state."""
    from miniprogram.releases.commands.retiring import force_remove as suspend

    why = required(reason, "--reason")
    return suspend(work.context, work.program, work.version, work.target, reason=why)
