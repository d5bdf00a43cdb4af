"""The admission ledger in Firestore: counts across every running instance, and never lets in one too many.

The slots of a window are shared out among a few documents, so that many who come at the same moment do not wait
for one. Who takes a slot is written with the slot, by one transaction. Where the limit of a window changes, its
free slots are shared out anew, by one transaction over all of them.

Travels in the delivery service: it imports nothing but the engine and the standard library.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from miniprogram.delivery.documents.remembering_ledger import PATIENCE_S, Contended, RememberingLedger
from miniprogram.delivery.evaluation.errors import SourceUnavailable
from miniprogram_firebase.function.firestore import Firestore, FirestoreError

ADMISSIONS = "miniProgramAdmissions"
SHARDS = 8
"""Documents that the slots of a window are shared out among: Firestore takes about a write a second of each."""
_CONTENDED = frozenset({"ABORTED", "ALREADY_EXISTS"})

Shard = dict[str, Any]
"""`{"limit": …, "allotted": …, "admitted": …}`: the window's limit, the slots here, and those taken."""


class FirestoreLedger(RememberingLedger):
    """An AdmissionLedger over one database. Safe for many threads, processes and machines.

    Raises SourceUnavailable when the database is out of reach, asks to slow down or refuses.
    """

    def __init__(
        self,
        firestore: Firestore,
        *,
        patience_s: float = PATIENCE_S,
        pause: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__("the admissions in Firestore", patience_s=patience_s, pause=pause, clock=clock)
        self._firestore = firestore

    def is_in(self, window_id: str, key: str) -> bool:
        with _asking():
            return self._firestore.get(_visitor(window_id, key)) is not None

    def count(self, window_id: str) -> int:
        with _asking():
            return sum(int(each["admitted"]) for each in self._firestore.get_many(_shards(window_id)) if each)

    def enter(self, window_id: str, key: str, limit: int, now_ms: int) -> bool:
        if limit < 1:
            return False
        with _asking():
            shards = self._firestore.get_many(_shards(window_id))
            if any(each is None or each["limit"] != limit for each in shards):
                shards = self._share_out(window_id, limit)
            with_room = [number for number, each in enumerate(shards) if each and _has_room(each)]
            if not with_room:
                return self._firestore.get(_visitor(window_id, key)) is not None
            return self._take(window_id, key, limit, now_ms, _chosen(with_room))

    def _take(self, window_id: str, key: str, limit: int, now_ms: int, number: int) -> bool:
        visitor, path = _visitor(window_id, key), _shards(window_id)[number]
        transaction, [known, shard] = self._firestore.begin([visitor, path])
        if known is not None:
            self._firestore.roll_back(transaction)
            return True
        if shard is None or shard["limit"] != limit or not _has_room(shard):
            self._firestore.roll_back(transaction)
            raise Contended  # it changed since: look again
        taken = {**shard, "admitted": shard["admitted"] + 1}
        entered = self._firestore.created(visitor, {"admittedAtMs": now_ms}, stamp="admittedAt")
        self._firestore.commit(transaction, [self._firestore.written(path, taken), entered])
        return True

    def _share_out(self, window_id: str, limit: int) -> list[Shard | None]:
        """Give every document of the window its part of the slots that nobody has taken."""
        paths = _shards(window_id)
        transaction, found = self._firestore.begin(paths)
        admitted = [int(each["admitted"]) if each else 0 for each in found]
        each, more = divmod(max(0, limit - sum(admitted)), SHARDS)
        shared: list[Shard | None] = [
            {"limit": limit, "allotted": taken + each + (number < more), "admitted": taken}
            for number, taken in enumerate(admitted)
        ]
        writes = [self._firestore.written(path, shard) for path, shard in zip(paths, shared, strict=True) if shard]
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


def _has_room(shard: Shard) -> bool:
    return bool(shard["admitted"] < shard["allotted"])


def _chosen(numbers: Sequence[int]) -> int:
    from random import choice

    return choice(numbers)  # noqa: S311 - it only keeps visitors from coming together


def _window(window_id: str) -> str:
    return f"{ADMISSIONS}/w~{quote(window_id, safe='')}"


def _visitor(window_id: str, key: str) -> str:
    return f"{_window(window_id)}/visitors/{key}"


def _shards(window_id: str) -> list[str]:
    return [f"{_window(window_id)}/shards/{number}" for number in range(SHARDS)]
