"""The store that fails on purpose: until then it behaves as the one it wraps, and it counts what was done."""

from __future__ import annotations

import pytest

from miniprogram.errors import StoreError
from miniprogram.seams.object_store import ObjectStore
from miniprogram.testing import FaultyStore, ObjectStoreContract


class TestContract(ObjectStoreContract):
    def make_store(self) -> ObjectStore:
        return FaultyStore()


def test_from_its_number_on_every_write_fails_and_changes_nothing() -> None:
    store = FaultyStore(fail_at=2)
    store.put("a", b"1")
    store.delete("a")

    with pytest.raises(StoreError, match="b: the store fails on purpose"):
        store.put("b", b"1")
    with pytest.raises(StoreError, match="a: the store fails on purpose"):
        store.delete("a")

    assert store.writes == ["a", "a"]
    assert store.inner.get("b") is None


def test_a_write_that_its_condition_refused_is_none() -> None:
    store = FaultyStore()
    store.put("a", b"1")

    with pytest.raises(StoreError):
        store.put("a", b"2", if_absent=True)

    assert store.writes == ["a"]


def test_reads_are_counted_by_key_and_prefix() -> None:
    store = FaultyStore()

    store.get("a")
    list(store.list("b"))
    list(store.list_names("c/"))

    assert (store.reads, store.writes) == (["a", "b", "c/"], [])
