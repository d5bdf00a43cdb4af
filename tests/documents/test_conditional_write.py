"""The one loop: nothing lost between racing writers, nothing unreadable written, no endless trying."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from miniprogram.delivery.documents.kinds import CATALOG_POINTER
from miniprogram.documents.conditional_write import conditional_delete, conditional_write
from miniprogram.documents.json_documents import change_document, read_document, remove_document
from miniprogram.errors import DocumentError, StoreError
from miniprogram.refusals import Refused
from miniprogram.seams.object_store import ObjectStore, StoredObject
from miniprogram.stores.backoff import LONGEST_PAUSE_S, Backoff
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import InterleavingStore

KEY = "a/counter.json"


def add(name: str) -> Callable[[StoredObject | None], bytes]:
    def change(found: StoredObject | None) -> bytes:
        return json.dumps([*(json.loads(found.body) if found else []), name]).encode()

    return change


def write(store: ObjectStore, name: str, **options: object) -> bool:
    return conditional_write(
        store,
        KEY,
        add(name),
        check=json.loads,
        content_type="application/json",
        cache_control="no-cache",
        **options,  # type: ignore[arg-type]
    )


def names(store: ObjectStore) -> list[str]:
    found = store.get(KEY)
    return [] if found is None else json.loads(found.body)  # type: ignore[no-any-return]


def test_what_a_rival_created_meanwhile_is_kept() -> None:
    store = InterleavingStore()
    store.before("put", KEY, lambda inner: write(inner, "theirs"))

    write(store, "ours")

    assert names(store) == ["theirs", "ours"]


def test_what_a_rival_changed_meanwhile_is_kept() -> None:
    store = InterleavingStore()
    write(store, "first")
    store.before("put", KEY, lambda inner: write(inner, "theirs"), lambda inner: write(inner, "again"))

    write(store, "ours")

    assert names(store) == ["first", "theirs", "again", "ours"]


def test_what_a_rival_removed_meanwhile_is_made_anew() -> None:
    store = InterleavingStore()
    write(store, "first")
    store.before("put", KEY, lambda inner: inner.delete(KEY))

    write(store, "ours")

    assert names(store) == ["ours"]


def test_a_stale_copy_of_the_caller_overwrites_nothing() -> None:
    store = MemoryObjectStore()
    write(store, "first")
    known = store.get(KEY)
    write(store, "second")

    write(store, "ours", known=known)

    assert names(store) == ["first", "second", "ours"]


def test_only_what_was_shown_is_deleted() -> None:
    store = InterleavingStore()
    write(store, "first")
    store.before("delete", KEY, lambda inner: write(inner, "theirs"))
    shown: list[list[str]] = []

    assert conditional_delete(store, KEY, lambda found: shown.append(json.loads(found.body)))

    assert shown == [["first"], ["first", "theirs"]]
    assert store.get(KEY) is None


def test_headers_are_stored() -> None:
    store = MemoryObjectStore()
    write(store, "a")
    assert store.headers[KEY] == ("application/json", "no-cache")


def test_nothing_is_written_when_the_change_says_so() -> None:
    store = MemoryObjectStore()

    written = conditional_write(
        store, KEY, lambda _: None, check=json.loads, content_type=None, cache_control=None
    )

    assert (written, store.get(KEY)) == (False, None)


def test_bytes_nobody_can_read_are_not_written() -> None:
    store = MemoryObjectStore()
    write(store, "good")

    def refuse(body: bytes) -> None:
        raise DocumentError("the third member is odd")

    with pytest.raises(Refused, match="the third member is odd"):
        conditional_write(store, KEY, add("x"), check=refuse, content_type=None, cache_control=None)

    assert names(store) == ["good"]


UNREADABLE = {
    "nan": float("nan"),
    "infinity": float("inf"),
    "lone surrogate": "\ud800",
    "lone surrogate in a name": {"\ud800": 1},
    "too large": "x" * 9_000_000,
}


@pytest.mark.parametrize("value", UNREADABLE.values(), ids=UNREADABLE)
def test_a_json_document_stays_readable(value: object) -> None:
    store = MemoryObjectStore()
    change_document(store, CATALOG_POINTER, KEY, lambda _: {"good": True})

    with pytest.raises(Refused, match="nobody could read it again"):
        change_document(store, CATALOG_POINTER, KEY, lambda found: {**(found or {}), "more": value})

    assert read_document(store, KEY) == {"good": True}


def test_a_removed_document_was_archived_as_it_was_last() -> None:
    store = InterleavingStore()
    change_document(store, CATALOG_POINTER, KEY, lambda _: {"a": 1})
    store.before(
        "delete",
        KEY,
        lambda inner: change_document(inner, CATALOG_POINTER, KEY, lambda found: {**(found or {}), "b": 2}),
    )
    archived: list[dict[str, object]] = []

    assert remove_document(store, KEY, archived.append)

    assert archived[-1] == {"a": 1, "b": 2}


def test_pauses_grow_are_random_and_end() -> None:
    slept: list[float] = []
    backoff = Backoff("k", attempts=50, sleep=slept.append, clock=lambda: 0.0)

    for _ in range(49):
        backoff.pause()
    with pytest.raises(StoreError, match="k is being changed by others all the time"):
        backoff.pause()

    assert len(slept) == 49
    assert max(slept[:3]) <= 0.02
    assert LONGEST_PAUSE_S / 4 < max(slept) <= LONGEST_PAUSE_S
    assert len(set(slept)) > 40


def test_patience_ends_by_the_clock_too() -> None:
    now = [0.0]
    backoff = Backoff("k", patience_s=1.0, sleep=lambda _: None, clock=lambda: now[0])
    backoff.pause()
    now[0] = 1.5

    with pytest.raises(StoreError, match="others"):
        backoff.pause()


def test_a_writer_that_always_loses_gives_up_with_a_sentence() -> None:
    store = InterleavingStore()
    store.before("put", KEY, *[lambda inner: write(inner, "theirs")] * 10)

    with pytest.raises(StoreError, match=r"a/counter\.json is being changed by others all the time"):
        write(store, "ours", backoff=Backoff(KEY, attempts=4, sleep=lambda _: None))


def test_many_at_once_lose_nothing() -> None:
    store = MemoryObjectStore()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: write(store, f"w{number}"), range(40)))

    assert sorted(names(store)) == sorted(f"w{number}" for number in range(40))
