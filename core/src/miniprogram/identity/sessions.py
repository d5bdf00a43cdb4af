"""Sessions of people in a browser: who is behind one, and how those of a member end on every server at once.

A server keeps its sessions itself. What ends them all stands in the document that every request reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from miniprogram.clock import to_iso
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.identity.change_report import ChangeReport
from miniprogram.identity.changes import put_environment
from miniprogram.identity.command_context import CommandContext, require_role
from miniprogram.identity.environment_document import EnvironmentDocument, Member, read_environment
from miniprogram.identity.roles import ADMIN, Actor
from miniprogram.identity.tokens import actor_of_token
from miniprogram.refusals import Denied, NotFound


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a session began with. `begun_at` is a time stamp; without `token_id` they came without a token."""

    member: str
    begun_at: str
    token_id: str | None = None


def actor_of_session(storage: EnvironmentStorage, session: SignedIn, *, now: datetime, via: str) -> Actor:
    """Who acts in the session, with what they are trusted with now. Raises Denied when it has ended."""
    document = read_environment(storage)
    if not session_counts(document, session):
        raise Denied("session", f"the session of {session.member} has ended")
    if session.token_id is not None:
        return actor_of_token(storage, session.token_id, now=now, via=via, document=document)
    member = document.member(session.member)
    held = member.held(to_iso(now)) if member is not None else ()
    return Actor(name=session.member, grants=held, authenticated=True, via=via)


def session_counts(document: EnvironmentDocument, session: SignedIn) -> bool:
    """Whether it goes on: they did not leave, have not come back since, and did not end all of theirs."""
    member = document.member(session.member)
    if member is None or session.begun_at < member.added_at:
        return False
    return member.sessions_ended_at is None or session.begun_at > member.sessions_ended_at


def end_sessions(context: CommandContext, name: str, *, reason: str | None = None) -> ChangeReport:
    """End every session of a member, on every server. Administrators do it for everybody, others for themselves.

    Raises NotFound for who is no member.
    """
    if not context.actor.authenticated or context.actor.name != name:
        require_role(context, ADMIN, "session end")

    def end(document: EnvironmentDocument) -> tuple[EnvironmentDocument, Member]:
        member = document.member(name)
        if member is None:
            raise NotFound(f"there is no member {name!r}")
        ended = member.model_copy(update={"sessions_ended_at": context.stamp})
        members = tuple(ended if each.name == name else each for each in document.members)
        return document.model_copy(update={"members": members}), ended

    return put_environment(context, "session end", end, subject=name, reason=reason)
