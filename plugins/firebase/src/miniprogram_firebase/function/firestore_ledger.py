"""The admission ledger in Firestore: counts across every running instance, and never lets in one too many.

A window's slots are in a few documents. Who takes one is written with it, by one transaction.

Travels in the delivery service: it imports nothing but the engine and the standard library.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Unpack
from urllib.parse import quote

from miniprogram.delivery.documents.remembering_ledger import Contended, Waiting
from miniprogram.delivery.documents.sharded_ledger import Allot, Shard, ShardedLedger
from miniprogram.delivery.evaluation.errors import SourceUnavailable
from miniprogram_firebase.function.firestore import Fields, Firestore, FirestoreError

ADMISSIONS = "miniProgramAdmissions"
SHARDS = 8
"""Documents that the slots of a window are shared out among: Firestore takes about a write a second of each."""
_CONTENDED = frozenset({"ABORTED", "ALREADY_EXISTS"})


class FirestoreLedger(ShardedLedger):
    """An AdmissionLedger over one database. Safe for many threads, processes and machines.

    Raises SourceUnavailable when the database is out of reach, asks to slow down or refuses.
    """

    def __init__(self, firestore: Firestore, **waiting: Unpack[Waiting]) -> None:
        super().__init__("the admissions in Firestore", **waiting)
        self._firestore = firestore

    def is_in(self, window_id: str, key: str) -> bool:
        with _asking():
            return self._firestore.get(_visitor(window_id, key)) is not None

    def read_shards(self, window_id: str) -> list[Shard | None]:
        with _asking():
            return [_shard(fields) for fields in self._firestore.get_many(_shards(window_id))]

    def take_slot(self, window_id: str, number: int, limit: int, key: str, now_ms: int) -> None:
        visitor, path = _visitor(window_id, key), _shards(window_id)[number]
        with _asking():
            transaction, [known, fields] = self._firestore.begin([visitor, path])
            shard = _shard(fields)
            has_slot = shard is not None and shard.limit == limit and shard.has_room
            if known is not None or shard is None or not has_slot:
                self._firestore.roll_back(transaction)
                if known is None:
                    raise Contended
                return
            taken = shard._replace(admitted=shard.admitted + 1)
            entered = self._firestore.created(visitor, {"admittedAtMs": now_ms}, stamp="admittedAt")
            self._firestore.commit(transaction, [self._firestore.written(path, taken._asdict()), entered])

    def share_out(self, window_id: str, allot: Allot, now_ms: int) -> list[Shard]:
        del now_ms  # what is kept here does not expire
        paths = _shards(window_id)
        with _asking():
            transaction, found = self._firestore.begin(paths)
            shared = allot([_shard(fields) for fields in found])
            writes = [
                self._firestore.written(path, shard._asdict()) for path, shard in zip(paths, shared, strict=True)
            ]
            self._firestore.commit(transaction, writes)
            return shared


@contextmanager
def _asking() -> Iterator[None]:
    try:
        yield
    except FirestoreError as error:
        if error.status in _CONTENDED:
            raise Contended from None
        raise SourceUnavailable(f"the admissions in Firestore: {error.status}") from None


def _shard(fields: Fields | None) -> Shard | None:
    return None if fields is None else Shard(*(int(fields[name]) for name in Shard._fields))


def _window(window_id: str) -> str:
    return f"{ADMISSIONS}/w~{quote(window_id, safe='')}"


def _visitor(window_id: str, key: str) -> str:
    return f"{_window(window_id)}/visitors/{key}"


def _shards(window_id: str) -> list[str]:
    return [f"{_window(window_id)}/shards/{number}" for number in range(SHARDS)]
