"""Windows with several counters, on a store whose every step can be somebody else's turn."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any

import pytest

from miniprogram.delivery.documents.remembering_ledger import ABSENT_S, BREAK_S, Contended
from miniprogram.delivery.documents.sharded_ledger import MOST_TRIED, Allot, Shard, ShardedLedger, shared_out
from miniprogram.delivery.evaluation.errors import SourceUnavailable
from miniprogram.delivery.evaluation.ledger import ledger_key
from miniprogram.testing.admission_ledger import NOW_MS, AdmissionLedgerContract

ADA = ledger_key("w", "ada")


class Table:
    """What ledgers keep. `before` is told of every call, and may change what is kept."""

    def __init__(self, shards: int) -> None:
        self.number_of_shards, self.lock = shards, Lock()
        self.shards: dict[str, list[Shard | None]] = {}
        self.visitors: set[tuple[str, str]] = set()
        self.calls: list[str] = []
        self.before: Callable[[str], None] = lambda _call: None

    def of(self, window_id: str) -> list[Shard | None]:
        return self.shards.setdefault(window_id, [None] * self.number_of_shards)


class TableLedger(ShardedLedger):
    def __init__(self, table: Table, **waiting: Any) -> None:
        super().__init__("the table", **waiting)
        self.table = table

    def _step(self, name: str) -> Lock:
        self.table.calls.append(name)
        self.table.before(name)
        return self.table.lock

    def is_in(self, window_id: str, key: str) -> bool:
        with self._step("is_in"):
            return (window_id, key) in self.table.visitors

    def read_shards(self, window_id: str) -> list[Shard | None]:
        """One after another, as a store does that reads them without a transaction."""
        shards = []
        for number in range(self.table.number_of_shards):
            with self._step("read"):
                shards.append(self.table.of(window_id)[number])
        return shards

    def take_slot(self, window_id: str, number: int, limit: int, key: str, now_ms: int) -> None:
        with self._step("take"):
            shards, visitor = self.table.of(window_id), (window_id, key)
            if visitor in self.table.visitors:
                return
            shard = shards[number]
            if shard is None or shard.limit != limit or not shard.has_room:
                raise Contended
            shards[number] = shard._replace(admitted=shard.admitted + 1)
            self.table.visitors.add(visitor)

    def share_out(self, window_id: str, allot: Allot, now_ms: int) -> list[Shard]:
        with self._step("share out"):
            shared = allot(self.table.of(window_id))
            self.table.shards[window_id] = list(shared)
            return shared


@pytest.mark.parametrize("shards", [1, 3, 8], scope="class")
class TestShardedLedger(AdmissionLedgerContract):
    @pytest.fixture(autouse=True)
    def _shards(self, shards: int) -> None:
        self.shards = shards

    def make_ledger(self) -> TableLedger:
        return TableLedger(Table(self.shards), patience_s=30)

    def open_again(self, ledger: Any) -> TableLedger:
        return TableLedger(ledger.table, patience_s=30)


@pytest.mark.parametrize("found", [[0, 0, 0], [4, 0, 1], [9, 9, 9], [None, 2, None]])
@pytest.mark.parametrize("limit", [1, 3, 8, 10])
def test_what_is_shared_out_is_all_there_is(found: list[int | None], limit: int) -> None:
    before = [None if taken is None else Shard(5, taken + 7, taken) for taken in found]
    after = shared_out(before, limit)
    taken = [each or 0 for each in found]
    assert [each.admitted for each in after] == taken
    assert sum(each.allotted for each in after) == max(limit, sum(taken))
    parts = [each.allotted - each.admitted for each in after]
    assert 0 <= min(parts) <= max(parts) <= min(parts) + 1


RIVALS = {
    "takes the slot": [("bob", 3)],
    "takes the slot for the same visitor": [("ada", 3)],
    "widens it": [("bob", 5)],
    "widens and fills it": [("bob", 5), ("cyd", 5), ("dan", 5), ("eve", 5)],
    "widens it and back": [("bob", 5), ("cyd", 3)],
    "shrinks it": [("bob", 1)],
}


@pytest.mark.parametrize("rival", RIVALS)
@pytest.mark.parametrize("taken", [0, 1, 2])
@pytest.mark.parametrize("nth", range(1, 13))
def test_somebody_else_at_any_step(rival: str, taken: int, nth: int) -> None:
    table = Table(3)
    for number in range(taken):
        assert TableLedger(table).admit("w", ledger_key("w", str(number)), 3, NOW_MS)
    inside = {str(number) for number in range(taken)}
    steps: list[str] = []

    def intrude(call: str) -> None:
        steps.append(call)
        if len(steps) == nth:
            table.before = lambda _call: None
            for name, limit in RIVALS[rival]:
                if TableLedger(table).admit("w", ledger_key("w", name), limit, NOW_MS):
                    inside.add(name)

    table.before = intrude
    got_in = TableLedger(table, patience_s=5).admit("w", ADA, 3, NOW_MS)
    table.before = lambda _call: None

    assert got_in is ("ada" in inside or len(inside) < 3)
    inside |= {"ada"} if got_in else set()
    assert TableLedger(table).count("w") == len(table.visitors) == len(inside)
    if len(inside) < 3:
        assert TableLedger(table).admit("w", ledger_key("w", "fay"), 3, NOW_MS)


def test_full_is_said_of_counts_and_not_of_shards_that_were_read_at_different_moments() -> None:
    """The slots are shared out anew while they are read: each shard was full when looked at, yet one is free."""
    table = Table(2)
    table.shards["w"] = [Shard(4, 2, 2), Shard(4, 2, 0)]
    table.visitors = {("w", "x"), ("w", "y")}
    reads: list[str] = []

    def intrude(call: str) -> None:
        reads.append(call)
        if reads.count("read") == 2 and call == "read":
            table.shards["w"] = [Shard(4, 3, 2), Shard(4, 1, 1)]
            table.visitors.add(("w", "z"))

    table.before = intrude
    ledger = TableLedger(table, patience_s=5)
    assert ledger.admit("w", ADA, 4, NOW_MS) is True
    assert ledger.count("w") == 4


def waiting_ledger(table: Table) -> tuple[TableLedger, list[float]]:
    """A ledger whose clock stands still but in its pauses, and for as long as is put into the list."""
    passed: list[float] = []
    return TableLedger(table, pause=passed.append, clock=lambda: sum(passed)), passed


def test_who_is_absent_from_a_full_window_is_known_for_a_while() -> None:
    table = Table(2)
    ledger, passed = waiting_ledger(table)
    ledger.admit("w", ADA, 1, NOW_MS)
    bob, cyd = ledger_key("w", "bob"), ledger_key("w", "cyd")
    assert [ledger.admit("w", key, 1, NOW_MS) for key in (bob, cyd)] == [False, False]

    table.calls.clear()
    assert [ledger.admit("w", key, 1, NOW_MS) for key in (bob, cyd)] == [False, False]
    assert table.calls == []

    assert TableLedger(table).admit("w", bob, 2, NOW_MS) is True
    assert ledger.admit("w", bob, 2, NOW_MS) is True
    table.visitors.add(("w", cyd))
    passed.append(ABSENT_S)
    assert ledger.admit("w", cyd, 1, NOW_MS) is True


def test_who_waited_in_vain_spares_those_right_behind() -> None:
    table = Table(8)
    ledger, passed = waiting_ledger(table)
    ledger.admit("w", ADA, 50, NOW_MS)

    def refuse(call: str) -> None:
        if call == "take":
            raise Contended

    table.before = refuse
    with pytest.raises(SourceUnavailable, match="same moment"):
        ledger.admit("w", ledger_key("w", "bob"), 50, NOW_MS)
    assert 0.1 <= sum(passed) < 0.16
    rounds = len(passed) + 1
    in_memory = 1  # a shard that had room when ADA came
    assert table.calls.count("take") == 1 + in_memory + MOST_TRIED * rounds

    table.before = lambda _call: None
    table.calls.clear()
    cyd = ledger_key("w", "cyd")
    with pytest.raises(SourceUnavailable, match="same moment"):
        ledger.admit("w", cyd, 50, NOW_MS)
    assert table.calls == ["is_in"]
    assert ledger.admit("w", ADA, 50, NOW_MS) is True, "who is in is answered"
    assert ledger.admit("other", cyd, 50, NOW_MS) is True, "other windows are open"
    passed.append(BREAK_S)
    assert ledger.admit("w", cyd, 50, NOW_MS) is True


def test_a_call_that_meets_others_outside_an_admission_is_out_of_reach() -> None:
    table = Table(2)

    def refuse(_call: str) -> None:
        raise Contended

    table.before = refuse
    for ask in (lambda: TableLedger(table).count("w"), lambda: TableLedger(table).has_admitted("w", ADA)):
        with pytest.raises(SourceUnavailable, match="at this moment"):
            ask()


def test_whoever_comes_next_takes_a_slot_without_reading_the_shards() -> None:
    table = Table(shards=4)
    ledger = TableLedger(table)
    assert ledger.admit("w", ADA, 8, NOW_MS)
    table.calls.clear()

    assert ledger.admit("w", ledger_key("w", "bob"), 8, NOW_MS)

    assert table.calls == ["is_in", "take"]
    assert ledger.count("w") == 2


@pytest.mark.parametrize("limit", [2, 3, 8], ids=["full", "filled by others", "shared out anew"])
def test_what_is_remembered_of_shards_lets_nobody_in_who_has_no_slot(limit: int) -> None:
    """Others filled the window, or its limit is another one, since this process saw room."""
    table = Table(shards=2)
    ours, theirs = TableLedger(table), TableLedger(table)
    assert ours.admit("w", ADA, 3, NOW_MS)
    for number in range(2):
        assert theirs.admit("w", ledger_key("w", f"other {number}"), 3, NOW_MS)

    let_in = [ours.admit("w", ledger_key("w", f"late {number}"), limit, NOW_MS) for number in range(8)]

    assert sum(let_in) == max(0, limit - 3)
    assert ours.count("w") == max(3, limit)
