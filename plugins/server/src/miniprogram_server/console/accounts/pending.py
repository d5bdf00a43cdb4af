"""Sign-ins on their way through the provider: each is for one browser, counts once, and not for long."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from miniprogram_server.serving.shared_state import SharedState

LIFETIME_S = 600.0
MAX_PENDING = 2_000
COOKIE = "miniprogram_sign_in"

_TABLE = (
    "CREATE TABLE IF NOT EXISTS sign_ins (state TEXT PRIMARY KEY, browser TEXT NOT NULL, nonce TEXT NOT NULL,"
    " verifier TEXT NOT NULL, came_for TEXT NOT NULL, resumed TEXT NOT NULL, born REAL NOT NULL)"
)


@dataclass(frozen=True, slots=True)
class PendingSignIn:
    """What comes back: `state` in the address, `nonce` in the ID token. `verifier` is for PKCE."""

    came_for: str = ""
    resumed: str = ""
    state: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    browser: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    """What the browser has to have in its cookie."""
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48), repr=False)


class PendingSignIns:
    """Known to every process of the server."""

    def __init__(self, state: SharedState, clock: Callable[[], float] = time.monotonic) -> None:
        self._state = state
        self._clock = clock
        state.prepare(_TABLE)

    def keep(self, pending: PendingSignIn) -> None:
        now = self._clock()
        row = (_digest(pending.state), _digest(pending.browser), pending.nonce, pending.verifier,
               pending.came_for, pending.resumed, now)  # fmt: skip
        with self._state.transaction() as connection:
            connection.execute("INSERT INTO sign_ins VALUES (?, ?, ?, ?, ?, ?, ?)", row)
            connection.execute("DELETE FROM sign_ins WHERE born < ?", (now - LIFETIME_S,))
            connection.execute(
                "DELETE FROM sign_ins WHERE state IN"
                " (SELECT state FROM sign_ins ORDER BY born DESC, rowid DESC LIMIT -1 OFFSET ?)",
                (MAX_PENDING,),
            )

    def take(self, state: str, browser: str) -> PendingSignIn | None:
        """The sign-in with that state, begun in that browser. Whatever comes of it, it is gone then."""
        with self._state.transaction() as connection:
            row = connection.execute(
                "DELETE FROM sign_ins WHERE state = ? RETURNING browser, nonce, verifier, came_for, resumed, born",
                (_digest(state),),
            ).fetchone()
        if row is None or self._clock() - row[5] > LIFETIME_S:
            return None
        if not hmac.compare_digest(row[0], _digest(browser)):
            return None
        return PendingSignIn(row[3], row[4], state, browser, row[1], row[2])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
