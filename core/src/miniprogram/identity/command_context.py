"""Who gives a command, when, and on which environment: what every use case that changes something is handed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from miniprogram.clock import to_iso
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.identity.denials import note_denial
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
        who: dict[str, Any] = {"actor": actor.name, "via": actor.via, "authenticated": actor.authenticated}
        who |= {"token": actor.token, "token_created_by": actor.token_created_by}
        return {**who, "command": command, **members}


def require_role(
    context: CommandContext,
    roles: frozenset[Role],
    what: str,
    *,
    target: Target | None = None,
    program_id: str | None = None,
) -> None:
    """Raises Denied, and puts it on record, unless the actor has one of `roles` there, or everywhere."""
    if context.actor.has(roles, target, program_id):
        return
    where = f" on {target}" if target else f" for {program_id}" if program_id else ""
    wanted = " or ".join(sorted(roles))
    denial = Denied("role", f"{context.actor.name} may not {what}{where}: that takes the role {wanted}")
    record_denial(context, what, denial, program_id=program_id, **({"target": str(target)} if target else {}))
    raise denial


def record_denial(
    context: CommandContext, what: str, denial: Denied, *, program_id: str | None = None, **about: str
) -> None:
    """Put a denial on record. `about` are further members of the event, such as `target` and `version`.

    No document that people change is touched, so no write of theirs is held up; see `denials`.
    """
    event = context.event(what, outcome="denied", subject=program_id or "", reason=str(denial), **about)
    note_denial(context.storage, {**event, "details": {"rule": denial.rule}}, now=context.now)
