"""A store that counts what is done to it, and fails when it is told to."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Lock

from miniprogram.errors import StoreError
from miniprogram.seams.object_store import ObjectInfo, ObjectStore, StoredObject
from miniprogram.stores.memory import MemoryObjectStore


class FaultyStore:
    """`store` behind a counter. From write number `fail_at` on (the first is 0) every write raises StoreError.

    `writes` holds the keys of all puts and deletes that went through, in order, `reads` those of gets and the
    prefixes of listings. One write at a time, so that a number means the same in every run.
    """

    parallel_writes = 1

    def __init__(self, store: ObjectStore | None = None, *, fail_at: int | None = None) -> None:
        self._store = store if store is not None else MemoryObjectStore()
        self._fail_at = fail_at
        self._guard = Lock()
        self.writes: list[str] = []
        self.reads: list[str] = []

    @property
    def location(self) -> str:
        return self._store.location

    def get(self, key: str) -> StoredObject | None:
        self.reads.append(key)
        return self._store.get(key)

    def put(
        self,
        key: str,
        body: bytes,
        *,
        content_type: str | None = None,
        cache_control: str | None = None,
        if_match: str | None = None,
        if_absent: bool = False,
    ) -> str:
        with self._guard:
            self._count(key)
            etag = self._store.put(
                key,
                body,
                content_type=content_type,
                cache_control=cache_control,
                if_match=if_match,
                if_absent=if_absent,
            )
            self.writes.append(key)
        return etag

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        self.reads.append(prefix)
        return self._store.list(prefix)

    def list_names(self, folder: str, *, after: str = "") -> Iterator[str]:
        self.reads.append(folder)
        return self._store.list_names(folder, after=after)

    def delete(self, key: str, *, if_match: str | None = None) -> None:
        with self._guard:
            self._count(key)
            self._store.delete(key, if_match=if_match)
            self.writes.append(key)

    def _count(self, key: str) -> None:
        if self._fail_at is not None and len(self.writes) >= self._fail_at:
            raise StoreError(f"{key}: the store fails on purpose")
