"""Reading and writing the index and its shards."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from contextlib import suppress

from miniprogram.delivery.documents.cache.document import Document
from miniprogram.delivery.documents.contents.program_index import (
    MAX_INDEX_BYTES,
    ProgramIndex,
    ProgramRow,
    ShardReference,
    format_index,
    format_rows,
    merged_rows,
    parse_index,
    split_rows,
)
from miniprogram.delivery.documents.kinds import INDEX_SHARD, PROGRAM_INDEX
from miniprogram.delivery.evaluation.errors import BrokenDocument
from miniprogram.documents.conditional_write import conditional_write
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.errors import DocumentError, PreconditionFailed
from miniprogram.seams.object_store import StoredObject

MAX_CHANGES_BYTES = 128 * 1024
"""What the index itself holds before its rows go into shards: this much is read and written by each publish."""

Change = Callable[[ProgramIndex], ProgramIndex | None]


def read_index(storage: EnvironmentStorage) -> ProgramIndex | None:
    """The index; None when there is none, or none that can be read: then ask the documents themselves."""

    def read() -> ProgramIndex | None:
        found = storage.store.get(storage.keys.program_index_key)
        return None if found is None else _parse_or_none(found)

    return read() if storage.index_memory is None else storage.index_memory.recall("index", read)


def read_rows(storage: EnvironmentStorage, index: ProgramIndex) -> tuple[ProgramRow, ...]:
    """All rows of `index`, pending ones as they stand there. Raises DocumentError for a missing shard."""
    return tuple(merged_rows(index, [read_shard(storage, shard) for shard in index.shards]))


def read_shard(storage: EnvironmentStorage, shard: ShardReference) -> ProgramIndex:
    """The rows of one shard. Raises DocumentError when it is gone or broken."""

    def read() -> ProgramIndex:
        found = storage.store.get(shard.key)
        if found is None:
            raise DocumentError(f"{shard.key}, a part of the index, is gone")
        return _parse(shard.key, found.body)

    memory = storage.index_memory
    return read() if memory is None else memory.recall(shard.key, read, unchanging=True)


def shards_after(index: ProgramIndex, after: str) -> tuple[ShardReference, ...]:
    """The shards that may hold programs after the id `after`."""
    begun = sum(shard.first <= after for shard in index.shards)
    return index.shards[max(0, begun - 1) :]


def change_index(storage: EnvironmentStorage, change: Change) -> bool:
    """Replace the index by what `change` makes of it; False when there is none, or it stays.

    Rows that have become too many are put into shards on the way.
    """

    def body(found: StoredObject | None) -> bytes | None:
        if found is None:
            return None
        wanted = change(_parse(found.key, found.body))
        return None if wanted is None else format_index(_compacted(storage, wanted))

    return _write(storage, body)


Rows = Callable[[ProgramIndex | None], Iterable[ProgramRow]]


def replace_index(storage: EnvironmentStorage, rows: Rows) -> None:
    """Make the index hold exactly what `rows` says, given what it holds now; None when nobody can read that.

    `rows` is asked again when somebody writes meanwhile. Programs that are pending stay so.
    """

    def body(found: StoredObject | None) -> bytes:
        index = ProgramIndex() if found is None else _parse_or_none(found)
        pending = {} if index is None else index.pending
        return format_index(_compacted(storage, ProgramIndex(rows=tuple(rows(index)), pending=pending)))

    _write(storage, body)


def _write(storage: EnvironmentStorage, body: Callable[[StoredObject | None], bytes | None]) -> bool:
    key = storage.keys.program_index_key
    written = conditional_write(
        storage.store, key, body, check=lambda written: _parse(key, written), **PROGRAM_INDEX.headers()
    )
    if written and storage.index_memory is not None:
        storage.index_memory.forget()
    return written


def _compacted(storage: EnvironmentStorage, index: ProgramIndex) -> ProgramIndex:
    """`index` as it is while it is small, else with all of its rows in shards."""
    if len(format_rows(index.rows)) <= MAX_CHANGES_BYTES:
        return index
    rows = read_rows(storage, index)
    shards = tuple(_store_shard(storage, part) for part in split_rows(rows, MAX_INDEX_BYTES) if part)
    _forget_shards(storage, {shard.key for shard in (*shards, *index.shards)})
    return ProgramIndex(shards=shards, pending=index.pending)


def _store_shard(storage: EnvironmentStorage, rows: list[ProgramRow]) -> ShardReference:
    body = format_rows(rows)
    key = storage.keys.key(INDEX_SHARD, hashlib.sha256(body).hexdigest()[:32])
    with suppress(PreconditionFailed):  # its name is its content
        storage.store.put(key, body, **INDEX_SHARD.headers(), if_absent=True)
    return ShardReference(key, rows[0].id, len(rows))


def _forget_shards(storage: EnvironmentStorage, named: set[str]) -> None:
    """Delete the shards of the generation before the last: nobody who reads now was told of them."""
    folder = storage.keys.folder(INDEX_SHARD)
    for name in list(storage.store.list_names(folder)):
        if folder + name not in named:
            storage.store.delete(folder + name)


def _parse_or_none(found: StoredObject) -> ProgramIndex | None:
    try:
        return _parse(found.key, found.body)
    except DocumentError:
        return None


def _parse(key: str, body: bytes) -> ProgramIndex:
    try:
        return parse_index(Document(key, body))
    except BrokenDocument as error:
        raise DocumentError(str(error)) from error
