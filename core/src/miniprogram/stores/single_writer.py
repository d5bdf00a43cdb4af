"""A store without conditional writes, for one person who publishes alone.

    store = SingleWriter(WebDavStore(url))

Conditions are looked at just before each write. That protects from one's own mistakes, such as publishing other
bytes under a version that is there; it does not protect from somebody else who writes at the same moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from miniprogram.errors import PreconditionFailed
from miniprogram.seams.object_store import ObjectInfo, StoredObject


class UnconditionalStore(Protocol):
    """What such a store has to do: as ObjectStore, with nothing about conditions."""

    @property
    def location(self) -> str: ...

    @property
    def parallel_writes(self) -> int: ...

    def get(self, key: str) -> StoredObject | None: ...

    def put(
        self, key: str, body: bytes, *, content_type: str | None = None, cache_control: str | None = None
    ) -> str: ...

    def list(self, prefix: str) -> Iterator[ObjectInfo]: ...

    def list_names(self, folder: str, *, after: str = "") -> Iterator[str]: ...

    def delete(self, key: str) -> None: ...


class SingleWriter:
    """An ObjectStore over `store`, right as long as nobody else writes at the same moment."""

    def __init__(self, store: UnconditionalStore) -> None:
        self._store = store

    @property
    def location(self) -> str:
        return self._store.location

    @property
    def parallel_writes(self) -> int:
        return self._store.parallel_writes

    def get(self, key: str) -> StoredObject | None:
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
        self._require(key, if_match=if_match, if_absent=if_absent)
        return self._store.put(key, body, content_type=content_type, cache_control=cache_control)

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        return self._store.list(prefix)

    def list_names(self, folder: str, *, after: str = "") -> Iterator[str]:
        return self._store.list_names(folder, after=after)

    def delete(self, key: str, *, if_match: str | None = None) -> None:
        self._require(key, if_match=if_match, if_absent=False)
        self._store.delete(key)

    def _require(self, key: str, *, if_match: str | None, if_absent: bool) -> None:
        if if_match is None and not if_absent:
            return
        found = self._store.get(key)
        if (if_absent and found is not None) or (
            if_match is not None and (found is None or found.etag != if_match)
        ):
            raise PreconditionFailed(f"{self.location}/{key} was changed by somebody else meanwhile")
