"""How many a capped window can admit a second: the ledger's own code, on a table that takes its time.

Time is simulated, so that load on this machine changes nothing. A transaction holds the items it writes for 10 ms;
one that meets another there is refused after a round trip. Every visitor is new, and is answered by a function
that has nobody else to answer, as in a cloud: a new one starts when all are busy. Half of the window's slots are
left when the visitors stop.
"""

from __future__ import annotations

import heapq
import random
import statistics
import threading
from _thread import LockType
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import NamedTuple

from miniprogram.delivery.documents.remembering_ledger import PATIENCE_S, Contended
from miniprogram.delivery.documents.sharded_ledger import Allot, Shard, ShardedLedger
from miniprogram.delivery.evaluation.errors import SourceUnavailable

TRANSACTION_S, ROUND_TRIP_S = 0.010, 0.003
SECONDS = 2
RATES = (50, 200, 400, 1_000)
BEFORE = (1, 2.0)
"""Shards, and the patience in seconds, as they once were."""
NOW = ((1, PATIENCE_S), (8, PATIENCE_S), (16, PATIENCE_S))


class Figures(NamedTuple):
    visitors: int
    refused: int
    hold_ms: float
    """How long a function was held by a visitor, on average."""
    functions: int
    """How many were busy at the same moment, at most."""
    transactions: int


class Clock:
    """Simulated seconds. Only one thread runs at a time, until it sleeps or ends."""

    def __init__(self) -> None:
        self.now = 0.0
        self._order = count()
        self._due: list[tuple[float, int, LockType]] = []
        self._slept = threading.Semaphore(0)

    def sleep(self, seconds: float) -> None:
        turn = self._at(self.now + seconds)
        self._slept.release()
        turn.acquire()

    def start(self, at: float, work: Callable[[], None]) -> None:
        turn = self._at(at)

        def run() -> None:
            with turn:
                work()
            self._slept.release()

        threading.Thread(target=run, daemon=True).start()

    def run(self) -> None:
        while self._due:
            self.now, _, turn = heapq.heappop(self._due)
            turn.release()
            self._slept.acquire()

    def _at(self, due: float) -> LockType:
        turn = threading.Lock()
        turn.acquire()
        heapq.heappush(self._due, (due, next(self._order), turn))
        return turn


class Table:
    """The items of one window. Whoever writes one that is being written is refused."""

    def __init__(self, clock: Clock, shards: int) -> None:
        self.clock, self.visitors, self.transactions = clock, set[str](), 0
        self.shards: list[Shard | None] = [None] * shards
        self._busy_until = [0.0] * shards

    def read(self) -> None:
        self.clock.sleep(ROUND_TRIP_S)

    @contextmanager
    def transaction(self, numbers: Sequence[int]) -> Iterator[None]:
        self.transactions += 1
        if any(self._busy_until[number] > self.clock.now for number in numbers):
            self.clock.sleep(ROUND_TRIP_S)
            raise Contended
        for number in numbers:
            self._busy_until[number] = self.clock.now + TRANSACTION_S
        yield
        self.clock.sleep(TRANSACTION_S)


class TableLedger(ShardedLedger):
    def __init__(self, table: Table, patience_s: float) -> None:
        super().__init__("table", patience_s=patience_s, pause=table.clock.sleep, clock=lambda: table.clock.now)
        self._table = table

    def is_in(self, window_id: str, key: str) -> bool:
        del window_id
        self._table.read()
        return key in self._table.visitors

    def read_shards(self, window_id: str) -> list[Shard | None]:
        del window_id
        self._table.read()
        return list(self._table.shards)

    def take_slot(self, window_id: str, number: int, limit: int, key: str, now_ms: int) -> None:
        del window_id, now_ms
        with self._table.transaction([number]):
            shard = self._table.shards[number]
            if shard is None or shard.limit != limit or not shard.has_room:
                raise Contended
            self._table.shards[number] = shard._replace(admitted=shard.admitted + 1)
            self._table.visitors.add(key)

    def share_out(self, window_id: str, allot: Allot, now_ms: int) -> list[Shard]:
        del window_id, now_ms
        with self._table.transaction(range(len(self._table.shards))):
            shared = allot(self._table.shards)
            self._table.shards = list(shared)
            return shared


def simulated(rate: int, shards: int, patience_s: float) -> Figures:
    """Visitors who come at random moments, `rate` a second."""
    random.seed(f"{rate} {shards} {patience_s}")
    clock = Clock()
    table = Table(clock, shards)
    limit, idle, held, refused, made = rate * SECONDS * 2, list[TableLedger](), list[float](), list[str](), count()

    def come(key: str) -> None:
        ledger = idle.pop() if idle else TableLedger(table, patience_s) if next(made) >= 0 else None
        assert ledger is not None
        began = clock.now
        try:
            assert ledger.admit("w", key, limit, 0)
        except SourceUnavailable:
            refused.append(key)
        held.append(clock.now - began)
        idle.append(ledger)

    arrival = 0.0
    while (arrival := arrival + random.expovariate(rate)) < SECONDS:
        key = str(arrival)
        clock.start(arrival, lambda key=key: come(key))
    clock.run()
    admitted = sum(shard.admitted for shard in table.shards if shard)
    assert admitted == len(table.visitors) == len(held) - len(refused)
    return Figures(len(held), len(refused), statistics.mean(held) * 1000, len(idle), table.transactions)


def main() -> None:
    print("shards  patience  visitors/s    refused          hold    functions  transactions per visitor")
    for rate in RATES:
        for shards, patience_s in (BEFORE, *NOW):
            seen = simulated(rate, shards, patience_s)
            told = f"{seen.refused} of {seen.visitors}"
            each = seen.transactions / seen.visitors
            print(
                f"{shards:>6}  {patience_s:>6.1f} s  {rate:>10}  {told:<14} {seen.hold_ms:>5.0f} ms  "
                f"{seen.functions:>11}  {each:>24.1f}"
            )


if __name__ == "__main__":
    main()
