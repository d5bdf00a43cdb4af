"""Applying for a release, and deciding about it."""

from __future__ import annotations

from miniprogram.identity.command_context import CommandContext
from miniprogram.releases.execution import execute
from miniprogram.releases.queries.reports import TransitionReport
from miniprogram.releases.state_machine.transition_input import Command
from miniprogram.targets import Target


def apply(context: CommandContext, program_id: str, version: str, target: Target) -> TransitionReport:
    """Ask for a review, or, where none is needed, be approved at once. Fixes the review digest."""
    return execute(context, program_id, Command("apply", version, target))


def withdraw(context: CommandContext, program_id: str, version: str, target: Target) -> TransitionReport:
    """Take an application back."""
    return execute(context, program_id, Command("withdraw", version, target))


def approve(
    context: CommandContext, program_id: str, version: str, target: Target, *, seen_digest: str | None = None
) -> TransitionReport:
    """Let a release through, or let a full one be taken offline; with `seen_digest` only what was shown."""
    return execute(context, program_id, Command("approve", version, target, seen_digest=seen_digest))


def reject(
    context: CommandContext, program_id: str, version: str, target: Target, *, reason: str
) -> TransitionReport:
    """Refuse a release, or refuse to take a full one offline."""
    return execute(context, program_id, Command("reject", version, target, reason=reason))
