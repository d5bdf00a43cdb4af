"""The sessions of this server, for those who may see and end them."""

from __future__ import annotations

from miniprogram.identity.access_log import Access, note_access
from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.environment_document import read_environment
from miniprogram.identity.roles import ADMIN
from miniprogram.identity.sessions import session_counts
from miniprogram.refusals import NotFound
from miniprogram_server.admin.framework.sessions import SessionList, SessionView
from miniprogram_server.console.session.sessions import ListedSession, Sessions


class ConsoleSessions:
    """Administrators see and end all sessions, everybody else their own."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def list(self, context: CommandContext) -> SessionList:
        everybody = context.actor.has(ADMIN, None)
        document = read_environment(context.storage)
        found = self._sessions.listed(None if everybody else context.actor.name)
        shown = tuple(_view(each) for each in found if session_counts(document, each.signed_in))
        return SessionList(environment_name=context.storage.environment, sessions=shown)

    def end(self, context: CommandContext, session_id: str) -> SessionView:
        found = next((each for each in self.list(context).sessions if each.id == session_id), None)
        if found is None:
            raise NotFound("there is no such session; it may be over")
        self._sessions.end_by_id(session_id)
        access = Access(
            member=found.member,
            way=found.way,
            outcome="ended",
            came=found.came,
            browser=found.browser,
            reason=f"by {context.actor.name}",
        )
        note_access(context.storage, access, now=context.now)
        return found


def _view(session: ListedSession) -> SessionView:
    signed_in = session.signed_in
    return SessionView(
        id=session.id,
        member=signed_in.member,
        way=session.way,
        token=signed_in.token_id,
        begun_at=signed_in.begun_at,
        seen_at=session.seen_at,
        came=session.came.address,
        browser=session.came.browser,
    )
