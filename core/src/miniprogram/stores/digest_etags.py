"""Etags that change whenever the bytes do, over a store whose own may not.

    store = DigestEtags(ShelfStore(folder))

Some servers make etags of times, and give two writes of one second the same. Here an etag also says what the bytes
are: who changes a document that somebody else has changed meanwhile is refused, whatever the server thinks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Unpack

from miniprogram.errors import PreconditionFailed
from miniprogram.seams.object_store import (
    ConditionCheckingStore,
    ObjectInfo,
    ObjectStore,
    PutOptions,
    StoredObject,
)

_DIGEST_LENGTH = 64


class DigestEtags:
    """An ObjectStore over `store`. An etag is the sha256 of the bytes, and what the store calls its own.

    Conditions are passed on with the store's own etag, after the bytes were compared. Where its etags are blind
    for a while, two writers who meet within it are told apart only if the second reads after the first wrote.
    """

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    @property
    def location(self) -> str:
        return self._store.location

    @property
    def parallel_writes(self) -> int:
        return self._store.parallel_writes

    def get(self, key: str) -> StoredObject | None:
        found = self._store.get(key)
        return None if found is None else StoredObject(key, found.body, _etag(found.body, found.etag))

    def put(self, key: str, body: bytes, **options: Unpack[PutOptions]) -> str:
        options["if_match"] = self._own_etag(key, options.get("if_match"))
        return _etag(body, self._store.put(key, body, **options))

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        return self._store.list(prefix)

    def list_names(self, folder: str, *, after: str = "") -> Iterator[str]:
        return self._store.list_names(folder, after=after)

    def delete(self, key: str, *, if_match: str | None = None) -> None:
        self._store.delete(key, if_match=self._own_etag(key, if_match))

    def require_conditions(self) -> None:
        """Has the store find out, where it has to. Raises StoreError when writes would be refused for it."""
        if isinstance(self._store, ConditionCheckingStore):
            self._store.require_conditions()

    def _own_etag(self, key: str, if_match: str | None) -> str | None:
        """The store's etag of what has this one. Raises PreconditionFailed when nothing has it any more."""
        if if_match is None:
            return None
        found = self._store.get(key)
        if found is None or _etag(found.body, found.etag) != if_match:
            raise PreconditionFailed(f"{self.location}/{key} was changed by somebody else meanwhile")
        return if_match[_DIGEST_LENGTH:]


def _etag(body: bytes, own: str) -> str:
    return hashlib.sha256(body).hexdigest() + own
