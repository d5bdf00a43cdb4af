"""The files of the trust metadata in a store, by the map of the store."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from miniprogram.delivery.documents.kinds import SIGNED_VERSION, TRUST_METADATA, TRUST_TIMESTAMP
from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.errors import PreconditionFailed
from miniprogram.seams.object_store import ObjectStore, StoredObject

MOST_TRIES = 1000
"""Numbers that others, or runs that never finished, may have taken in front of ours."""


class TrustFiles:
    """What is written is remembered in `written`, as keys. Everything but the time stamp is written once."""

    def __init__(self, store: ObjectStore, keys: Keys) -> None:
        self.store, self._keys = store, keys
        self.written: list[str] = []

    @property
    def location(self) -> str:
        return self.store.location

    def timestamp(self) -> StoredObject | None:
        return self.store.get(self._keys.key(TRUST_TIMESTAMP))

    def metadata(self, role: str, number: int) -> bytes | None:
        found = self.store.get(self._keys.key(TRUST_METADATA, number, role))
        return found.body if found is not None else None

    def signed_version(self, program_id: str, version: str, digest: str) -> bytes | None:
        found = self.store.get(self._keys.key(SIGNED_VERSION, program_id, digest, version))
        return found.body if found is not None else None

    def put_metadata(self, role: str, number: int, body: bytes) -> bool:
        """False when the number is taken by something else."""
        return self._put_once(self._keys.key(TRUST_METADATA, number, role), body, TRUST_METADATA.headers())

    def put_signed_version(self, program_id: str, version: str, body: bytes) -> None:
        key = self._keys.key(SIGNED_VERSION, program_id, hashlib.sha256(body).hexdigest(), version)
        if not self._put_once(key, body, SIGNED_VERSION.headers()):
            self.store.put(key, body, **SIGNED_VERSION.headers())  # the name is its hash: what is there is damaged
            self.written.append(key)

    def remove_signed_versions(self, program_id: str, version: str) -> None:
        """The lists of a version that nobody vouches for any more: what they name need not stay."""
        for info in list(self.store.list(self._keys.folder(SIGNED_VERSION, program_id))):
            named = self._keys.names_in(SIGNED_VERSION, info.key)
            if named is not None and named["version"] == version:
                self.store.delete(info.key)
                self.written.append(info.key)

    def put_timestamp(self, body: bytes, known: StoredObject | None) -> bool:
        """The one write that counts. False when somebody else wrote it since `known` was read."""
        key = self._keys.key(TRUST_TIMESTAMP)
        condition = {"if_absent": True} if known is None else {"if_match": known.etag}
        try:
            self.store.put(key, body, **TRUST_TIMESTAMP.headers(), **condition)
        except PreconditionFailed:
            return False
        self.written.append(key)
        return True

    def free_numbers(self, after: int) -> Iterator[int]:
        """Versions a role may take next. Numbers may be left out: who crashed may have left a file behind."""
        return iter(range(after + 1, after + 1 + MOST_TRIES))

    def _put_once(self, key: str, body: bytes, headers: object) -> bool:
        try:
            self.store.put(key, body, **headers, if_absent=True)  # type: ignore[arg-type]
        except PreconditionFailed:
            found = self.store.get(key)
            return found is not None and found.body == body
        self.written.append(key)
        return True
