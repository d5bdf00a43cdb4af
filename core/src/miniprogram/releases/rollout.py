"""From a percentage to everybody, and the brakes on the way."""

from __future__ import annotations

from miniprogram.releases.apps import Target
from miniprogram.releases.command import Command
from miniprogram.releases.desk import Desk, perform
from miniprogram.releases.reports import TransitionReport


def grayscale(
    desk: Desk, program_id: str, version: str, target: Target, *, basis_points: int | None = None
) -> TransitionReport:
    """Give it to a percentage, and to whom its time window admits. A percentage only goes up."""
    return perform(desk, program_id, Command("grayscale", version, target, basis_points=basis_points))


def shrink(
    desk: Desk, program_id: str, version: str, target: Target, *, basis_points: int, reason: str
) -> TransitionReport:
    """Lower the percentage: nobody new beyond it, while those who have the version keep it."""
    command = Command("shrink", version, target, basis_points=basis_points, reason=reason)
    return perform(desk, program_id, command)


def finish(desk: Desk, program_id: str, version: str, target: Target, *, final: bool = False) -> TransitionReport:
    """Give it to everybody; what was full before is archived. `final` says so without 100 %."""
    return perform(desk, program_id, Command("finish", version, target, final=final))


def pause(
    desk: Desk, program_id: str, version: str, target: Target, *, reason: str | None = None
) -> TransitionReport:
    """Admit nobody new; those who have it keep it."""
    return perform(desk, program_id, Command("pause", version, target, reason=reason))


def resume(
    desk: Desk, program_id: str, version: str, target: Target, *, reason: str | None = None
) -> TransitionReport:
    """Go on after a pause, or, for an operator, after a halt."""
    return perform(desk, program_id, Command("resume", version, target, reason=reason))


def halt(desk: Desk, program_id: str, version: str, target: Target, *, reason: str) -> TransitionReport:
    """Serve it to nobody: all get the last good version, at once."""
    return perform(desk, program_id, Command("halt", version, target, reason=reason))


def cancel(
    desk: Desk, program_id: str, version: str, target: Target, *, reason: str | None = None
) -> TransitionReport:
    """Give up on it; users fall back to the full version. The pair is burnt unless it is re-opened."""
    return perform(desk, program_id, Command("cancel", version, target, reason=reason))
