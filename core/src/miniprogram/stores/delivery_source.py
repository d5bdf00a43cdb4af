"""An object store as the delivery engine reads it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import TypeVar

from miniprogram.delivery.documents.bounded_looks import BoundedLooks
from miniprogram.delivery.evaluation.errors import SourceUnavailable
from miniprogram.errors import StoreError
from miniprogram.object_keys import check_folder, check_key
from miniprogram.seams.object_store import ObjectStore, StoredObject

_T = TypeVar("_T")

FETCHED_OBJECTS = 64
"""Objects fetched for their marker and kept for the read that usually follows."""


class StoreSource:
    """A DocumentSource over an ObjectStore. Markers are etags; a folder's marker is the names directly in it.

    With `look_s` no look takes longer, whatever the store does: SourceUnavailable is raised instead.
    """

    def __init__(self, store: ObjectStore, *, look_s: float | None = None) -> None:
        self._store = store
        self._look_s = look_s
        self._looks = BoundedLooks(hurries=True)
        self._fetched: dict[str, StoredObject] = {}
        self._guard = Lock()

    def read(self, key: str) -> bytes | None:
        with self._guard:
            fetched = self._fetched.pop(key, None)
        found = fetched or self._get(key)
        return None if found is None else found.body

    def marker(self, key: str) -> object | None:
        if key.endswith("/"):
            return tuple(self.list(key)) or None
        found = self._get(key)
        if found is None:
            return None
        self._keep(found)
        return found.etag

    def list(self, prefix: str) -> list[str]:
        if not _is_valid(prefix, prefix=True):
            return []
        try:
            names = self._bounded(prefix, lambda: list(self._store.list_names(prefix)))
            return [prefix + name for name in names]
        except StoreError as error:
            raise SourceUnavailable(str(error)) from error

    def _get(self, key: str) -> StoredObject | None:
        if not _is_valid(key):
            return None
        try:
            return self._bounded(key, lambda: self._store.get(key))
        except StoreError as error:
            raise SourceUnavailable(str(error)) from error

    def _bounded(self, name: str, call: Callable[[], _T]) -> _T:
        return call() if self._look_s is None else self._looks.run(name, call, self._look_s)

    def _keep(self, found: StoredObject) -> None:
        with self._guard:
            self._fetched[found.key] = found
            while len(self._fetched) > FETCHED_OBJECTS:
                self._fetched.pop(next(iter(self._fetched)))


def _is_valid(key: str, *, prefix: bool = False) -> bool:
    try:
        check_folder(key) if prefix else check_key(key)
    except StoreError:
        return False
    return True
