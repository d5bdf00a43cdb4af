"""Answers to writes, stored for a day, so that a repeated request is answered and not done again.

Known to every process of the server, and gone with it. What protects the documents themselves is their revision.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass

from miniprogram_server.admin.framework.problems import Failure, Headers
from miniprogram_server.admin.framework.waiting import UPLOAD_DEADLINE_S
from miniprogram_server.serving.shared_state import SharedState

LIFETIME_S = 24 * 3600
MAX_ANSWERS = 2_000
MAX_ANSWER_BYTES = 256 * 1024
"""Larger answers are not stored: repeating such a request does it again, under its If-Match."""
ABANDONED_S = 2 * UPLOAD_DEADLINE_S
"""A request that is being answered for so long was in a process that ended: its key may be used again."""

_TABLE = """CREATE TABLE IF NOT EXISTS answers (
    caller TEXT NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL, born REAL NOT NULL,
    status INTEGER, headers TEXT, body BLOB, PRIMARY KEY (caller, key))"""

_key = re.compile(r"[\x21-\x7e]{1,128}").fullmatch


@dataclass(frozen=True, slots=True)
class Answer:
    """A response as it was sent."""

    status: int
    headers: Headers
    body: bytes


def fingerprint(method: str, path: str, query: str, if_match: str, digest: bytes) -> str:
    """What makes two requests the same. `digest` is the body's."""
    parts = (method.encode(), path.encode("utf-8", "surrogatepass"), query.encode(), if_match.encode(), digest)
    return hashlib.sha256(b"\0".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


class IdempotencyCache:
    """Answers by caller and Idempotency-Key. Safe to use from many threads and processes."""

    def __init__(self, state: SharedState, clock: Callable[[], float] = time.monotonic) -> None:
        self._state = state
        self._clock = clock
        state.prepare(_TABLE)

    def begin(self, caller: str, key: str, asked: str) -> Answer | None:
        """The answer given before; None: go on, then call `keep` or `forget`.

        Raises Failure for a malformed key, one of another request (422), or one that is being answered (409).
        """
        if _key(key) is None:
            raise Failure(400, "invalid_request", "Idempotency-Key must be 1 to 128 printable characters")
        with self._state.transaction() as connection:
            self._drop_old(connection)
            row = connection.execute(
                "SELECT fingerprint, status, headers, body FROM answers WHERE caller = ? AND key = ?",
                (caller, key),
            ).fetchone()
            if row is None:
                connection.execute(
                    "INSERT INTO answers (caller, key, fingerprint, born) VALUES (?, ?, ?, ?)",
                    (caller, key, asked, self._clock()),
                )
                return None
        mark, status, headers, body = row
        if mark != asked:
            raise Failure(422, "idempotency_key_reused", "this Idempotency-Key was used for another request")
        if status is None:
            raise Failure(409, "in_progress", "the request with this Idempotency-Key is being answered")
        return Answer(status, tuple((name, value) for name, value in json.loads(headers)), body)

    def keep(self, caller: str, key: str, answer: Answer) -> None:
        """Remember what was answered."""
        if len(answer.body) > MAX_ANSWER_BYTES:
            return self.forget(caller, key)
        with self._state.transaction() as connection:
            connection.execute(
                "UPDATE answers SET status = ?, headers = ?, body = ? WHERE caller = ? AND key = ?",
                (answer.status, json.dumps(answer.headers), answer.body, caller, key),
            )
        return None

    def forget(self, caller: str, key: str) -> None:
        """Nothing was done: the key may be used again."""
        with self._state.transaction() as connection:
            connection.execute("DELETE FROM answers WHERE caller = ? AND key = ?", (caller, key))

    def _drop_old(self, connection: sqlite3.Connection) -> None:
        now = self._clock()
        connection.execute("DELETE FROM answers WHERE born < ?", (now - LIFETIME_S,))
        connection.execute("DELETE FROM answers WHERE status IS NULL AND born < ?", (now - ABANDONED_S,))
        connection.execute(
            "DELETE FROM answers WHERE rowid IN (SELECT rowid FROM answers ORDER BY born DESC LIMIT -1 OFFSET ?)",
            (MAX_ANSWERS - 1,),
        )
