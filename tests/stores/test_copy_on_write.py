"""What a dry run works on: it looks like the store, obeys conditions like one, and leaves the store as it is."""

from __future__ import annotations

import pytest

from miniprogram.errors import PreconditionFailed
from miniprogram.stores.copy_on_write import CopyOnWriteStore
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing.object_store_contract import ObjectStoreContract


class TestCopyOnWriteStore(ObjectStoreContract):
    def make_store(self) -> CopyOnWriteStore:
        return CopyOnWriteStore(MemoryObjectStore())


@pytest.fixture
def under() -> MemoryObjectStore:
    store = MemoryObjectStore()
    for key in ("a/1", "a/2", "b/1"):
        store.put(key, key.encode())
    return store


def test_writes_and_deletes_stay_above(under: MemoryObjectStore) -> None:
    over = CopyOnWriteStore(under)
    over.put("a/1", b"changed")
    over.put("c/1", b"new")
    over.delete("a/2")

    assert [info.key for info in over.list("")] == ["a/1", "b/1", "c/1"]
    assert list(over.list_names("")) == ["a/", "b/", "c/"]
    assert list(over.list_names("a/")) == ["1"]
    found = over.get("a/1")
    assert found is not None
    assert (found.body, over.get("a/2")) == (b"changed", None)
    assert (over.written, over.deleted) == (("a/1", "c/1"), ("a/2",))
    assert [(info.key, info.size) for info in under.list("")] == [("a/1", 3), ("a/2", 3), ("b/1", 3)]


def test_conditions_hold_for_what_lies_below(under: MemoryObjectStore) -> None:
    over = CopyOnWriteStore(under)
    etag = over.get("a/1").etag  # type: ignore[union-attr]
    with pytest.raises(PreconditionFailed):
        over.put("a/1", b"x", if_absent=True)
    with pytest.raises(PreconditionFailed):
        over.put("a/1", b"x", if_match="other")
    with pytest.raises(PreconditionFailed):
        over.delete("a/1", if_match="other")
    assert over.put("a/1", b"x", if_match=etag) != etag
    with pytest.raises(PreconditionFailed):
        over.put("a/1", b"y", if_match=etag)
