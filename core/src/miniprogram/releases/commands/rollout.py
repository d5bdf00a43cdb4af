"""From a percentage to everybody, and the brakes on the way."""

from __future__ import annotations

from miniprogram.identity.command_context import CommandContext
from miniprogram.releases.execution import execute
from miniprogram.releases.queries.reports import TransitionReport
from miniprogram.releases.state_machine.transition_input import Command
from miniprogram.targets import Target


def grayscale(
    context: CommandContext, program_id: str, version: str, target: Target, *, basis_points: int | None = None
) -> TransitionReport:
    """Give it to a percentage, and to whom its time window admits. A percentage only goes up."""
    return execute(context, program_id, Command("grayscale", version, target, basis_points=basis_points))


def shrink(
    context: CommandContext, program_id: str, version: str, target: Target, *, basis_points: int, reason: str
) -> TransitionReport:
    """Lower the percentage: nobody new beyond it, while those who have the version keep it."""
    command = Command("shrink", version, target, basis_points=basis_points, reason=reason)
    return execute(context, program_id, command)


def finish(
    context: CommandContext, program_id: str, version: str, target: Target, *, final: bool = False
) -> TransitionReport:
    """Give it to everybody; what was full before is archived. `final` says so without 100 %."""
    return execute(context, program_id, Command("finish", version, target, final=final))


def pause(
    context: CommandContext, program_id: str, version: str, target: Target, *, reason: str | None = None
) -> TransitionReport:
    """Admit nobody new; those who have it keep it."""
    return execute(context, program_id, Command("pause", version, target, reason=reason))


def resume(
    context: CommandContext, program_id: str, version: str, target: Target, *, reason: str | None = None
) -> TransitionReport:
    """Go on after a pause, or, for an operator, after a halt."""
    return execute(context, program_id, Command("resume", version, target, reason=reason))


def halt(
    context: CommandContext, program_id: str, version: str, target: Target, *, reason: str
) -> TransitionReport:
    """Serve it to nobody: all get the last good version, at once."""
    return execute(context, program_id, Command("halt", version, target, reason=reason))


def cancel(
    context: CommandContext, program_id: str, version: str, target: Target, *, reason: str | None = None
) -> TransitionReport:
    """Give up on it; users fall back to the full version. The pair is burnt unless it is re-opened."""
    return execute(context, program_id, Command("cancel", version, target, reason=reason))
