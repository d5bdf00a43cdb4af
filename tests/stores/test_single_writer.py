"""A store without conditional writes, for one who writes alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from miniprogram.errors import PreconditionFailed
from miniprogram.seams.object_store import ObjectInfo, ObjectStore, StoredObject
from miniprogram.stores.digest_etags import DigestEtags
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.stores.single_writer import SingleWriter
from miniprogram.testing import ObjectStoreContract


class Unconditional:
    """A store that knows no conditions at all."""

    location, parallel_writes = "plain:", 1

    def __init__(self) -> None:
        self._objects = MemoryObjectStore()

    def get(self, key: str) -> StoredObject | None:
        return self._objects.get(key)

    def put(
        self, key: str, body: bytes, *, content_type: str | None = None, cache_control: str | None = None
    ) -> str:
        return self._objects.put(key, body)

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        return self._objects.list(prefix)

    def list_names(self, folder: str, *, after: str = "") -> Iterator[str]:
        return self._objects.list_names(folder, after=after)

    def delete(self, key: str) -> None:
        self._objects.delete(key)


class TestSingleWriter(ObjectStoreContract):
    """All of it, but that whoever comes comes after another: of two at the same moment it cannot keep one out."""

    def make_store(self) -> ObjectStore:
        return SingleWriter(Unconditional())

    def test_of_many_who_create_one_wins(self) -> None:
        store = self.make_store()
        store.put("k", b"0", if_absent=True)

        for number in range(1, 12):
            with pytest.raises(PreconditionFailed):
                store.put("k", b"%d" % number, if_absent=True)

        found = store.get("k")
        assert found is not None
        assert found.body == b"0"

    def test_counting_together_loses_nothing(self) -> None:
        store = self.make_store()
        first = store.put("n", b"0")
        second = store.put("n", b"1", if_match=first)

        with pytest.raises(PreconditionFailed):
            store.put("n", b"1", if_match=first)
        store.put("n", b"2", if_match=second)

        found = store.get("n")
        assert found is not None
        assert found.body == b"2"


class TestDigestsOverSingleWriter(TestSingleWriter):
    """Both at once, as the guide for cloud providers has it: a server without conditions whose etags are times."""

    def make_store(self) -> ObjectStore:
        return DigestEtags(SingleWriter(Unconditional()))


class WithoutEtags(Unconditional):
    """A server that gives none: an empty one is one like any other."""

    def get(self, key: str) -> StoredObject | None:
        found = super().get(key)
        return found and replace(found, etag="")


def test_an_empty_etag_is_a_condition_too() -> None:
    store = SingleWriter(WithoutEtags())

    with pytest.raises(PreconditionFailed):
        store.put("k", b"1", if_match="")
    with pytest.raises(PreconditionFailed):
        store.delete("k", if_match="")
    assert store.get("k") is None
