"""What a server that lists again and again remembers of an index: warm lists ask the store for nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

T = TypeVar("T")

MAX_AGE_S = 2.0
MOST_ENTRIES = 64


class IndexMemory:
    """Results of reading, by name. Safe to share among threads.

    What may change is believed for `max_age_s`; what is named by its content stays until there is no more room.
    """

    def __init__(self, max_age_s: float = MAX_AGE_S, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._max_age_s, self._clock = max_age_s, clock
        self._entries: dict[str, tuple[float, Any]] = {}
        self._guard = Lock()

    def recall(self, name: str, read: Callable[[], T], *, unchanging: bool = False) -> T:
        """What `read` returned under `name` lately, else what it returns now. What it raises is not remembered."""
        with self._guard:
            read_at, value = self._entries.get(name, (float("-inf"), None))
        if self._clock() - read_at < (float("inf") if unchanging else self._max_age_s):
            known: T = value
            return known
        now, found = self._clock(), read()
        with self._guard:
            self._entries.pop(name, None)
            while len(self._entries) >= MOST_ENTRIES:
                self._entries.pop(next(iter(self._entries)))
            self._entries[name] = (now, found)
        return found

    def forget(self) -> None:
        """Believe nothing any more: somebody here has changed the index."""
        with self._guard:
            self._entries.clear()
