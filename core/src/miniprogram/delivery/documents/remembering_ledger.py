"""A ledger that asks its store as little as it can, and waits for others only as long as a host may wait.

Who is in stays in, and counts only grow, so that a full window stays full and nobody else comes in: what was heard
once need not be asked again until the limit grows. And where so many come that one waited in vain, those right
behind do not wait at all.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypedDict

from miniprogram.delivery.documents.segmented_lru import SegmentedLru
from miniprogram.delivery.evaluation.errors import SourceUnavailable

PATIENCE_S = 0.1
"""How long one admission waits for those that take a slot at the same moment: a host waits that long too."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.005, 0.05
BREAK_S = 0.1
"""How long nobody tries to enter a window, in this process, after one waited in vain."""
ABSENT_S = 60.0
"""How long somebody is known not to be in a full window. Its limit may have grown and shrunk again meanwhile, and
another process let them in."""

_REMEMBERED_BYTES = 2 * 1024 * 1024
_ENTRY_BYTES = 300


class Contended(SourceUnavailable):
    """Others are taking a slot in the same window at this moment. An admission answers it by another try."""

    def __init__(self) -> None:
        super().__init__("others are taking a slot in the same window at this moment")


class Waiting(TypedDict, total=False):
    """How a ledger waits for others. What is not said is as `RememberingLedger` says."""

    patience_s: float
    pause: Callable[[float], None]
    clock: Callable[[], float]


class RememberingLedger:
    """An AdmissionLedger for stores of any cloud. Inherit, and override `enter`, `is_in` and `count`.

    Each of them raises SourceUnavailable when the store is out of reach: nobody new is let in then, and those that
    this process saw in are still known.
    """

    def __init__(
        self,
        name: str,
        *,
        patience_s: float = PATIENCE_S,
        pause: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`name` is what error texts call the ledger."""
        self._name, self._patience_s, self._pause, self._clock = name, patience_s, pause, clock
        self._in: SegmentedLru[str, bool] = SegmentedLru(_REMEMBERED_BYTES)
        self._full: SegmentedLru[str, int] = SegmentedLru(_REMEMBERED_BYTES)
        self._absent: SegmentedLru[str, tuple[int, float]] = SegmentedLru(_REMEMBERED_BYTES)
        self._broken: SegmentedLru[str, float] = SegmentedLru(_REMEMBERED_BYTES)

    def enter(self, window_id: str, key: str, limit: int, now_ms: int) -> bool:
        """Take a slot and write down whose it is, both or neither; whether `key` is in now.

        False is told of a full window only, and `key` looked for after it was seen to be full.
        Raises Contended when others do the same at this moment: it is asked again.
        """
        raise NotImplementedError

    def is_in(self, window_id: str, key: str) -> bool:
        """Whether the store says that `key` is in."""
        raise NotImplementedError

    def count(self, window_id: str) -> int:
        """How many are in."""
        raise NotImplementedError

    def admit(self, window_id: str, key: str, limit: int, now_ms: int) -> bool:
        """Let `key` in if it is in already or fewer than `limit` are."""
        if self._is_absent(window_id, key, limit):
            return False
        was_full = limit <= (self._full.get(window_id) or 0)
        if self.has_admitted(window_id, key):
            return True
        if not was_full:
            if self._enter_patiently(window_id, key, limit, now_ms):
                self._remember(window_id, key)
                return True
            self._full.put(window_id, limit, _ENTRY_BYTES)
        # They were looked for after the window was known to be full, so that nobody can have let them in since.
        self._absent.put(f"{window_id}:{key}", (limit, self._clock() + ABSENT_S), _ENTRY_BYTES)
        return False

    def has_admitted(self, window_id: str, key: str) -> bool:
        """Whether `key` is in."""
        if self._in.get(f"{window_id}:{key}"):
            return True
        is_in = self.is_in(window_id, key)
        if is_in:
            self._remember(window_id, key)
        return is_in

    def _remember(self, window_id: str, key: str) -> None:
        self._in.put(f"{window_id}:{key}", True, _ENTRY_BYTES)

    def _is_absent(self, window_id: str, key: str, limit: int) -> bool:
        full_at, until = self._absent.get(f"{window_id}:{key}") or (0, 0.0)
        return limit <= full_at and self._clock() < until

    def _enter_patiently(self, window_id: str, key: str, limit: int, now_ms: int) -> bool:
        from random import uniform

        too_many = SourceUnavailable(f"{self._name}: too many come at the same moment")
        begin, longest = self._clock(), FIRST_PAUSE_S
        if begin < (self._broken.get(window_id) or begin):
            raise too_many
        while True:
            try:
                return self.enter(window_id, key, limit, now_ms)
            except Contended:
                if self._clock() >= begin + self._patience_s:
                    self._broken.put(window_id, self._clock() + BREAK_S, _ENTRY_BYTES)
                    raise too_many from None
            self._pause(uniform(0, longest))  # noqa: S311 - it only keeps them from coming together again
            longest = min(longest * 2, LONGEST_PAUSE_S)
