"""A store that looks like another one and keeps what is written to itself: what a dry run works on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from threading import Lock

from miniprogram.errors import PreconditionFailed
from miniprogram.object_keys import check_folder, check_key, check_prefix
from miniprogram.seams.object_store import ObjectInfo, ObjectStore, StoredObject


class CopyOnWriteStore:
    """`under` with writes laid over it. `written` and `deleted` are the keys that differ, in order."""

    def __init__(self, under: ObjectStore) -> None:
        self._under = under
        self._over: dict[str, StoredObject | None] = {}
        self._guard = Lock()

    @property
    def location(self) -> str:
        return self._under.location

    @property
    def parallel_writes(self) -> int:
        return self._under.parallel_writes

    @property
    def written(self) -> tuple[str, ...]:
        return tuple(key for key, found in self._over.items() if found is not None)

    @property
    def deleted(self) -> tuple[str, ...]:
        return tuple(key for key, found in self._over.items() if found is None)

    def get(self, key: str) -> StoredObject | None:
        check_key(key)
        return self._over[key] if key in self._over else self._under.get(key)

    def put(
        self,
        key: str,
        body: bytes,
        *,
        content_type: str | None = None,  # noqa: ARG002 - nobody is sent it
        cache_control: str | None = None,  # noqa: ARG002
        if_match: str | None = None,
        if_absent: bool = False,
    ) -> str:
        with self._guard:
            found = self.get(key)
            if if_absent and found is not None:
                raise PreconditionFailed(f"{key} is already there")
            self._require(found, key, if_match)
            etag = f"dry-{hashlib.sha256(body).hexdigest()}"
            self._over[key] = StoredObject(key, bytes(body), etag)
            return etag

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        check_prefix(prefix)
        sizes = {info.key: info.size for info in self._under.list(prefix)}
        for key, found in self._over.items():
            if key.startswith(prefix):
                sizes.pop(key, None)
                if found is not None:
                    sizes[key] = len(found.body)
        return (ObjectInfo(key, size) for key, size in sorted(sizes.items()))

    def list_names(self, folder: str, *, after: str = "") -> Iterator[str]:
        check_folder(folder)
        rests = (info.key.removeprefix(folder) for info in self.list(folder))
        names = {f"{name}{slash}" for name, slash, _ in (rest.partition("/") for rest in rests)}
        return iter(sorted(name for name in names if name > after))

    def delete(self, key: str, *, if_match: str | None = None) -> None:
        with self._guard:
            self._require(self.get(key), key, if_match)
            self._over[key] = None

    @staticmethod
    def _require(found: StoredObject | None, key: str, if_match: str | None) -> None:
        if if_match is not None and (found is None or found.etag != if_match):
            raise PreconditionFailed(f"{key} was changed by somebody else")
