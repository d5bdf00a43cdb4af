"""An object store in memory, for tests and for looking at what a publish would write."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from threading import Lock

from miniprogram.errors import PreconditionFailed
from miniprogram.object_keys import check_folder, check_key, check_prefix
from miniprogram.seams.object_store import ObjectInfo, StoredObject


class MemoryObjectStore:
    """Objects in a dictionary. `headers` keeps what each was stored with: (content type, cache control)."""

    location = "memory:"
    parallel_writes = 8

    def __init__(self) -> None:
        self._objects: dict[str, StoredObject] = {}
        self._guard = Lock()
        self.headers: dict[str, tuple[str | None, str | None]] = {}

    def get(self, key: str) -> StoredObject | None:
        return self._objects.get(check_key(key))

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
        stored = StoredObject(check_key(key), bytes(body), hashlib.sha256(body).hexdigest())
        with self._guard:
            self._check(key, if_match)
            if if_absent and key in self._objects:
                raise PreconditionFailed(f"{key} is already there")
            self._objects[key] = stored
            self.headers[key] = (content_type, cache_control)
        return stored.etag

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        check_prefix(prefix)
        with self._guard:
            found = sorted((key, stored) for key, stored in self._objects.items() if key.startswith(prefix))
        for key, stored in found:
            yield ObjectInfo(key, len(stored.body))

    def list_names(self, folder: str, *, after: str = "") -> Iterator[str]:
        check_folder(folder)
        with self._guard:
            rests = [key.removeprefix(folder) for key in self._objects if key.startswith(folder)]
        names = {f"{name}{slash}" for name, slash, _ in (rest.partition("/") for rest in rests)}
        yield from sorted(name for name in names if name > after)

    def delete(self, key: str, *, if_match: str | None = None) -> None:
        check_key(key)
        with self._guard:
            self._check(key, if_match)
            self._objects.pop(key, None)
            self.headers.pop(key, None)

    def _check(self, key: str, if_match: str | None) -> None:
        found = self._objects.get(key)
        if if_match is not None and (found is None or found.etag != if_match):
            what = "removed" if found is None else "changed"
            raise PreconditionFailed(f"{key} was {what} by somebody else")
