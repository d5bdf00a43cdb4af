"""Where a use case works: at a place, for somebody, at a time. And how a command goes through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from miniprogram.access.roles import Actor, Role
from miniprogram.clock import to_iso
from miniprogram.cloud.store_keys import require_segment
from miniprogram.releases.apps import Target
from miniprogram.releases.chained_document import Change
from miniprogram.releases.command import Command, Situation
from miniprogram.releases.document import ReleaseDocument
from miniprogram.releases.engine import Step, advance
from miniprogram.releases.environment_document import EnvironmentDocument, read_settings, settings_of
from miniprogram.releases.facts import gather
from miniprogram.releases.place import ReleasePlace
from miniprogram.releases.refusals import Denied
from miniprogram.releases.release_store import releases_of
from miniprogram.releases.reports import ReleaseView, TransitionReport


@dataclass(frozen=True, slots=True)
class Desk:
    """`expected_revision` is the one the actor looked at; None when it does not matter."""

    place: ReleasePlace
    actor: Actor
    now: datetime
    expected_revision: int | None = None

    @property
    def stamp(self) -> str:
        return to_iso(self.now)

    def event(self, command: str, **members: Any) -> dict[str, Any]:
        """Members of an audit event about what this actor does."""
        actor = self.actor
        who = {"actor": actor.name, "via": actor.via, "authenticated": actor.authenticated}
        return {**who, "command": command, **members}


def perform(desk: Desk, program_id: str, command: Command) -> TransitionReport:
    """Put `command` through the state machine and write what comes of it, in one write.

    Raises Denied (which is put on record), Refused, RevisionConflict, StoreError.
    """
    program_id = require_segment(program_id, what="a mini-program id")
    require_segment(command.version, what="a version")
    settings = read_settings(desk.place)
    steps: list[Step] = []

    def change(document: ReleaseDocument) -> Change[ReleaseDocument]:
        release = document.live(command.version, command.target)
        facts = gather(desk.place, settings, document, command)
        step = advance(Situation(document, release, command, desk.actor, facts, desk.stamp))
        steps.append(step)
        return Change(step.document, [_event(desk, command, step)])

    try:
        written = releases_of(desk.place, program_id).change(
            change, now=desk.stamp, expected_revision=desk.expected_revision
        )
    except Denied as denial:
        record_denial(desk, f"release {command.verb}", denial, program_id=program_id, command=command)
        raise
    step = steps[-1]
    return TransitionReport(
        command=f"release {command.verb}",
        environment_name=desk.place.environment,
        mini_program_id=program_id,
        revision=written.revision,
        release=ReleaseView.of(step.release),
        advice=step.advice,
    )


def require_role(
    desk: Desk, roles: frozenset[Role], what: str, *, target: Target | None = None, program_id: str | None = None
) -> None:
    """Raises Denied, and puts it on record, unless the actor has one of `roles` on `target`, or everywhere."""
    if desk.actor.has(roles, target):
        return
    where = f" on {target}" if target else ""
    wanted = " or ".join(sorted(roles))
    denial = Denied("role", f"{desk.actor.name} may not {what}{where}: that takes the role {wanted}")
    record_denial(desk, what, denial, program_id=program_id)
    raise denial


def record_denial(
    desk: Desk, what: str, denial: Denied, *, program_id: str | None = None, command: Command | None = None
) -> None:
    """Append a denial to the trail of the mini-program, or to the environment's when it has no releases."""
    about = {} if command is None else {"target": str(command.target), "version": command.version}
    event = desk.event(what, outcome="denied", subject=program_id or "", reason=str(denial), **about)
    event["details"] = {"rule": denial.rule}
    if program_id is not None:
        kept = releases_of(desk.place, program_id)
        if kept.read() is not None:
            kept.change(lambda document: Change(document, [event]), now=desk.stamp)
            return

    def unchanged(document: EnvironmentDocument) -> Change[EnvironmentDocument]:
        return Change(document, [event])

    settings_of(desk.place).change(unchanged, now=desk.stamp)


def _event(desk: Desk, command: Command, step: Step) -> dict[str, Any]:
    return desk.event(
        f"release {command.verb}",
        subject=step.release.id,
        target=str(command.target),
        version=command.version,
        from_state=step.before,
        to_state=step.release.state,
        reason=command.reason,
        details=step.details,
    )
