"""The records of a publisher backend in Firestore."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from miniprogram.backends.cloud.keyed_records import write_batches
from miniprogram.backends.cloud.seeding import coupon_id_of
from miniprogram.seams.data_store import Group, Key, Leftover, Record, RecordCounts, SeedData
from miniprogram_firebase.backend.firestore_calls import FirestoreCalls
from miniprogram_firebase.backend.starter import record_names as names
from miniprogram_firebase.backend.values import FirestoreValues
from miniprogram_gcp.credentials import REDACTION

BATCH = 500
"""What one request may write."""
BATCH_BYTES = 4 * 1024 * 1024
"""And about how large it may be: the service takes 10 MiB of a form denser than JSON."""
PAUSES_S = (0.5, 1.0, 2.0, 4.0)
"""Before the second to the fifth try of what the service was too busy for."""
BUSY = frozenset({4, 8, 10, 13, 14})
"""Codes of google.rpc: deadline, exhausted, aborted, internal, unavailable."""
KINDS = {"home": "home", "sessions": "session", "coupons": "coupon", "redemptions": "redemption"}
"""The collections, and what their records are called."""
APP = ("home", "sessions", "coupons")


class Document(NamedTuple):
    """A record on its way: its key, its path, its fields as the service reads them."""

    key: Key
    path: str
    fields: Mapping[str, Any]


class FirestoreRecords:
    """Implements DataStore for one mini-program."""

    entries = "records"
    outlives_deployment = True

    def __init__(
        self, calls: FirestoreCalls, program_id: str, *, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._calls, self._pause = calls, pause
        self._program = names.program_path(program_id)
        self._values = FirestoreValues(calls.root)

    def condition(self) -> Mapping[str, object]:
        counted = {each: self._count(each) for each in APP}
        return {
            "homeRecordCount": counted["home"],
            "authSessionCount": counted["sessions"],
            "couponCount": counted["coupons"],
        }

    def count(self) -> RecordCounts:
        return RecordCounts(sum(self._count(each) for each in APP), self._count("redemptions"))

    def count_everything(self) -> int:
        return sum(self._count(each) for each in self._calls.collections(self._program))

    def read(self, group: Group) -> Iterator[Record]:
        for collection in APP if group == "app" else ("redemptions",):
            for page in self._calls.pages(f"{self._program}/{collection}"):
                for document in page:
                    document_id = document["name"].rsplit("/", 1)[1]
                    yield self._record(collection, document_id, self._values.to_data(document.get("fields", {})))

    def seed_records(self, seed: SeedData, *, at: str) -> list[Record]:
        del at  # documents have a time of their own
        coupons = [
            self._record(names.COUPONS, coupon_id_of(coupon), {**coupon, "sortIndex": index})
            for index, coupon in enumerate(seed.coupons)
        ]
        return [
            self._record(*names.HOME, dict(seed.home)),
            self._record(*names.SESSION, dict(seed.session)),
            *coupons,
        ]

    def group_of(self, record: Record) -> Group:
        collection, document_id, data = (record.get(name) for name in ("collection", "documentId", "data"))
        if collection not in KINDS:
            raise ValueError(f"collection must be one of {', '.join(KINDS)}, not {collection!r}")
        if not isinstance(document_id, str) or not names.is_document_id(document_id):
            raise ValueError(f"documentId {document_id!r} is no id of a document of Firestore")
        if not isinstance(data, Mapping):
            raise ValueError("data must be an object")
        self._values.to_fields(data, at="data")
        return "app" if collection in APP else "redemptions"

    def key_of(self, record: Record) -> Key:
        return (record["collection"], record["documentId"])

    def write(self, records: Sequence[Record]) -> list[Leftover]:
        left: list[Leftover] = []
        documents: list[Document] = []
        for record in records:
            try:
                fields = self._values.to_fields(record["data"], at="data")
            except ValueError as error:
                left.append(Leftover(self.key_of(record), str(error)))
            else:
                documents.append(Document(self.key_of(record), self._path(*self.key_of(record)), fields))
        return left + write_batches(_batches(documents), self._write_batch, lambda each: each.key)

    def discard(self, *, confirmed: bool) -> Literal["removed", "kept", "gone"]:
        del confirmed  # the database is the project's, and other programs' records are in it
        return "kept"

    def _write_batch(self, batch: Sequence[Document]) -> list[Leftover]:
        left: list[Leftover] = []
        waiting = list(batch)
        for pause in (*PAUSES_S, None):
            answers = self._calls.put_many({each.path: each.fields for each in waiting})
            busy = []
            for each, (code, message) in zip(waiting, answers, strict=True):
                if code in BUSY:
                    busy.append(each)
                elif code:
                    left.append(Leftover(each.key, REDACTION(message).rstrip(".") or f"refused, code {code}"))
            waiting = busy
            if not waiting or pause is None:
                break
            self._pause(pause)
        return left + [Leftover(each.key, "the database is too busy for it now") for each in waiting]

    def _path(self, collection: str, document_id: str) -> str:
        return f"{self._program}/{collection}/{document_id}"

    def _record(self, collection: str, document_id: str, data: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "recordType": KINDS[collection],
            "collection": collection,
            "documentId": document_id,
            "documentPath": self._path(collection, document_id),
            "data": data,
        }

    def _count(self, collection: str) -> int:
        return self._calls.count(self._program, collection)


def _batches(documents: Sequence[Document]) -> Iterator[list[Document]]:
    """Documents in their order, as many at once as a request may have. One that is too large stands alone."""
    batch: list[Document] = []
    size = 0
    for each in documents:
        length = len(json.dumps(each.fields))
        if batch and (len(batch) == BATCH or size + length > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(each)
        size += length
    if batch:
        yield batch
