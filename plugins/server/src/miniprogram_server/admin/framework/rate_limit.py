"""How often one caller may ask: a bucket for each that fills steadily, known to every process of the server."""

from __future__ import annotations

import math
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass

from miniprogram_server.serving.shared_state import SharedState

MAX_CALLERS = 10_000
"""Callers remembered. The one unseen longest is forgotten first, and starts with a full bucket."""
_SWEEP_EVERY = 256

_TABLE = """CREATE TABLE IF NOT EXISTS buckets (
    kind TEXT NOT NULL, caller TEXT NOT NULL, level REAL NOT NULL, since REAL NOT NULL,
    PRIMARY KEY (kind, caller)) WITHOUT ROWID"""


@dataclass(frozen=True, slots=True)
class Rate:
    """`per_second` requests in the long run, `burst` at once."""

    per_second: float = 20.0
    burst: int = 100


class RateLimit:
    """Call it with who asks; it says how many seconds they must wait, 0 when they may go on.

    `kind` tells its buckets from those of other limits. It may wait for another process: not for the loop.
    """

    def __init__(
        self, rate: Rate, state: SharedState, kind: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate = rate
        self._state = state
        self._kind = kind
        self._clock = clock
        self._calls = 0
        state.prepare(_TABLE)

    def __call__(self, caller: str) -> int:
        now, burst = self._clock(), float(self._rate.burst)
        with self._state.transaction() as connection:
            row = connection.execute(
                "SELECT level, since FROM buckets WHERE kind = ? AND caller = ?", (self._kind, caller)
            ).fetchone()
            level, since = row or (burst, now)
            level = min(burst, level + max(0.0, now - since) * self._rate.per_second)
            allowed = level >= 1
            connection.execute(
                "INSERT OR REPLACE INTO buckets VALUES (?, ?, ?, ?)",
                (self._kind, caller, level - 1 if allowed else level, now),
            )
            self._calls += 1
            if self._calls % _SWEEP_EVERY == 1:
                self._sweep(connection, now)
        return 0 if allowed else max(1, math.ceil((1 - level) / self._rate.per_second))

    def _sweep(self, connection: sqlite3.Connection, now: float) -> None:
        """Forget whose bucket is full again by now, and beyond MAX_CALLERS who was unseen longest."""
        full_after_s = self._rate.burst / self._rate.per_second
        connection.execute("DELETE FROM buckets WHERE kind = ? AND since < ?", (self._kind, now - full_after_s))
        connection.execute(
            "DELETE FROM buckets WHERE kind = ? AND caller IN"
            " (SELECT caller FROM buckets WHERE kind = ? ORDER BY since DESC LIMIT -1 OFFSET ?)",
            (self._kind, self._kind, MAX_CALLERS),
        )
