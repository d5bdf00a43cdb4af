"""A bounded cache whose hits take no lock."""

from __future__ import annotations

from _thread import allocate_lock  # what threading.Lock is; threading itself costs a function's cold start
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class SegmentedLru(Generic[Key, Value]):
    """Values by key, at most `limit` of cost altogether; what was not used for longest goes first.

    Two generations instead of an exact order: a full young one becomes the old one, and whatever is used again
    moves back. So a flood of keys that are asked for once cannot push out the ones that are in use.
    """

    __slots__ = ("_cost", "_limit", "_lock", "_old", "_young")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = allocate_lock()
        self._cost = 0
        self._young: dict[Key, tuple[Value, int]] = {}
        self._old: dict[Key, tuple[Value, int]] = {}

    def get(self, key: Key) -> Value | None:
        """The value kept under `key`, or None."""
        cached = self._young.get(key)
        if cached is None:
            if key not in self._old:
                return None
            cached = self._renewed(key)
        return None if cached is None else cached[0]

    def put(self, key: Key, value: Value, cost: int) -> None:
        """Keep `value`. One that costs more than a quarter of the limit is not kept."""
        with self._lock:
            self._put(key, value, cost)

    def drop(self, key: Key) -> None:
        """Keep nothing under `key`."""
        with self._lock:
            _, dropped = self._young.pop(key, (None, 0))
            self._cost -= dropped
            self._old.pop(key, None)

    def _renewed(self, key: Key) -> tuple[Value, int] | None:
        """What is kept under `key`, among the young again. What was put or dropped meanwhile counts."""
        with self._lock:
            cached = self._young.get(key)
            if cached is None and (cached := self._old.get(key)) is not None:
                self._put(key, *cached)
            return cached

    def _put(self, key: Key, value: Value, cost: int) -> None:
        _, replaced = self._young.pop(key, (None, 0))
        self._cost -= replaced
        if cost * 4 > self._limit:
            self._old.pop(key, None)
            return
        if (self._cost + cost) * 2 > self._limit:
            self._old, self._young, self._cost = self._young, {}, 0
        self._young[key] = (value, cost)
        self._cost += cost
