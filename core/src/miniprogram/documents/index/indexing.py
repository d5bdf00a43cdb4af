"""Keeping the index true while mini-programs change.

Whoever changes one says so in the index first, and compiles its row when done. In between, and for ever after one
who was killed, readers do not believe the row: so a list never loses a program, and never shows an older state as
the newer one. A row is compiled after the index was read that it goes into: of two who finish at once, the one
whose row may be older loses the conditional write and compiles again.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice

from miniprogram.clock import to_iso
from miniprogram.delivery.documents.contents.program_index import ProgramIndex, ProgramRow
from miniprogram.delivery.documents.kinds import CATALOG_POINTER, DISABLED_POINTER, RELEASE_DOCUMENT
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.index.compile_row import compile_row
from miniprogram.documents.index.index_document import change_index, replace_index
from miniprogram.errors import DocumentError, StoreError
from miniprogram.logs import get_log
from miniprogram.progress import counted

FEW_PROGRAMS = 50
"""Up to this many an index is made on the way, when there is none."""
MARKS_LAST = timedelta(hours=1)
"""Who marked a program so long ago was killed: the next one who writes cleans up."""

log = get_log(__name__)


@contextmanager
def indexed(storage: EnvironmentStorage, program_id: str, *, make: bool = False) -> Iterator[None]:
    """Change `program_id` within. With `make` an index is made when there is none and few programs.

    Raises StoreError, with nothing changed, when the index cannot say that something is about to change. That it
    cannot be written afterwards is logged: what it says about the program is not believed until it can.
    """
    mark = _begin(storage, program_id, make=make)
    try:
        yield
    finally:
        if mark is not None:
            _finish(storage, program_id, mark)


def reindex(storage: EnvironmentStorage) -> int:
    """Compile the index from the documents of all programs, whatever it said; returns how many there are."""
    rebuild = _Rebuild(storage)
    replace_index(storage, rebuild.rows)
    change_index(storage, lambda index: _settled(storage, index, None, None))
    return len(rebuild.compiled)


class _Rebuild:
    """Rows of all programs, compiled once; those that others wrote meanwhile are compiled again."""

    def __init__(self, storage: EnvironmentStorage) -> None:
        self._storage = storage
        self._before: ProgramIndex | None = None
        self.compiled: dict[str, ProgramRow] = {}

    def rows(self, index: ProgramIndex | None) -> list[ProgramRow]:
        before, self._before = self._before, index
        if before is None or index is None or index.shards != before.shards:
            ids = program_ids(self._storage)
            self.compiled.clear()
        else:
            ids = sorted({*_changed(before, index), *index.pending, *before.pending})
        for program_id in ids:
            self.compiled.pop(program_id, None)
        self.compiled |= {row.id: row for row in compile_rows(self._storage, ids)}
        return [row for _, row in sorted(self.compiled.items())]


def _changed(before: ProgramIndex, after: ProgramIndex) -> set[str]:
    known = {row.id: row for row in before.rows}
    written = {row.id for row in after.rows if known.pop(row.id, None) != row}
    return written | set(known)


def compile_rows(storage: EnvironmentStorage, ids: list[str]) -> list[ProgramRow]:
    """Rows of the programs `ids` that are there, in their order."""
    with ThreadPoolExecutor(max(1, storage.store.parallel_writes)) as pool:
        compiled = pool.map(lambda program_id: compile_row(storage, program_id), ids)
        rows = list(counted(compiled, "reading mini-programs", len(ids)))
    return [row for row in rows if not row.is_gone]


def program_ids(storage: EnvironmentStorage, *, most: int | None = None) -> list[str]:
    """Ids of all programs that are published, disabled or have releases, ascending; `most` limits each listing."""
    kinds = (CATALOG_POINTER, DISABLED_POINTER, RELEASE_DOCUMENT)
    found: set[str] = set()
    for kind in kinds:
        names = islice(storage.store.list_names(storage.keys.folder(kind)), most)
        found |= {name.removesuffix(".json") for name in names if name.endswith(".json")}
    return sorted(found)


def _begin(storage: EnvironmentStorage, program_id: str, *, make: bool) -> str | None:
    mark = f"{to_iso(datetime.now(UTC))} {secrets.token_hex(4)}"

    def marked(index: ProgramIndex) -> ProgramIndex:
        marks = (*index.pending.get(program_id, ()), mark)
        return index._replace(pending={**index.pending, program_id: marks})

    try:
        if change_index(storage, marked):
            return mark
        if not make or len(program_ids(storage, most=FEW_PROGRAMS + 1)) > FEW_PROGRAMS:
            return None
        reindex(storage)
        return mark if change_index(storage, marked) else None
    except DocumentError as error:
        log.warning("program_index_unreadable", environment=storage.environment, error=str(error))
        return None


def _finish(storage: EnvironmentStorage, program_id: str, mark: str) -> None:
    try:
        change_index(storage, lambda index: _settled(storage, index, program_id, mark))
    except (StoreError, DocumentError) as error:
        log.warning("program_index_not_written", program_id=program_id, error=str(error))


def _settled(
    storage: EnvironmentStorage, index: ProgramIndex, program_id: str | None, mark: str | None
) -> ProgramIndex | None:
    """`index` with a new row of `program_id`, its `mark` taken away, and the marks of those who were killed."""
    pending = {name: _still_valid(marks, without=mark) for name, marks in index.pending.items()}
    given_up = {name for name, marks in index.pending.items() if len(pending[name]) < len(marks)}
    rows = {row.id: row for row in index.rows}
    for name in sorted(given_up if program_id is None else {program_id, *given_up}):
        rows[name] = compile_row(storage, name, rows.get(name))
    remaining = (row for _, row in sorted(rows.items()) if index.shards or not row.is_gone)
    settled = index._replace(
        rows=tuple(remaining), pending={name: marks for name, marks in pending.items() if marks}
    )
    return None if settled == index else settled


def _still_valid(marks: tuple[str, ...], *, without: str | None) -> tuple[str, ...]:
    oldest = to_iso(datetime.now(UTC) - MARKS_LAST)
    return tuple(each for each in marks if each != without and each >= oldest)
