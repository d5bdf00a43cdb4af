"""What no change to people may come to: nobody administers them, or somebody gave roles to themselves."""

from __future__ import annotations

from miniprogram.identity.command_context import CommandContext, record_denial
from miniprogram.identity.environment_document import EnvironmentDocument
from miniprogram.identity.roles import ADMIN
from miniprogram.refusals import Denied, Refused


def administrators(document: EnvironmentDocument, now: str) -> tuple[str, ...]:
    """Names of those who administer everything, sorted. `now` is a time stamp."""
    return tuple(
        each.name
        for each in document.members
        if any(grant.role in ADMIN and grant.covers(None, None) for grant in each.held(now))
    )


def require_administrator_left(before: EnvironmentDocument, after: EnvironmentDocument, now: str) -> None:
    """Raises Refused when there were administrators, and nobody would be one any more."""
    had = administrators(before, now)
    if had and not administrators(after, now):
        raise Refused(
            "administrator_left",
            f"{had[0]} is the last one who administers this environment, so the role admin everywhere has to stay",
            hint="Give it to somebody else first: `member add NAME --role admin`.",
        )


def require_another(context: CommandContext, name: str, what: str) -> None:
    """Raises Denied, and puts it on record, when a server knows that the actor is `name`."""
    actor = context.actor
    if not actor.authenticated or actor.name != name:
        return
    denial = Denied("own_rights", f"{name} may not {what} for {name}: another administrator has to do it")
    record_denial(context, what, denial)
    raise denial
