"""The documents of a database: read, written all or nothing, and guarded by transactions."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from google.cloud.firestore_v1 import types
from google.protobuf.timestamp_pb2 import Timestamp
from testbed.google.firestore import names, transforms, values
from testbed.google.firestore.refusals import Refusal, invalid

MOST_WRITES = 500
LARGEST_REQUEST = 10 * 1024 * 1024
Document = types.Document.pb()
WriteResult = types.WriteResult.pb()


@dataclass
class Transaction:
    """What a transaction has seen: the update time of each document, None where none was."""

    read_only: bool
    seen: dict[str, int | None] = field(default_factory=dict)
    queries: list[tuple[Any, tuple[tuple[str, int], ...]]] = field(default_factory=list)
    """Each query asked, with the names and update times it found."""


class Database:
    """Safe to use from many threads: each call is one step."""

    def __init__(self) -> None:
        self._documents: dict[str, Any] = {}
        self._transactions: dict[bytes, Transaction] = {}
        self._last_ns = 0
        self.lock = threading.RLock()
        self.commits = 0
        """How many requests changed something."""

    def now(self) -> Timestamp:
        """The time of the service: it never stands still, and has whole microseconds."""
        self._last_ns = max(self._last_ns + 1000, time.time_ns() // 1000 * 1000)
        return Timestamp(seconds=self._last_ns // 10**9, nanos=self._last_ns % 10**9)

    def get(self, name: str, transaction: bytes = b"") -> Any | None:
        names.require_document(name)
        found = self._documents.get(name)
        if transaction:
            seen = self.transaction(transaction).seen
            at = None if found is None else ns(found.update_time)
            if seen.setdefault(name, at) != at:
                raise Refusal("ABORTED", "The transaction read a document that has changed since.")
        return found

    def all(self) -> Iterator[Any]:
        """Every document, in order of names."""
        yield from (self._documents[name] for name in sorted(self._documents, key=order_of_name))

    def begin(self, *, read_only: bool = False) -> bytes:
        made = secrets.token_bytes(16)
        self._transactions[made] = Transaction(read_only)
        return made

    def transaction(self, key: bytes) -> Transaction:
        if key not in self._transactions:
            raise invalid("The referenced transaction has expired or is no longer valid.")
        return self._transactions[key]

    def rollback(self, key: bytes) -> None:
        self.transaction(key)
        del self._transactions[key]

    def commit(self, writes: Sequence[Any], transaction: bytes = b"") -> tuple[list[Any], Timestamp]:
        """All of `writes`, or none. Results in their order, and the time of the commit."""
        if len(writes) > MOST_WRITES:
            raise invalid(f"maximum {MOST_WRITES} writes allowed per request")
        if sum(write.ByteSize() for write in writes) > LARGEST_REQUEST:
            raise invalid("Request payload size exceeds the limit: 11534336 bytes.")
        if transaction:
            state = self.transaction(transaction)
            if state.read_only and writes:
                raise invalid("Cannot modify entities in a read-only transaction.")
            del self._transactions[transaction]
            self._require_unchanged(state)
        now = self.now()
        changed: dict[str, Any | None] = {}
        results = [self._apply(write, changed, now) for write in writes]
        for name, document in changed.items():
            if document is None:
                self._documents.pop(name, None)
            else:
                self._documents[name] = document
        self.commits += bool(writes)
        return results, now

    def _require_unchanged(self, state: Transaction) -> None:
        for name, at in state.seen.items():
            found = self._documents.get(name)
            if (None if found is None else ns(found.update_time)) != at:
                raise Refusal("ABORTED", "Too much contention on these documents. Please try again.")
        for ask, before in state.queries:
            if tuple((each.name, ns(each.update_time)) for each in ask()) != before:
                raise Refusal("ABORTED", "Too much contention on these documents. Please try again.")

    def _apply(self, write: Any, changed: dict[str, Any | None], now: Timestamp) -> Any:
        operation = write.WhichOneof("operation")
        if operation == "transform":
            name, todo = write.transform.document, list(write.transform.field_transforms)
        elif operation == "update":
            name, todo = write.update.name, list(write.update_transforms)
        elif operation == "delete":
            name, todo = write.delete, []
        else:
            raise invalid("A write has no operation.")
        names.require_document(name)
        before = changed[name] if name in changed else self._documents.get(name)
        _require(write.current_document, name, before)
        if operation == "delete":
            changed[name] = None
            return WriteResult()
        made = Document(name=name, update_time=now, create_time=before.create_time if before else now)
        if operation == "transform":
            _copy(before, made)
        else:
            _update(write, before, made)
        result = WriteResult(update_time=now)
        for each in todo:
            path = names.field_path(each.field_path)
            new, told = transforms.applied(each, now, found_at(made.fields, path))
            _put(made.fields, path, new)
            result.transform_results.append(told)
        values.settle_timestamps(made.fields)
        values.check_fields(name, made.fields)
        if before is not None and before.fields == made.fields:
            made.update_time.CopyFrom(before.update_time)  # nothing changed: the service keeps the time
            result.update_time.CopyFrom(before.update_time)
        changed[name] = made
        return result


def ns(moment: Any) -> int:
    return int(moment.seconds) * 10**9 + int(moment.nanos)


def order_of_name(name: str) -> list[bytes]:
    return [part.encode() for part in name.split("/")]


def found_at(fields: Any, path: Sequence[str]) -> Any | None:
    """The value at a field path, or None."""
    current = fields
    for part in path[:-1]:
        if part not in current or current[part].WhichOneof("value_type") != "map_value":
            return None
        current = current[part].map_value.fields
    present = path[-1] in current  # asking a map of messages for a key makes it
    return current[path[-1]] if present else None


def _require(precondition: Any, name: str, before: Any | None) -> None:
    condition = precondition.WhichOneof("condition_type")
    if condition == "exists":
        if precondition.exists and before is None:
            raise Refusal("NOT_FOUND", f'No document to update: "{name}"')
        if not precondition.exists and before is not None:
            raise Refusal("ALREADY_EXISTS", f"Document already exists: {name}")
    elif condition == "update_time":
        wanted = ns(precondition.update_time)
        if before is None:
            raise Refusal("NOT_FOUND", f'No document to update: "{name}"')
        if ns(before.update_time) != wanted:
            stored = ns(before.update_time)
            message = f"the stored version ({stored}) does not match the required base version ({wanted})"
            raise Refusal("FAILED_PRECONDITION", message)


def _copy(before: Any | None, made: Any) -> None:
    if before is not None:
        for name in before.fields:
            made.fields[name].CopyFrom(before.fields[name])


def _update(write: Any, before: Any | None, made: Any) -> None:
    if not write.HasField("update_mask"):
        for name in write.update.fields:
            made.fields[name].CopyFrom(write.update.fields[name])
        return
    _copy(before, made)
    paths = [names.field_path(text) for text in write.update_mask.field_paths]
    for one in paths:
        if any(one != other and other[: len(one)] == one for other in paths):
            raise invalid("The update mask has a path that contains another.")
    for path in paths:
        value = found_at(write.update.fields, path)
        if value is None:
            _remove(made.fields, path)
        else:
            _put(made.fields, path, value)


def _put(fields: Any, path: Sequence[str], value: Any) -> None:
    current = fields
    for part in path[:-1]:
        if part not in current or current[part].WhichOneof("value_type") != "map_value":
            current[part].map_value.SetInParent()
        current = current[part].map_value.fields
    held = type(value)()
    held.CopyFrom(value)  # `value` may be a part of what it replaces
    current[path[-1]].CopyFrom(held)


def _remove(fields: Any, path: Sequence[str]) -> None:
    current = fields
    for part in path[:-1]:
        if part not in current or current[part].WhichOneof("value_type") != "map_value":
            return
        current = current[part].map_value.fields
    if path[-1] in current:
        del current[path[-1]]
