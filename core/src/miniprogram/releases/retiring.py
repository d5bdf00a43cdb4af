"""Taking back what is fully released."""

from __future__ import annotations

from miniprogram.releases.apps import Target
from miniprogram.releases.command import Command
from miniprogram.releases.desk import Desk, perform
from miniprogram.releases.document import ReleaseDocument
from miniprogram.releases.refusals import NotFound
from miniprogram.releases.release_store import require_releases
from miniprogram.releases.reports import ReleaseView, TransitionReport


def rollback(
    desk: Desk, program_id: str, target: Target, *, to: str | None = None, reason: str | None = None
) -> TransitionReport:
    """Archive the full release and serve the one before, or the archived version `to`, or none (`none`)."""
    full = _full_version(require_releases(desk.place, program_id), target)
    archived = perform(desk, program_id, Command("rollback", full, target, destination=to, reason=reason))
    now_full = require_releases(desk.place, program_id).full(target)
    return archived.model_copy(update={"instead": ReleaseView.of(now_full) if now_full else None})


def offline(desk: Desk, program_id: str, target: Target, *, reason: str) -> TransitionReport:
    """Ask for the full release to be taken away; where no review is needed it is done at once."""
    full = _full_version(require_releases(desk.place, program_id), target)
    return perform(desk, program_id, Command("offline", full, target, reason=reason))


def force_remove(desk: Desk, program_id: str, version: str, target: Target, *, reason: str) -> TransitionReport:
    """Suspend a release at once, whatever its state. Its files are withdrawn unless another target has it."""
    return perform(desk, program_id, Command("force-remove", version, target, reason=reason))


def _full_version(document: ReleaseDocument, target: Target) -> str:
    full = document.full(target)
    if full is None:
        raise NotFound(f"{document.mini_program_id} has no full release on {target}")
    return full.version
