"""Changes to a mini-program's release document beside its releases: one role check, one write, one event each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from miniprogram.documents.audited import Change
from miniprogram.identity.change_report import ChangeReport
from miniprogram.identity.changes import change_report
from miniprogram.identity.command_context import CommandContext, require_role
from miniprogram.identity.roles import DEVELOPER, Role
from miniprogram.models import FrozenModel
from miniprogram.names import check_name
from miniprogram.releases.budget import require_budget
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.storage.release_documents import releases_of
from miniprogram.targets import Target


def change_program(
    context: CommandContext,
    program_id: str,
    command: str,
    change: Callable[[ReleaseDocument], tuple[ReleaseDocument, FrozenModel]],
    *,
    subject: str,
    roles: frozenset[Role] = DEVELOPER,
    target: Target | None = None,
    where: Callable[[Any], str | None] | None = None,
    details: dict[str, Any] | None = None,
    reason: str | None = None,
) -> ChangeReport:
    """Change the releases document of a mini-program beside its releases; the policy follows in the same write.

    `change` gives the new document and the thing it is about. The event names `target`, or what `where` says about
    the thing: who may not read of that target does not get to read the event.
    """
    check_name("program", program_id)
    documents = releases_of(context.storage, program_id)
    require_role(context, roles, command, target=target, program_id=program_id)
    about: list[FrozenModel] = []

    def write(document: ReleaseDocument) -> Change[ReleaseDocument]:
        changed, thing = change(document)
        require_budget(document, changed)
        about.append(thing)
        named = where(thing) if where is not None else None if target is None else str(target)
        event = context.event(command, subject=subject, target=named, details=details or {}, reason=reason)
        return Change(changed, [event])

    written = documents.change(write, now=context.stamp, expected_revision=context.expected_revision)
    return change_report(context, command, written.revision, about[-1], program_id=program_id)
