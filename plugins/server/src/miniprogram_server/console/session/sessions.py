"""Who is signed in: sessions in this process, behind a cookie that scripts cannot read."""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

LIFETIME_S = 8 * 3600
MAX_SESSIONS = 1_000
COOKIE = "miniprogram_console"


@dataclass(slots=True)
class Session:
    """A signed-in browser. `notes` are shown once, on the next page, as (kind, text)."""

    id: str = field(repr=False)
    token: str = field(repr=False)
    csrf: str = field(repr=False)
    born: float
    notes: list[tuple[str, str]] = field(default_factory=list)

    def tell(self, kind: str, text: str) -> None:
        """Have `text` shown on the next page."""
        self.notes.append((kind, text))

    def take_notes(self) -> list[tuple[str, str]]:
        taken, self.notes = self.notes, []
        return taken


class Sessions:
    """Sessions by id. A restart of the server ends them all."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, token: str) -> Session:
        """A new session for who holds `token`."""
        session = Session(secrets.token_urlsafe(32), token, secrets.token_urlsafe(32), self._clock())
        with self._lock:
            self._sessions[session.id] = session
            while len(self._sessions) > MAX_SESSIONS:
                self._sessions.popitem(last=False)
        return session

    def find(self, session_id: str | None) -> Session | None:
        """The session, unless it is unknown or too old."""
        with self._lock:
            session = self._sessions.get(session_id or "")
            if session is None or self._clock() - session.born > LIFETIME_S:
                return None
            return session

    def end(self, session: Session) -> None:
        with self._lock:
            self._sessions.pop(session.id, None)
