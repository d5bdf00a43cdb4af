"""Applying for a release, and deciding about it."""

from __future__ import annotations

from miniprogram.releases.apps import Target
from miniprogram.releases.command import Command
from miniprogram.releases.desk import Desk, perform
from miniprogram.releases.reports import TransitionReport


def apply(desk: Desk, program_id: str, version: str, target: Target) -> TransitionReport:
    """Ask for a review, or, where none is needed, be approved at once. Fixes the review digest."""
    return perform(desk, program_id, Command("apply", version, target))


def withdraw(desk: Desk, program_id: str, version: str, target: Target) -> TransitionReport:
    """Take an application back."""
    return perform(desk, program_id, Command("withdraw", version, target))


def approve(
    desk: Desk, program_id: str, version: str, target: Target, *, seen_digest: str | None = None
) -> TransitionReport:
    """Let a release through, or let a full one be taken offline; with `seen_digest` only what was shown."""
    return perform(desk, program_id, Command("approve", version, target, seen_digest=seen_digest))


def reject(desk: Desk, program_id: str, version: str, target: Target, *, reason: str) -> TransitionReport:
    """Refuse a release, or refuse to take a full one offline."""
    return perform(desk, program_id, Command("reject", version, target, reason=reason))
