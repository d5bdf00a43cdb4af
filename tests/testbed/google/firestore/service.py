"""The calls of the service, from a request to its answers, whatever carries them."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable, Iterator
from typing import Any

from google.cloud.firestore_v1 import types
from google.protobuf.empty_pb2 import Empty
from google.rpc.status_pb2 import Status
from testbed.google.firestore import names, queries
from testbed.google.firestore.database import Database, ns
from testbed.google.firestore.refusals import NUMBERS, Refusal, invalid

MOST_PARTITIONS = 1000


class FirestoreService:
    """The databases of all projects. `calls` names every call there was."""

    def __init__(self) -> None:
        self._databases: dict[str, Database] = {}
        self.calls: list[str] = []
        self.interruptions: list[Callable[[str, Any], None]] = []
        """Asked before each call with its name and request; one that raises Refusal is done."""

    def database(self, name: str) -> Database:
        """The database that `projects/P/databases/D` or anything below it is in."""
        parts = name.split("/")
        if len(parts) < 4 or parts[0] != "projects" or parts[2] != "databases":
            raise invalid(f'"{name}" names no database.')
        return self._databases.setdefault("/".join(parts[:4]), Database())

    def answer(self, method: str, request: Any) -> Iterator[Any]:
        """The answers to a call. Raises Refusal."""
        self.calls.append(method)
        for interruption in list(self.interruptions):
            try:
                interruption(method, request)
            except Refusal:
                self.interruptions.remove(interruption)
                raise
        handler: Callable[[Any], Any] | None = _HANDLERS.get(method)
        if handler is None:
            raise Refusal("UNIMPLEMENTED", f"{method} is not part of this stand-in.")
        root = request.document.name if method == "UpdateDocument" else ""
        database = self.database(
            root or getattr(request, "database", "") or getattr(request, "name", "") or request.parent
        )
        with database.lock:
            return iter(list(handler(database, request)))  # type: ignore[call-arg]


def _get(database: Database, request: Any) -> Iterator[Any]:
    found = database.get(request.name, request.transaction)
    if found is None:
        raise Refusal("NOT_FOUND", f'Document "{request.name}" not found.')
    yield _masked(found, request.mask)


def _batch_get(database: Database, request: Any) -> Iterator[Any]:
    answer = types.BatchGetDocumentsResponse.pb()
    transaction, begun = _transaction(database, request)
    if begun:
        yield answer(transaction=transaction)
    now = database.now()
    for name in request.documents:
        found = database.get(name, transaction)
        if found is None:
            yield answer(missing=name, read_time=now)
        else:
            yield answer(found=_masked(found, request.mask), read_time=now)


def _begin(database: Database, request: Any) -> Iterator[Any]:
    read_only = request.options.WhichOneof("mode") == "read_only"
    yield types.BeginTransactionResponse.pb()(transaction=database.begin(read_only=read_only))


def _rollback(database: Database, request: Any) -> Iterator[Any]:
    database.rollback(request.transaction)
    yield Empty()


def _commit(database: Database, request: Any) -> Iterator[Any]:
    results, now = database.commit(request.writes, request.transaction)
    yield types.CommitResponse.pb()(write_results=results, commit_time=now)


def _batch_write(database: Database, request: Any) -> Iterator[Any]:
    targets = [write.delete or write.update.name or write.transform.document for write in request.writes]
    if len(set(targets)) != len(targets):
        raise invalid("A document is written twice in one batchWrite.")
    if len(targets) > 500:
        raise invalid("maximum 500 writes allowed per request")
    answer = types.BatchWriteResponse.pb()()
    for write in request.writes:
        try:
            [result], _ = database.commit([write])
            answer.write_results.append(result)
            answer.status.append(Status())
        except Refusal as refusal:
            answer.write_results.append(types.WriteResult.pb()())
            answer.status.append(Status(code=NUMBERS[refusal.status], message=refusal.message))
    yield answer


def _create(database: Database, request: Any) -> Iterator[Any]:
    names.require_parent(request.parent)
    name = f"{request.parent}/{request.collection_id}/{request.document_id or secrets.token_hex(10)}"
    write = types.Write.pb()(update=request.document, current_document={"exists": False})
    write.update.name = name
    database.commit([write])
    yield _masked(database.get(name), request.mask)


def _update(database: Database, request: Any) -> Iterator[Any]:
    write = types.Write.pb()(update=request.document)
    if request.HasField("update_mask"):
        write.update_mask.CopyFrom(request.update_mask)
    if request.HasField("current_document"):
        write.current_document.CopyFrom(request.current_document)
    database.commit([write])
    yield _masked(database.get(request.document.name), request.mask)


def _delete(database: Database, request: Any) -> Iterator[Any]:
    write = types.Write.pb()(delete=request.name)
    if request.HasField("current_document"):
        write.current_document.CopyFrom(request.current_document)
    database.commit([write])
    yield Empty()


def _list(database: Database, request: Any) -> Iterator[Any]:
    query = types.StructuredQuery.pb()()
    query.from_.add(collection_id=request.collection_id)
    if request.order_by:
        for part in request.order_by.split(","):
            path, _, way = part.strip().partition(" ")
            query.order_by.add(field={"field_path": path}, direction=2 if way == "desc" else 1)
    if request.page_token:
        query.offset = _offset(request.page_token)
    size = request.page_size or 100
    found = queries.run(database, request.parent, query)
    more = len(found) > size
    token = base64.urlsafe_b64encode(str(query.offset + size).encode()).decode() if more else ""
    documents = [_masked(each, request.mask) for each in found[:size]]
    yield types.ListDocumentsResponse.pb()(documents=documents, next_page_token=token)


def _offset(token: str) -> int:
    try:
        return int(base64.urlsafe_b64decode(token))
    except ValueError:
        raise invalid("The page token is none of ours.") from None


def _collections(database: Database, request: Any) -> Iterator[Any]:
    names.require_parent(request.parent)
    start = len(request.parent.split("/"))
    below = (each.name.split("/") for each in database.all() if each.name.startswith(f"{request.parent}/"))
    found = sorted({parts[start] for parts in below}, key=str.encode)
    yield types.ListCollectionIdsResponse.pb()(collection_ids=found)


def _run_query(database: Database, request: Any) -> Iterator[Any]:
    answer = types.RunQueryResponse.pb()
    transaction, begun = _transaction(database, request)
    if begun:
        yield answer(transaction=transaction)
    found = _asked(database, request.parent, request.structured_query, transaction)
    now = database.now()
    for each in found:
        yield answer(document=each, read_time=now)
    if not found:
        yield answer(read_time=now)


def _run_aggregation(database: Database, request: Any) -> Iterator[Any]:
    asked = request.structured_aggregation_query
    transaction, _ = _transaction(database, request)
    found = _asked(database, request.parent, asked.structured_query, transaction)
    if not 1 <= len(asked.aggregations) <= 5:
        raise invalid("An aggregation query has one to five aggregations.")
    answer = types.RunAggregationQueryResponse.pb()(read_time=database.now())
    for index, each in enumerate(asked.aggregations, 1):
        answer.result.aggregate_fields[each.alias or f"field_{index}"].CopyFrom(queries.aggregate(found, each))
    yield answer


def _partition(database: Database, request: Any) -> Iterator[Any]:
    if not 1 <= request.partition_count <= MOST_PARTITIONS:
        raise invalid("partition_count is out of range.")
    [collection] = request.structured_query.from_
    if not collection.all_descendants:
        raise invalid("Partition queries are over collection groups.")
    found = queries.run(database, request.parent, request.structured_query)
    parts = min(request.partition_count + 1, len(found)) or 1
    starts = [found[len(found) * part // parts] for part in range(1, parts)]
    cursors = [{"values": [{"reference_value": each.name}], "before": True} for each in starts]
    yield types.PartitionQueryResponse.pb()(partitions=cursors)


def _asked(database: Database, parent: str, query: Any, transaction: bytes) -> list[Any]:
    found = queries.run(database, parent, query)
    if transaction:
        kept = type(query)()
        kept.CopyFrom(query)
        seen = tuple((each.name, ns(each.update_time)) for each in found)
        state = database.transaction(transaction)
        state.queries.append((lambda: queries.run(database, parent, kept), seen))
    return found


def _transaction(database: Database, request: Any) -> tuple[bytes, bool]:
    """The transaction of a read, and whether it begins with it."""
    which = request.WhichOneof("consistency_selector")
    if which == "new_transaction":
        read_only = request.new_transaction.WhichOneof("mode") == "read_only"
        return database.begin(read_only=read_only), True
    if which == "transaction":
        database.transaction(request.transaction)
        return request.transaction, False
    return b"", False


def _masked(document: Any, mask: Any) -> Any:
    if not mask.field_paths:
        return document
    query = types.StructuredQuery.pb()()
    for path in mask.field_paths:
        query.select.fields.add(field_path=path)
    return queries.selected(document, query)


_HANDLERS: dict[str, Any] = {
    "GetDocument": _get,
    "ListDocuments": _list,
    "CreateDocument": _create,
    "UpdateDocument": _update,
    "DeleteDocument": _delete,
    "BatchGetDocuments": _batch_get,
    "BeginTransaction": _begin,
    "Commit": _commit,
    "Rollback": _rollback,
    "RunQuery": _run_query,
    "RunAggregationQuery": _run_aggregation,
    "PartitionQuery": _partition,
    "ListCollectionIds": _collections,
    "BatchWrite": _batch_write,
}
