"""Who is signed in: sessions behind a cookie that scripts cannot read, known to every process of the server."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from miniprogram_server.console.session import drafts
from miniprogram_server.console.session.drafts import Draft, Problem
from miniprogram_server.serving.shared_state import SharedState

LIFETIME_S = 8 * 3600
MAX_SESSIONS = 1_000
COOKIE = "miniprogram_console"

_TABLES = (
    "CREATE TABLE IF NOT EXISTS sessions (digest TEXT PRIMARY KEY, token_id TEXT NOT NULL, born REAL NOT NULL)",
    "CREATE TABLE IF NOT EXISTS notes (digest TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS notes_of_session ON notes (digest)",
    *drafts.TABLES,
)


@dataclass(frozen=True)
class Session:
    """A signed-in browser, by the token it signed in with."""

    id: str = field(repr=False)
    token_id: str
    _state: SharedState = field(repr=False, compare=False)

    @cached_property
    def csrf(self) -> str:
        """What a form of this session says to show that it is one."""
        digest = hmac.digest(self.id.encode(), b"csrf", "sha256")
        return urlsafe_b64encode(digest).decode().rstrip("=")

    def tell(self, kind: str, text: str) -> None:
        """Have `text` shown on the next page, once. `kind`: good or bad."""
        with self._state.transaction() as connection:
            connection.execute("INSERT INTO notes VALUES (?, ?, ?)", (_digest(self.id), kind, text))

    def take_notes(self) -> list[tuple[str, str]]:
        """What is to be shown, as (kind, text), the oldest first."""
        with self._state.transaction() as connection:
            found = connection.execute(
                "SELECT kind, text FROM notes WHERE digest = ? ORDER BY rowid", (_digest(self.id),)
            ).fetchall()
            if found:
                connection.execute("DELETE FROM notes WHERE digest = ?", (_digest(self.id),))
            return found

    def keep(self, action: str, fields: Mapping[str, tuple[str, ...]], problem: Problem) -> str:
        """Keep a form that was sent to `action`, to be shown again. Returns the id of the draft."""
        return drafts.keep_draft(self._state, _digest(self.id), action, fields, problem)

    def draft(self, draft_id: str) -> Draft | None:
        """A form of this session that was kept."""
        return drafts.find_draft(self._state, _digest(self.id), draft_id)

    def drop(self, draft_id: str) -> None:
        """Forget a form that was kept: it is done."""
        drafts.drop_draft(self._state, _digest(self.id), draft_id)


class Sessions:
    """Sessions by id. They end with the server. Every call may wait for another process: not for the loop."""

    def __init__(self, state: SharedState, clock: Callable[[], float] = time.monotonic) -> None:
        self._state = state
        self._clock = clock  # one for all processes of a machine
        state.prepare(*_TABLES)

    def begin(self, token_id: str) -> Session:
        """A new session for who holds the token with that id."""
        session = Session(secrets.token_urlsafe(32), token_id, self._state)
        now = self._clock()
        with self._state.transaction() as connection:
            connection.execute("INSERT INTO sessions VALUES (?, ?, ?)", (_digest(session.id), token_id, now))
            connection.execute("DELETE FROM sessions WHERE born < ?", (now - LIFETIME_S,))
            connection.execute(
                "DELETE FROM sessions WHERE digest IN"
                " (SELECT digest FROM sessions ORDER BY born DESC, rowid DESC LIMIT -1 OFFSET ?)",
                (MAX_SESSIONS,),
            )
            for table in ("notes", "drafts"):
                connection.execute(f"DELETE FROM {table} WHERE digest NOT IN (SELECT digest FROM sessions)")  # noqa: S608
        return session

    def find(self, session_id: str | None) -> Session | None:
        """The session, unless it is unknown or too old."""
        if not session_id:
            return None
        with self._state.transaction() as connection:
            row = connection.execute(
                "SELECT token_id, born FROM sessions WHERE digest = ?", (_digest(session_id),)
            ).fetchone()
        if row is None or self._clock() - row[1] > LIFETIME_S:
            return None
        return Session(session_id, row[0], self._state)

    def end(self, session: Session) -> None:
        """Sign out, in every process."""
        with self._state.transaction() as connection:
            for table in ("sessions", "notes", "drafts"):
                connection.execute(f"DELETE FROM {table} WHERE digest = ?", (_digest(session.id),))  # noqa: S608


def _digest(session_id: str) -> str:
    return hashlib.sha256(session_id.encode("utf-8", "surrogatepass")).hexdigest()
