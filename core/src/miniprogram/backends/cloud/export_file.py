"""The file that `data export` writes and `data import` reads. Neither has more than a few records in memory.

Version 2 keeps every value (`tagged_values`) and a digest of its records. Version 1 is what older tools wrote:
plain JSON values, no digest; it is read as it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from miniprogram.backends.cloud.record_spool import RecordSpool
from miniprogram.backends.tagged_values import from_json, to_json
from miniprogram.errors import DocumentError, MiniProgramError
from miniprogram.files import replacing
from miniprogram.json_stream import Entry as ListEntry
from miniprogram.json_stream import Member, read_parts
from miniprogram.progress import counted
from miniprogram.seams.data_store import DataStore, Group, Key, Record, RecordCounts
from miniprogram.strict_json import to_canonical_json, to_pretty_json

SCHEMA = 2
PLAIN_SCHEMA = 1
MAX_FILE_BYTES = 1024 * 1024 * 1024
"""Largest export read, in bytes: more is a job for the cloud's own backups."""
PRIVATE_MODE = 0o600
"""Exports hold what users did."""
_DIGEST = "recordsSha256"


@dataclass(frozen=True, slots=True)
class Entry:
    """A record of a file that may be imported. `index` is its place in the file's list, from 0."""

    record: Record
    group: Group
    key: Key
    index: int


class CheckedExport:
    """The entries of a file, all of which is known to be right. `counts` are of those from the first wanted on."""

    def __init__(self, spool: RecordSpool, reader: _EntryReader, first: int, counts: RecordCounts) -> None:
        self._spool, self._reader, self._first, self.counts = spool, reader, first, counts

    def entries(self) -> Iterator[Entry]:
        """In the order of the file. They are what was checked, whatever became of the file meanwhile."""
        for index, value in enumerate(self._spool):
            if index >= self._first:
                yield self._reader.entry(index, value)


def write_export(
    path: Path, store: DataStore, groups: Sequence[Group], header: Mapping[str, object], *, command: str
) -> RecordCounts:
    """Write the records of `groups`, sorted by key, for their owner only: a whole file or none.

    How many they were. Raises MiniProgramError, and leaves `path` alone, when it is a file that is no export of
    this `command` or the store cannot be asked.
    """
    _refuse_foreign(path, command)
    with RecordSpool() as spool:
        found = dict.fromkeys(("app", "redemptions"), 0)
        for group in groups:
            for record in counted(store.read(group), "reading records"):
                found[group] += spool.add(store.key_of(record), to_json(record))
        counts = RecordCounts(**found)
        facts = {"appRecordCount": counts.app, "redemptionCount": counts.redemptions, "itemCount": counts.total}
        with replacing(path, mode=PRIVATE_MODE) as stream:
            for piece in _pieces({**header, **facts}, store.entries, spool):
                stream.write(piece)
    return counts


@contextmanager
def read_export(
    path: Path, store: DataStore, *, provider: str, program_id: str, first: int = 0
) -> Iterator[CheckedExport]:
    """The entries of the file at `path` from the one at index `first` on.

    Raises DocumentError, naming the place, for anything in the file that does not fit: no entry is looked at twice
    or used before all of them have been.
    """
    with RecordSpool() as spool, RecordSpool() as keys:
        reader = _EntryReader(path, store, is_tagged=_spooled(path, store, spool, provider, program_id))
        found = dict.fromkeys(("app", "redemptions"), 0)
        for index, value in enumerate(counted(spool, "checking records")):
            entry = reader.entry(index, value)
            if not keys.add(entry.key, None):
                raise DocumentError(f"{path}: the record {' / '.join(entry.key)} stands twice")
            found[entry.group] += index >= first
        if first and first >= len(spool):
            raise DocumentError(f"{path} has {len(spool)} {store.entries}: there are none after {first}")
        yield CheckedExport(spool, reader, first, RecordCounts(**found))


