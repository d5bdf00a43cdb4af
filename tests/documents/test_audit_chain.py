"""The audit trail in a store: who writes it, who reads it, and what is said of one that was tampered with."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

import pytest

from miniprogram.documents.audit_chain import (
    extended,
    flush_events,
    read_event,
    read_events,
)
from miniprogram.documents.audit_event import Event, Trail
from miniprogram.documents.audit_verification import Checkpoint, Finding, verify
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.errors import DocumentError
from miniprogram.progress import listening
from miniprogram.seams.object_store import ObjectStore
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing.wrapped_store import Method, WrappedStore

CHAIN = "shop"


def trail_of(count: int, **members: Any) -> Trail:
    """A trail of `count` events of one change."""
    event = {"at": "2030-01-02T03:04:05.000Z", "actor": "ann", "via": "cli", "command": "say", "revision": 1}
    return extended(Trail(), [{**event, **members, "subject": f"s{number}"} for number in range(count)])


def stored(trail: Trail, store: ObjectStore | None = None) -> EnvironmentStorage:
    storage = EnvironmentStorage(store or MemoryObjectStore())
    flush_events(storage, CHAIN, trail)
    return storage


def key_of(storage: EnvironmentStorage, seq: int) -> str:
    return storage.keys.audit_event_key(CHAIN, seq)


def document(storage: EnvironmentStorage, seq: int) -> dict[str, Any]:
    found = storage.store.get(key_of(storage, seq))
    assert found is not None
    return dict(json.loads(found.body))


def edit(storage: EnvironmentStorage, seq: int, **members: Any) -> None:
    storage.store.put(key_of(storage, seq), json.dumps({**document(storage, seq), **members}).encode())


def without_latest(trail: Trail) -> Trail:
    """As if further changes had been made: the document no longer holds these events."""
    return trail.model_copy(update={"latest": ()})


def test_events_are_stored_with_the_names_of_their_format() -> None:
    trail = trail_of(1, details={"due": datetime(2030, 1, 2, tzinfo=UTC)})

    found = document(stored(trail), 1)

    assert found == trail.latest[0].model_dump(mode="json", by_alias=True)
    assert found["previousHash"] == Trail().hash
    assert found["details"] == {"due": "2030-01-02T00:00:00Z"}


def test_an_event_that_is_there_stays_and_those_after_it_are_put() -> None:
    trail = trail_of(3)
    storage = EnvironmentStorage(MemoryObjectStore())
    storage.store.put(key_of(storage, 2), b"of an earlier attempt")

    flush_events(storage, CHAIN, trail)

    bodies = [found.body for seq in (1, 2, 3) if (found := storage.store.get(key_of(storage, seq)))]
    assert bodies[1] == b"of an earlier attempt"
    assert [json.loads(body)["seq"] for body in (bodies[0], bodies[2])] == [1, 3]


def test_all_events_are_read_the_newest_first() -> None:
    trail = trail_of(3)

    assert [*read_events(stored(trail), CHAIN, without_latest(trail))] == [*reversed(trail.latest)]


def test_events_not_yet_put_under_their_keys_are_read_from_the_document() -> None:
    trail = trail_of(2)

    assert [*read_events(EnvironmentStorage(MemoryObjectStore()), CHAIN, trail)] == [*reversed(trail.latest)]


def test_events_that_are_gone_are_left_out() -> None:
    trail = trail_of(3)
    storage = stored(trail)
    storage.store.delete(key_of(storage, 2))

    assert [event.seq for event in read_events(storage, CHAIN, without_latest(trail))] == [3, 1]


def test_one_event_is_read_if_it_can_be() -> None:
    trail = trail_of(2)
    storage = stored(trail)
    storage.store.put(key_of(storage, 2), b"{")

    assert [read_event(storage, CHAIN, seq) for seq in (1, 2, 3)] == [trail.latest[0], None, None]
    with pytest.raises(DocumentError, match="2"):
        list(read_events(storage, CHAIN, without_latest(trail)))


def test_a_hash_that_was_edited_is_found_once() -> None:
    """What the event after it remembers says nothing new: one edit is one finding."""
    trail = trail_of(4)
    storage = stored(trail)
    edit(storage, 2, hash="0" * 64)

    assert verify(storage, CHAIN, trail).findings == [
        Finding(position=2, problem="changed", message="event 2 does not have its own hash")
    ]


@pytest.mark.parametrize("held", [True, False], ids=["held by the document", "held nowhere"])
def test_of_a_missing_event_it_is_said_whether_it_will_come_back(*, held: bool) -> None:
    trail = trail_of(2)
    storage = stored(trail)
    storage.store.delete(key_of(storage, 2))

    (finding,) = verify(storage, CHAIN, trail if held else without_latest(trail)).findings

    assert (finding.position, finding.problem) == (2, "missing")
    assert key_of(storage, 2) in finding.message
    assert ("the next change puts it back" in finding.message) is held


class WatchedStore(WrappedStore):
    """Remembers which threads read, and when a certain key is asked for."""

    def __init__(self, parallel: int = 8, *, awaited: str = "") -> None:
        super().__init__()
        self.parallel_writes = parallel
        self.readers: set[int] = set()
        self.awaited, self.asked = awaited, threading.Event()

    def around(self, method: Method, key: str) -> AbstractContextManager[object]:
        if method == "get":
            self.readers.add(threading.get_ident())
            if key == self.awaited:
                self.asked.set()
        return super().around(method, key)


@pytest.mark.parametrize(("parallel", "here"), [(0, True), (1, True), (2, False)])
def test_a_trail_is_read_by_as_many_as_the_store_takes(parallel: int, *, here: bool) -> None:
    store, trail = WatchedStore(parallel), trail_of(5)
    storage = stored(trail, store)

    assert verify(storage, CHAIN, trail).findings == []

    assert (store.readers == {threading.get_ident()}) is here
    assert len(store.readers) <= max(1, parallel)


def test_no_more_than_a_thousand_events_wait_to_be_judged() -> None:
    """A trail of any length is verified with the memory that these take."""
    trail = trail_of(1_001)
    store = WatchedStore(awaited=key_of(EnvironmentStorage(MemoryObjectStore()), 1_001))
    storage = stored(trail, store)
    asked_early: list[bool] = []

    def told(_what: str, done: int, _total: int | None) -> None:
        if done == 1_000:  # the last of a thousand is there, and none of those behind it was asked for
            asked_early.append(store.asked.wait(0.1))

    with listening(told):
        assert verify(storage, CHAIN, trail).findings == []

    assert asked_early == [False]
    assert store.asked.is_set()


def parts_of(storage: EnvironmentStorage, trail: Trail, size: int) -> list[tuple[int, str]]:
    """Positions and problems that verifying in parts of `size` finds."""
    found: list[tuple[int, str]] = []
    start = Checkpoint()
    while True:
        part = verify(storage, CHAIN, trail, start=start, goes_on=lambda verified: verified < size)
        found += [(each.position, each.problem) for each in part.findings]
        if part.is_last:
            return found
        assert part.checkpoint.position == start.position + size
        start = part.checkpoint


def swap(storage: EnvironmentStorage, seq: int) -> None:
    one, other = document(storage, seq), document(storage, seq + 1)
    storage.store.put(key_of(storage, seq), json.dumps(other).encode())
    storage.store.put(key_of(storage, seq + 1), json.dumps(one).encode())


TAMPERED: dict[str, Callable[[EnvironmentStorage, int], None]] = {
    "changed": lambda storage, seq: edit(storage, seq, actor="eve"),
    "sealed again": lambda storage, seq: storage.store.put(
        key_of(storage, seq), sealed(document(storage, seq), actor="eve")
    ),
    "removed": lambda storage, seq: storage.store.delete(key_of(storage, seq)),
    "broken": lambda storage, seq: storage.store.put(key_of(storage, seq), b"{"),
    "exchanged": swap,
}


def sealed(members: dict[str, Any], **changes: Any) -> bytes:
    event = Event.model_validate({**members, **changes})
    return event.sealed().model_dump_json(by_alias=True).encode()


@pytest.mark.parametrize("seq", [1, 2, 3, 4, 5, 6])
@pytest.mark.parametrize("tamper", TAMPERED.values(), ids=TAMPERED)
def test_parts_find_what_the_whole_finds(tamper: Callable[[EnvironmentStorage, int], None], seq: int) -> None:
    trail = trail_of(7)
    storage = stored(trail)
    tamper(storage, seq)
    whole = {(each.position, each.problem) for each in verify(storage, CHAIN, without_latest(trail)).findings}
    assert whole

    for size in range(1, 9):
        assert set(parts_of(storage, without_latest(trail), size)) == whole, size


def test_a_checkpoint_kept_elsewhere_shows_a_trail_that_was_written_anew() -> None:
    trail = trail_of(5)
    before = verify(stored(trail), CHAIN, trail)
    assert (before.findings, before.checkpoint) == ([], Checkpoint(5, trail.hash))
    other = trail_of(5, reason="another past")
    forged = stored(other)
    assert verify(forged, CHAIN, other).findings == []

    (finding,) = verify(forged, CHAIN, other, start=before.checkpoint).findings

    assert (finding.position, finding.problem) == (5, "changed")


def test_a_checkpoint_kept_elsewhere_shows_a_trail_that_was_cut_off() -> None:
    before = verify(stored(trail_of(5)), CHAIN, trail_of(5)).checkpoint
    shorter = trail_of(3)
    storage = stored(shorter)

    (finding,) = verify(storage, CHAIN, shorter, start=before).findings

    assert (finding.position, finding.problem) == (4, "missing")
