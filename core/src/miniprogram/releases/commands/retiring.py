"""Taking back what is fully released."""

from __future__ import annotations

from miniprogram.identity.command_context import CommandContext
from miniprogram.refusals import NotFound
from miniprogram.releases.execution import execute
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.queries.reports import ReleaseView, TransitionReport
from miniprogram.releases.state_machine.transition_input import Command
from miniprogram.releases.storage.release_documents import require_releases
from miniprogram.targets import Target


def rollback(
    context: CommandContext, program_id: str, target: Target, *, to: str | None = None, reason: str | None = None
) -> TransitionReport:
    """Archive the full release and serve the one before, or the archived version `to`, or none (`none`)."""
    full = _full_version(require_releases(context.storage, program_id), target)
    archived = execute(context, program_id, Command("rollback", full, target, destination=to, reason=reason))
    now_full = require_releases(context.storage, program_id).full(target)
    return archived.model_copy(update={"instead": ReleaseView.of(now_full) if now_full else None})


def offline(context: CommandContext, program_id: str, target: Target, *, reason: str) -> TransitionReport:
    """Ask for the full release to be taken away; where no review is needed it is done at once."""
    full = _full_version(require_releases(context.storage, program_id), target)
    return execute(context, program_id, Command("offline", full, target, reason=reason))


def force_remove(
    context: CommandContext, program_id: str, version: str, target: Target, *, reason: str
) -> TransitionReport:
    """Suspend a release at once, whatever its state. Its files are withdrawn unless another target has it."""
    return execute(context, program_id, Command("force-remove", version, target, reason=reason))


def _full_version(document: ReleaseDocument, target: Target) -> str:
    full = document.full(target)
    if full is None:
        raise NotFound(f"{document.mini_program_id} has no full release on {target}")
    return full.version
