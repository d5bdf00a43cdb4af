"""A store around another one: the base of fakes that watch, disturb or refuse what is done to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Literal, Unpack

from miniprogram.seams.object_store import ObjectInfo, ObjectStore, PutOptions, StoredObject
from miniprogram.stores.memory import MemoryObjectStore

Method = Literal["get", "put", "list", "list_names", "delete"]


class WrappedStore:
    """`inner`, by default a MemoryObjectStore, with `around` about every call. Listings are read to their end."""

    parallel_writes = 1
    """One write at a time, so that calls have the same number in every run."""

    def __init__(self, inner: ObjectStore | None = None) -> None:
        self.inner: ObjectStore = inner if inner is not None else MemoryObjectStore()

    def around(self, method: Method, key: str) -> AbstractContextManager[object]:  # noqa: ARG002 - for subclasses
        """What a call of `method` about `key` (a key, prefix or folder) happens in; it may raise instead."""
        return nullcontext()

    @property
    def location(self) -> str:
        return self.inner.location

    def get(self, key: str) -> StoredObject | None:
        with self.around("get", key):
            return self.inner.get(key)

    def put(self, key: str, body: bytes, **options: Unpack[PutOptions]) -> str:
        with self.around("put", key):
            return self.inner.put(key, body, **options)

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        with self.around("list", prefix):
            return iter([*self.inner.list(prefix)])

    def list_names(self, folder: str, *, after: str = "") -> Iterator[str]:
        with self.around("list_names", folder):
            return iter([*self.inner.list_names(folder, after=after)])

    def delete(self, key: str, *, if_match: str | None = None) -> None:
        with self.around("delete", key):
            self.inner.delete(key, if_match=if_match)
