"""Who gives a command, when, and on which environment: what every use case that changes something is handed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from miniprogram.clock import to_iso
from miniprogram.documents.audited import AuditedDocuments, Change
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.identity.environment_document import EnvironmentDocument, environment_documents
from miniprogram.identity.roles import Actor, Role
from miniprogram.person_text import required_text
from miniprogram.refusals import Denied
from miniprogram.targets import Target


@dataclass(frozen=True, slots=True)
class CommandContext:
    """`expected_revision` is the one the actor looked at; None when it does not matter."""

    storage: EnvironmentStorage
    actor: Actor
    now: datetime
    expected_revision: int | None = None

    @property
    def stamp(self) -> str:
        return to_iso(self.now)

    def event(self, command: str, **members: Any) -> dict[str, Any]:
        """Members of an audit event about what this actor does. Raises Unacceptable for a text that hides."""
        actor = self.actor
        required_text("actor", actor.name)
        if members.get("reason") and members.get("outcome") != "denied":
            members["reason"] = required_text("reason", members["reason"])
        who = {"actor": actor.name, "via": actor.via, "authenticated": actor.authenticated}
        return {**who, "command": command, **members}


def require_role(
    context: CommandContext,
    roles: frozenset[Role],
    what: str,
    *,
    target: Target | None = None,
    program_id: str | None = None,
    trail: AuditedDocuments[Any] | None = None,
) -> None:
    """Raises Denied, and puts it on record, unless the actor has one of `roles` on `target`, or everywhere.

    `trail` is where denials about `program_id` are kept; see `record_denial`.
    """
    if context.actor.has(roles, target):
        return
    where = f" on {target}" if target else ""
    wanted = " or ".join(sorted(roles))
    denial = Denied("role", f"{context.actor.name} may not {what}{where}: that takes the role {wanted}")
    record_denial(context, what, denial, program_id=program_id, trail=trail)
    raise denial


def record_denial(
    context: CommandContext,
    what: str,
    denial: Denied,
    *,
    program_id: str | None = None,
    trail: AuditedDocuments[Any] | None = None,
    **about: str,
) -> None:
    """Append a denial to `trail`, a mini-program's audited document, or else to the environment's.

    `about` are further members of the event, such as `target` and `version`.
    """
    event = context.event(what, outcome="denied", subject=program_id or "", reason=str(denial), **about)
    event["details"] = {"rule": denial.rule}
    if trail is not None and trail.read() is not None:
        trail.change(lambda document: Change(document, [event]), now=context.stamp)
        return

    def unchanged(document: EnvironmentDocument) -> Change[EnvironmentDocument]:
        return Change(document, [event])

    environment_documents(context.storage).change(unchanged, now=context.stamp)
