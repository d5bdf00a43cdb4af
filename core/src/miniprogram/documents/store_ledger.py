"""An admission ledger in any object store with conditional writes: right everywhere, and as slow as its store.

A window has one object that counts, each visitor who got in an object of its own. The count is raised first, and
says for whom until the visitor's object is there; whoever comes next writes what a crash left out. So no slot is
given to two or lost, and no visitor gets two.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from miniprogram.delivery.documents import kinds
from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.delivery.documents.remembering_ledger import PATIENCE_S, RememberingLedger
from miniprogram.delivery.evaluation.errors import SourceUnavailable
from miniprogram.documents.conditional_write import conditional_write
from miniprogram.errors import DocumentError, MiniProgramError, PreconditionFailed
from miniprogram.seams.object_store import ObjectStore, StoredObject
from miniprogram.stores.backoff import Backoff
from miniprogram.strict_json import parse_json, require_object, to_canonical_json


@dataclass(frozen=True, slots=True)
class _Count:
    """What the counting object says. `pending` is who was let in last, whose own object may be missing yet."""

    admitted: int = 0
    pending: str | None = None


class ObjectStoreLedger(RememberingLedger):
    """An AdmissionLedger over `store`. Safe for many threads, processes and machines.

    Raises SourceUnavailable when the store fails, or when so many come at once that nobody waits so long.
    """

    def __init__(self, store: ObjectStore, keys: Keys, *, patience_s: float = PATIENCE_S) -> None:
        super().__init__(store.location, patience_s=patience_s)
        self._store, self._keys = store, keys

    def enter(self, window_id: str, key: str, limit: int, now_ms: int) -> bool:
        """What others left half done is finished first. Losing to them is answered here, by another try."""
        del now_ms  # the store knows when an object was written
        with _unavailable():
            return self._enter(window_id, key, limit)

    def is_in(self, window_id: str, key: str) -> bool:
        with _unavailable():
            return self._has_object(window_id, key) or self._is_pending(window_id, key)

    def count(self, window_id: str) -> int:
        with _unavailable():
            return self._read(window_id, self._store.get(self._count_key(window_id))).admitted

    def _enter(self, window_id: str, key: str, limit: int) -> bool:
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


@contextmanager
def _unavailable() -> Iterator[None]:
    """Whatever fails, it is no admission."""
    try:
        yield
    except MiniProgramError as error:
        raise SourceUnavailable(str(error)) from error


def _program(window_id: str) -> str:
    """A window's id starts with the mini-program's, so that it goes when that is deleted."""
    return window_id.partition(":")[0]


def _digest(window_id: str) -> str:
    return hashlib.sha256(window_id.encode()).hexdigest()[:32]


def _body(count: _Count) -> bytes:
    return to_canonical_json({"admitted": count.admitted, "pending": count.pending})
