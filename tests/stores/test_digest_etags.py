"""Etags that tell bytes apart, over a store whose own are blind for a while."""

from __future__ import annotations

from dataclasses import replace

import pytest

from miniprogram.errors import PreconditionFailed
from miniprogram.seams.object_store import ObjectStore, StoredObject
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