class _EntryReader:
    """Makes entries of what stands in a file."""

    def __init__(self, path: Path, store: DataStore, *, is_tagged: bool) -> None:
        self._path, self._store, self._is_tagged = path, store, is_tagged

    def entry(self, index: int, value: Any) -> Entry:
        """Raises DocumentError for what does not fit."""
        location = f"{self._path}: {self._store.entries}[{index}]"
        if not isinstance(value, dict):
            raise DocumentError(f"{location} must be an object")
        try:
            record = from_json(value) if self._is_tagged else value
            if not isinstance(record, dict):
                raise ValueError("it must be an object of attributes")
            group = self._store.group_of(record)
        except ValueError as error:
            raise DocumentError(f"{location}: {error}") from None
        return Entry(record, group, self._store.key_of(record), index)


def _spooled(path: Path, store: DataStore, spool: RecordSpool, provider: str, program_id: str) -> bool:
    """Put the entries of a file into `spool`, in their order. Whether their values are tagged."""
    wanted = {"provider": provider, "miniProgramId": program_id}
    digest = _ListDigest()
    schema: object = None
    stated: object = None
    is_listed = False
    for part in counted(read_parts(path, listed=store.entries, max_bytes=MAX_FILE_BYTES), "reading the file"):
        if isinstance(part, ListEntry):
            spool.add((f"{part.position:012}",), part.value)
            digest.add(part.value)
            continue
        if part.name == "schemaVersion":
            schema = part.value
        elif part.name == _DIGEST:
            stated = part.value
        elif part.name == store.entries:
            is_listed = part.is_listed
        elif part.name in wanted and part.value not in (None, wanted[part.name]):
            raise DocumentError(f"{path}: {part.name} is {part.value!r}, not {wanted[part.name]!r}")
    if isinstance(schema, bool) or schema not in (PLAIN_SCHEMA, SCHEMA):
        raise DocumentError(f"{path}: schemaVersion must be {PLAIN_SCHEMA} or {SCHEMA}")
    if not is_listed:
        raise DocumentError(f"{path}: {store.entries} must be a list")
    if schema == SCHEMA and stated not in (None, digest.hexdigest()):
        raise DocumentError(
            f"{path}: the records are not those that were exported",
            hint=f"Remove {_DIGEST} from the file if you changed them on purpose.",
        )
    return schema == SCHEMA


def _pieces(header: Mapping[str, object], name: str, encoded: Iterable[Any]) -> Iterator[bytes]:
    """The file, piece by piece. The digest is known, and stands, at the end."""
    digest = _ListDigest()
    yield to_pretty_json(header).removesuffix(b"\n}") + f',\n  "{name}": ['.encode()
    end = b"]"
    for value in encoded:
        yield b"\n    " if end == b"]" else b",\n    "
        yield to_pretty_json(value).replace(b"\n", b"\n    ")
        digest.add(value)
        end = b"\n  ]"
    yield end + f',\n  "{_DIGEST}": "{digest.hexdigest()}"\n}}\n'.encode()


class _ListDigest:
    """SHA-256 of the canonical JSON of a list, entry by entry."""

    def __init__(self) -> None:
        self._sha256, self._before = hashlib.sha256(b"["), b""

    def add(self, value: Any) -> None:
        self._sha256.update(self._before + to_canonical_json(value))
        self._before = b","

    def hexdigest(self) -> str:
        whole = self._sha256.copy()
        whole.update(b"]")
        return whole.hexdigest()


def _refuse_foreign(path: Path, command: str) -> None:
    if not path.exists():
        return
    try:
        parts = read_parts(path, listed="", max_bytes=MAX_FILE_BYTES)
        ours = any(isinstance(part, Member) and part[:2] == ("command", command) for part in parts)
    except MiniProgramError:
        ours = False
    if not ours:
        raise MiniProgramError(f"{path} is in the way: it is no export", hint="Choose another --output.")
