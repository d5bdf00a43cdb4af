"""What changes in a store is found in its index, with a rival at every moment."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

import pytest

from miniprogram.delivery.documents.contents.program_index import (
    IndexedPointer,
    ProgramIndex,
    ProgramRow,
    format_index,
)
from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.documents.polled_changes import BY_HAND_EVERY, MOST_BY_HAND, PolledChanges
from miniprogram.errors import StoreError
from miniprogram.seams.change_feed import ChangeFeed, Changes
from miniprogram.seams.object_store import ObjectStore
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import ChangeFeedContract, InterleavingStore

KEYS = Keys("cloud")
INDEX = KEYS.program_index_key
POINTER = KEYS.catalog_pointer_key("shop")


def write_index(store: ObjectStore, version: str | None, *pending: str) -> None:
    rows = () if version is None else (ProgramRow("shop", IndexedPointer(version, "m", "r")),)
    store.put(INDEX, format_index(ProgramIndex(rows, pending=dict.fromkeys(pending, ("mark",)))))


def break_down(_store: ObjectStore) -> None:
    raise StoreError("the store is being restarted: try again later")


class TestPolledChanges(ChangeFeedContract):
    @pytest.fixture(autouse=True)
    def _store(self) -> None:
        self.store = MemoryObjectStore()
        write_index(self.store, "1.0.0")

    def make_store(self) -> ObjectStore:
        return self.store

    def make_feed(self) -> ChangeFeed:
        return PolledChanges(self.store, KEYS, every_s=0.005)

    def make_broken_feed(self) -> ChangeFeed:
        store = InterleavingStore(self.store)
        store.before("get", INDEX, break_down)
        return PolledChanges(store, KEYS)


def rounds(store: ObjectStore, number: int) -> Iterator[Changes]:
    """What is told in `number` rounds, without waiting."""
    stop, left = Event(), [number]

    def wait(_stop: Event, _seconds: float) -> bool:
        left[0] -= 1
        return left[0] < 0

    return PolledChanges(store, KEYS, every_s=0.1, wait=wait).watch(stop)


def test_a_row_that_changes_tells_of_its_documents() -> None:
    store = InterleavingStore()
    write_index(store, "1.0.0")
    told = rounds(store, 1)
    next(told)
    store.before("get", INDEX, lambda inner: write_index(inner, "1.1.0"))

    (changes,) = told

    assert store.all_met
    assert {POINTER, INDEX, KEYS.release_document_key("shop")} <= changes.keys
    assert not changes.has_gap


def test_a_change_between_the_first_look_and_the_gap_is_told() -> None:
    store = InterleavingStore()
    write_index(store, "1.0.0")
    store.after("get", INDEX, lambda inner: write_index(inner, "1.1.0"))

    _, changes = rounds(store, 1)

    assert store.all_met
    assert POINTER in changes.keys


def test_a_program_that_somebody_is_changing_is_told_of_in_every_round() -> None:
    """The index says that its row is not to be believed; the documents may change at any moment."""
    store = MemoryObjectStore()
    write_index(store, "1.0.0", "shop")

    told = list(rounds(store, 3))

    assert [POINTER in changes.keys for changes in told] == [False, True, True, True]


@pytest.mark.parametrize("body", [None, b"{", b'{"formatVersion": 9}'], ids=["none", "damaged", "newer"])
def test_without_an_index_that_can_be_read_everything_may_have_changed(body: bytes | None) -> None:
    store = MemoryObjectStore()
    if body is not None:
        store.put(INDEX, body)

    assert [changes.has_gap for changes in rounds(store, 2)] == [True, True, True]


def test_an_index_that_is_as_it_was_is_not_sent_again() -> None:
    class Revalidating(MemoryObjectStore):
        def __init__(self) -> None:
            super().__init__()
            self.sent: list[str] = []

        def get(self, key: str):
            self.sent.append(key)
            return super().get(key)

        def get_if_changed(self, key: str, etag: str):
            return "unchanged" if self._objects[key].etag == etag else self.get(key)

    store = Revalidating()
    write_index(store, "1.0.0")

    told = list(rounds(store, 3))

    assert told == [Changes(has_gap=True)]
    assert store.sent == [INDEX]


def test_documents_that_are_not_in_the_index_take_turns() -> None:
    store = MemoryObjectStore()
    write_index(store, "1.0.0")
    names = [KEYS.access_keys_key(f"shop{number:03}") for number in range(MOST_BY_HAND + 1)]
    for name in names:
        store.put(name, b"{}")

    told = list(rounds(store, 3 * BY_HAND_EVERY))

    first, second = (changes.keys for changes in told[1:3])
    assert (len(first), first | second) == (MOST_BY_HAND, set(names))


def test_a_store_that_fails_ends_the_watch() -> None:
    store = InterleavingStore()
    write_index(store, "1.0.0")
    told = rounds(store, 1)
    next(told)
    store.before("get", INDEX, break_down)

    with pytest.raises(StoreError):
        next(told)
