"""The file that `data export` writes and `data import` reads.

Version 2 keeps every value (`tagged_values`) and a digest of its records. Version 1 is what older tools wrote:
plain JSON values, no digest; it is read as it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from miniprogram.backends.tagged_values import from_json, to_json
from miniprogram.errors import DocumentError, MiniProgramError
from miniprogram.files import write_atomic
from miniprogram.seams.data_store import DataStore, Group, Key, Record
from miniprogram.strict_json import (
    parse_json,
    read_bounded,
    require_object,
    to_canonical_json,
    to_pretty_json,
)

SCHEMA = 2
PLAIN_SCHEMA = 1
MAX_FILE_BYTES = 1024 * 1024 * 1024
"""Largest export read, in bytes: more is a job for the cloud's own backups."""
PRIVATE_MODE = 0o600
"""Exports hold what users did."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A record of a file that may be imported."""

    record: Record
    group: Group
    key: Key


def write_export(
    path: Path, header: Mapping[str, object], records: Sequence[Record], *, entries: str, command: str
) -> None:
    """Write the file whole or not at all, for its owner only. A file that is no export is not replaced."""
    _refuse_foreign(path, command)
    encoded = [to_json(record) for record in records]
    document = {**header, "recordsSha256": _digest(encoded), entries: encoded}
    write_atomic(path, to_pretty_json(document) + b"\n", mode=PRIVATE_MODE)


def read_export(path: Path, store: DataStore, *, provider: str, program_id: str) -> list[Entry]:
    """Every entry of the file at `path`, in its order.

    Raises DocumentError, naming the place, for anything that does not fit: no entry is looked at twice or used
    before all of them have been.
    """
    body = read_bounded(path, max_bytes=MAX_FILE_BYTES)
    document = require_object(parse_json(body, name=str(path), max_bytes=MAX_FILE_BYTES), name=str(path))
    schema = document.get("schemaVersion")
    if isinstance(schema, bool) or schema not in (PLAIN_SCHEMA, SCHEMA):
        raise DocumentError(f"{path}: schemaVersion must be {PLAIN_SCHEMA} or {SCHEMA}")
    _check_owner(document, path, provider=provider, program_id=program_id)
    listed = document.get(store.entries)
    if not isinstance(listed, list):
        raise DocumentError(f"{path}: {store.entries} must be a list")
    if schema == SCHEMA:
        _check_digest(document, listed, path)
    entries = [
        _entry(each, store, tagged=schema == SCHEMA, location=f"{path}: {store.entries}[{index}]")
        for index, each in enumerate(listed)
    ]
    _refuse_twins(entries, path)
    return entries


def _entry(value: Any, store: DataStore, *, tagged: bool, location: str) -> Entry:
    if not isinstance(value, dict):
        raise DocumentError(f"{location} must be an object")
    try:
        record = from_json(value) if tagged else value
        if not isinstance(record, dict):
            raise ValueError("it must be an object of attributes")
        group = store.group_of(record)
    except ValueError as error:
        raise DocumentError(f"{location}: {error}") from None
    return Entry(record, group, store.key_of(record))


def _check_owner(document: Mapping[str, Any], path: Path, *, provider: str, program_id: str) -> None:
    for name, wanted in (("provider", provider), ("miniProgramId", program_id)):
        found = document.get(name)
        if found is not None and found != wanted:
            raise DocumentError(f"{path}: {name} is {found!r}, not {wanted!r}")


def _check_digest(document: Mapping[str, Any], listed: list[Any], path: Path) -> None:
    digest = document.get("recordsSha256")
    if digest is not None and digest != _digest(listed):
        raise DocumentError(
            f"{path}: the records are not those that were exported",
            hint="Remove recordsSha256 from the file if you changed them on purpose.",
        )


def _refuse_twins(entries: Sequence[Entry], path: Path) -> None:
    seen: set[Key] = set()
    for entry in entries:
        if entry.key in seen:
            raise DocumentError(f"{path}: the record {' / '.join(entry.key)} stands twice")
        seen.add(entry.key)


def _refuse_foreign(path: Path, command: str) -> None:
    if not path.exists():
        return
    try:
        document = parse_json(
            read_bounded(path, max_bytes=MAX_FILE_BYTES), name=str(path), max_bytes=MAX_FILE_BYTES
        )
        ours = isinstance(document, dict) and document.get("command") == command
    except MiniProgramError:
        ours = False
    if not ours:
        raise MiniProgramError(f"{path} is in the way: it is no export", hint="Choose another --output.")


def _digest(encoded: list[Any]) -> str:
    return hashlib.sha256(to_canonical_json(encoded)).hexdigest()
