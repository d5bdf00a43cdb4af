"""The one way into a session, however somebody showed who they are; and the record of who came and who did not."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from miniprogram.clock import Clock
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.identity.access_log import Access, Outcome, note_access
from miniprogram_server.admin.framework.rate_limit import Rate, RateLimit
from miniprogram_server.console.session.came_from import CameFrom, came_from
from miniprogram_server.console.session.sessions import COOKIE, Session, Sessions
from miniprogram_server.serving.shared_state import SharedState

FAILURE_RATE = Rate(per_second=0.1, burst=20)
"""Failures that are put on record, of everybody together: strangers must not keep the store busy."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who stands before the door, as far as a request tells: where from, and the cookie they had."""

    came: CameFrom
    cookie: str


def visitor_of(request: Request) -> Visitor:
    """The visitor who sent a request."""
    return Visitor(came_from(request), request.cookies.get(COOKIE, ""))


class Entrance:
    """Begins and ends sessions. Every call may wait for the store: not for the loop."""

    def __init__(self, storage: EnvironmentStorage, sessions: Sessions, state: SharedState, now: Clock) -> None:
        self._storage = storage
        self._sessions = sessions
        self._failures = RateLimit(FAILURE_RATE, state, "access-failures")
        self._now = now

    def enter(self, visitor: Visitor, member: str, *, way: str, token_id: str | None = None) -> Session:
        """A session for somebody who has shown who they are. The one they had in this browser ends."""
        now = self._now()
        session = self._sessions.begin(
            member, token_id=token_id, way=way, came=visitor.came, now=now, instead_of=visitor.cookie
        )
        self._note(visitor, member, way, "signed in")
        return session

    def turn_away(self, visitor: Visitor, *, way: str, reason: str, member: str | None = None) -> None:
        """Put on record that somebody did not get in. `member`: who they are, where that is known."""
        if not self._failures("everybody"):
            self._note(visitor, member, way, "failed" if member is None else "refused", reason)

    def leave(self, visitor: Visitor, session: Session) -> None:
        """Sign out."""
        self._sessions.end(session)
        self._note(visitor, session.signed_in.member, session.way, "signed out")

    def _note(
        self, visitor: Visitor, member: str | None, way: str, outcome: Outcome, reason: str | None = None
    ) -> None:
        came = visitor.came
        access = Access(
            member=member, way=way, outcome=outcome, came=came.address, browser=came.browser, reason=reason
        )
        note_access(self._storage, access, now=self._now())
