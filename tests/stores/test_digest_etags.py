"""Etags that tell bytes apart, over a store whose own are blind for a while."""

from __future__ import annotations

from dataclasses import replace

import pytest

from miniprogram.errors import PreconditionFailed, StoreError
from miniprogram.seams.object_store import ConditionCheckingStore, ObjectStore, StoredObject
from miniprogram.stores.digest_etags import DigestEtags
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import ObjectStoreContract, WrappedStore


class TestDigestEtags(ObjectStoreContract):
    def make_store(self) -> ObjectStore:
        return DigestEtags(MemoryObjectStore())


class Blind(WrappedStore):
    """A server whose etags are the second of the write: all of these tests take place in one."""

    def get(self, key: str) -> StoredObject | None:
        found = super().get(key)
        return None if found is None else replace(found, etag="12:00:00")

    def put(self, key: str, body: bytes, **options: object) -> str:  # type: ignore[override]
        found = self.inner.get(key)
        if options.get("if_match") not in (None, found and "12:00:00"):
            raise PreconditionFailed(key)
        self.inner.put(key, body)
        return "12:00:00"


class Refusing(WrappedStore):
    """A store whose server was found to heed no conditions."""

    def require_conditions(self) -> None:
        raise StoreError("conditions are ignored here")


def test_whoever_plans_hears_of_a_server_that_heeds_no_conditions() -> None:
    store = DigestEtags(Refusing())

    assert isinstance(store, ConditionCheckingStore)
    with pytest.raises(StoreError, match="conditions are ignored here"):
        store.require_conditions()
    DigestEtags(MemoryObjectStore()).require_conditions()


def test_who_read_before_somebody_else_wrote_in_the_same_second_is_refused() -> None:
    store = DigestEtags(Blind())
    first = store.put("a", b"one")
    second = store.put("a", b"two", if_match=first)

    with pytest.raises(PreconditionFailed):
        store.put("a", b"three", if_match=first)
    with pytest.raises(PreconditionFailed):
        store.delete("a", if_match=first)

    found = store.get("a")
    assert found == StoredObject("a", b"two", second)
