"""Who is signed in: sessions behind a cookie that scripts cannot read, known to every process of the server."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import sqlite3
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from miniprogram.clock import to_iso
from miniprogram.identity.sessions import SignedIn
from miniprogram_server.console.session import drafts
from miniprogram_server.console.session.came_from import CameFrom
from miniprogram_server.console.session.drafts import Draft, Problem
from miniprogram_server.serving.shared_state import SharedState

LIFETIME_S = 8 * 3600
"""From signing in on, whatever is done."""
IDLE_S = 3600
"""Without a request."""
SEEN_EVERY_S = 30
"""How exactly it is known when a session asked last: not every request writes."""
MAX_SESSIONS = 1_000
COOKIE = "miniprogram_console"

_TABLES = (
    "CREATE TABLE IF NOT EXISTS sessions (digest TEXT PRIMARY KEY, id TEXT NOT NULL, member TEXT NOT NULL,"
    " token_id TEXT, way TEXT NOT NULL, address TEXT NOT NULL, browser TEXT NOT NULL, begun_at TEXT NOT NULL,"
    " seen_at TEXT NOT NULL, born REAL NOT NULL, seen REAL NOT NULL)",
    "CREATE INDEX IF NOT EXISTS sessions_of_member ON sessions (member)",
    "CREATE TABLE IF NOT EXISTS notes (digest TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS notes_of_session ON notes (digest)",
    *drafts.TABLES,
)


@dataclass(frozen=True)
class Session:
    """A signed-in browser. `id` is the secret of its cookie; `public_id` is for people."""

    id: str = field(repr=False)
    public_id: str
    signed_in: SignedIn
    way: str
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


@dataclass(frozen=True, slots=True)
class ListedSession:
    """A session as people see it. Times are time stamps; `id` opens nothing."""

    id: str
    signed_in: SignedIn
    way: str
    came: CameFrom
    seen_at: str


_COLUMNS = "id, member, begun_at, token_id, way, address, browser, seen_at"


class Sessions:
    """Sessions by id. They end with the server. Every call may wait for another process: not for the loop."""

    def __init__(self, state: SharedState, clock: Callable[[], float] = time.monotonic) -> None:
        self._state = state
        self._clock = clock  # one for all processes of a machine
        state.prepare(*_TABLES)

    def begin(
        self, member: str, *, token_id: str | None, way: str, came: CameFrom, now: datetime, instead_of: str = ""
    ) -> Session:
        """A new session with an id of its own. The one of the cookie `instead_of` ends: none is taken over."""
        stamp, born = to_iso(now), self._clock()
        session = Session(
            secrets.token_urlsafe(32),
            secrets.token_hex(5),
            SignedIn(member, stamp, token_id),
            way,
            self._state,
        )
        row = (_digest(session.id), session.public_id, member, token_id, way, came.address, came.browser, stamp,
               stamp, born, born)  # fmt: skip
        with self._state.transaction() as connection:
            connection.execute("DELETE FROM sessions WHERE digest = ?", (_digest(instead_of),))
            connection.execute("INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
            connection.execute(
                "DELETE FROM sessions WHERE born < ? OR seen < ?", (born - LIFETIME_S, born - IDLE_S)
            )
            connection.execute(
                "DELETE FROM sessions WHERE digest IN"
                " (SELECT digest FROM sessions ORDER BY born DESC, rowid DESC LIMIT -1 OFFSET ?)",
                (MAX_SESSIONS,),
            )
            self._drop_belongings(connection)
        return session

    def find(self, session_id: str | None, now: datetime) -> Session | None:
        """The session, unless it is unknown, too old, or was left alone for too long."""
        if not session_id:
            return None
        instant, digest = self._clock(), _digest(session_id)
        with self._state.transaction() as connection:
            row = connection.execute(
                f"SELECT {_COLUMNS}, born, seen FROM sessions WHERE digest = ?",  # noqa: S608
                (digest,),
            ).fetchone()
            if row is None or instant - row[8] > LIFETIME_S or instant - row[9] > IDLE_S:
                return None
            if instant - row[9] >= SEEN_EVERY_S:
                connection.execute(
                    "UPDATE sessions SET seen = ?, seen_at = ? WHERE digest = ?", (instant, to_iso(now), digest)
                )
        return Session(session_id, row[0], SignedIn(row[1], row[2], row[3]), row[4], self._state)

    def listed(self, member: str | None = None) -> list[ListedSession]:
        """Those that are not too old, of a member or of everybody, who asked last first."""
        instant = self._clock()
        with self._state.transaction() as connection:
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM sessions WHERE born >= ? AND seen >= ?"  # noqa: S608
                " AND (? IS NULL OR member = ?) ORDER BY seen DESC, rowid DESC",
                (instant - LIFETIME_S, instant - IDLE_S, member, member),
            ).fetchall()
        return [
            ListedSession(row[0], SignedIn(row[1], row[2], row[3]), row[4], CameFrom(row[5], row[6]), row[7])
            for row in rows
        ]

    def end(self, session: Session) -> None:
        """Sign out, in every process."""
        self.end_by_id(session.public_id)

    def end_by_id(self, public_id: str) -> None:
        """End the session that people know by this id."""
        with self._state.transaction() as connection:
            connection.execute("DELETE FROM sessions WHERE id = ?", (public_id,))
            self._drop_belongings(connection)

    def _drop_belongings(self, connection: sqlite3.Connection) -> None:
        for table in ("notes", "drafts"):
            connection.execute(f"DELETE FROM {table} WHERE digest NOT IN (SELECT digest FROM sessions)")  # noqa: S608


def _digest(session_id: str) -> str:
    return hashlib.sha256(session_id.encode("utf-8", "surrogatepass")).hexdigest()
