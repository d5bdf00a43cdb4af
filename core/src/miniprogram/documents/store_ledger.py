"""An admission ledger in any object store with conditional writes: right everywhere, and as slow as its store.

A window has one object that counts, each visitor who got in an object of its own. The count is raised first, and
says for whom until the visitor's object is there; whoever comes next writes what a crash left out. So no slot is
given to two or lost, and no visitor gets two.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass

from miniprogram.delivery.documents import kinds
from miniprogram.delivery.documents.keys import Keys
from miniprogram.delivery.documents.segmented_lru import SegmentedLru
from miniprogram.delivery.evaluation.errors import SourceUnavailable
from miniprogram.documents.conditional_write import conditional_write
from miniprogram.errors import DocumentError, MiniProgramError, PreconditionFailed
from miniprogram.seams.object_store import ObjectStore, StoredObject
from miniprogram.stores.backoff import Backoff
from miniprogram.strict_json import parse_json, require_object, to_canonical_json

PATIENCE_S = 0.1
"""How long one admission waits for those that take a slot at the same moment: a host waits that long too."""
_REMEMBERED_BYTES = 1024 * 1024
_ENTRY_BYTES = 200


@dataclass(frozen=True, slots=True)
class _Count:
    """What the counting object says. `pending` is who was let in last, whose own object may be missing yet."""

    admitted: int = 0
    pending: str | None = None


class ObjectStoreLedger:
    """An AdmissionLedger over `store`. Safe for many threads, processes and machines.

    Raises SourceUnavailable when the store fails, or when so many come at once that nobody waits so long.
    """

    def __init__(self, store: ObjectStore, keys: Keys, *, patience_s: float = PATIENCE_S) -> None:
        self._store, self._keys, self._patience_s = store, keys, patience_s
        self._in: SegmentedLru[bool] = SegmentedLru(_REMEMBERED_BYTES)
        self._full: SegmentedLru[int] = SegmentedLru(_REMEMBERED_BYTES)

    def admit(self, window_id: str, key: str, limit: int, now_ms: int) -> bool:
        """Let `key` in if it is in already or fewer than `limit` are."""
        del now_ms  # the store knows when an object was written
        try:
            if self.has_admitted(window_id, key):
                return True
            if limit <= (self._full.get(window_id) or 0):  # counts only grow, so a full window stays full
                return False
            is_in = self._enter(window_id, key, limit)
        except MiniProgramError as error:
            raise SourceUnavailable(str(error)) from error
        if is_in:
            self._in.put(f"{window_id}:{key}", True, _ENTRY_BYTES)
        else:
            self._full.put(window_id, limit, _ENTRY_BYTES)
        return is_in

    def has_admitted(self, window_id: str, key: str) -> bool:
        """Whether `key` is in."""
        if self._in.get(f"{window_id}:{key}"):
            return True
        try:
            is_in = self._has_object(window_id, key) or self._is_pending(window_id, key)
        except MiniProgramError as error:
            raise SourceUnavailable(str(error)) from error
        if is_in:
            self._in.put(f"{window_id}:{key}", True, _ENTRY_BYTES)
        return is_in

    def count(self, window_id: str) -> int:
        """How many are in."""
        try:
            return self._read(window_id, self._store.get(self._count_key(window_id))).admitted
        except MiniProgramError as error:
            raise SourceUnavailable(str(error)) from error

    def _enter(self, window_id: str, key: str, limit: int) -> bool:
        """Take a slot and write down whose it is. What others left half done is finished first."""
        count_key = self._count_key(window_id)
        outcome: list[bool] = []

        def change(stored: StoredObject | None) -> bytes | None:
            found = self._read(window_id, stored)
            if found.pending is not None:
                self._write_down(window_id, found.pending)
            is_in = self._has_object(window_id, key)  # asked again: it may have come in elsewhere
            outcome[:] = [is_in or found.admitted < limit]
            if is_in or found.admitted >= limit:
                return None
            return _body(_Count(found.admitted + 1, key))

        written = conditional_write(
            self._store,
            count_key,
            change,
            check=lambda body: self._read(window_id, StoredObject(count_key, body, "")),
            backoff=Backoff(count_key, patience_s=self._patience_s),
            **kinds.ADMISSION_COUNT.headers(),
        )
        if written:
            self._write_down(window_id, key)
        return outcome[0]

    def _write_down(self, window_id: str, key: str) -> None:
        """Put the visitor's object, unless it is there."""
        object_key = self._visitor_key(window_id, key)
        with suppress(PreconditionFailed):
            self._store.put(object_key, b"{}", if_absent=True, **kinds.ADMISSION.headers())

    def _has_object(self, window_id: str, key: str) -> bool:
        return self._store.get(self._visitor_key(window_id, key)) is not None

    def _is_pending(self, window_id: str, key: str) -> bool:
        return self._read(window_id, self._store.get(self._count_key(window_id))).pending == key

    def _read(self, window_id: str, stored: StoredObject | None) -> _Count:
        """Raises DocumentError for an object that is no count: nobody is let in then."""
        if stored is None:
            return _Count()
        name = self._count_key(window_id)
        members = require_object(parse_json(stored.body, name=name), name=name)
        admitted, pending = members.get("admitted"), members.get("pending")
        if type(admitted) is not int or admitted < 0 or not isinstance(pending, str | None):
            raise DocumentError(f"{name} is no count of admissions")
        return _Count(admitted, pending)

    def _count_key(self, window_id: str) -> str:
        return self._keys.key(kinds.ADMISSION_COUNT, _program(window_id), _digest(window_id))

    def _visitor_key(self, window_id: str, key: str) -> str:
        return self._keys.key(kinds.ADMISSION, _program(window_id), _digest(window_id), key)


def _program(window_id: str) -> str:
    """A window's id starts with the mini-program's, so that it goes when that is deleted."""
    return window_id.partition(":")[0]


def _digest(window_id: str) -> str:
    return hashlib.sha256(window_id.encode()).hexdigest()[:32]


def _body(count: _Count) -> bytes:
    return to_canonical_json({"admitted": count.admitted, "pending": count.pending})
