"""Pages of an environment's mini-programs, out of the index where there is one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from miniprogram.delivery.documents.program_index import ProgramRow
from miniprogram.delivery.evaluation.display_texts import display_texts
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.index.compile_row import compile_row
from miniprogram.documents.index.index_document import read_index, read_rows
from miniprogram.documents.index.indexing import compile_rows, program_ids
from miniprogram.errors import DocumentError

READINGS = 2
"""Tries of an index that is put into other shards at the moment it is read."""


@dataclass(frozen=True, slots=True)
class ProgramQuery:
    """Which programs, and how many: those after the id `after` that hold `search` and are in `state`."""

    after: str = ""
    limit: int | None = None
    search: str = ""
    """Part of an id, a title or a version; upper and lower case are the same."""
    state: str = ""
    """`served`, `disabled`, `unreadable`, `managed`, or the state of one of its releases."""

    def takes(self, row: ProgramRow) -> bool:
        return self._holds_text(row) and (not self.state or self.state in states_of(row))

    def _holds_text(self, row: ProgramRow) -> bool:
        wanted = self.search.strip().casefold()
        return not wanted or any(wanted in text.casefold() for text in _texts(row))


@dataclass(frozen=True, slots=True)
class ProgramPage:
    """Rows ascending by id. `next_after` gives the next page; None when this is the last one."""

    rows: tuple[ProgramRow, ...]
    next_after: str | None = None


def list_page(storage: EnvironmentStorage, query: ProgramQuery) -> ProgramPage:
    """The programs that `query` asks for. Raises StoreError.

    With an index that costs as many requests as it has parts; without one, a few documents of each program that is
    looked at.
    """
    taken = (row for row in _rows_after(storage, query.after) if query.takes(row))
    if query.limit is None:
        return ProgramPage(tuple(taken))
    rows = tuple(islice(taken, query.limit + 1))
    if len(rows) <= query.limit:
        return ProgramPage(rows)
    return ProgramPage(rows[: query.limit], rows[query.limit - 1].id)


def states_of(row: ProgramRow) -> frozenset[str]:
    """What `ProgramQuery.state` may say to find `row`."""
    found = {str(row.listing.get("state", ""))}
    found |= {str(release.get("state", "")) for release in releases_of(row)}
    found |= {"managed"} if row.listing.get("managed") else set()
    found |= {"unreadable"} if row.unreadable else set()
    return frozenset(found - {""})


def releases_of(row: ProgramRow) -> list[dict[str, Any]]:
    """The live releases of the program as lists show them: id, version, target, kind, state, overlay.

    `offlineRequested` is there when somebody asked to take one away.
    """
    found = row.listing.get("releases")
    return found if isinstance(found, list) else []


def title_of(row: ProgramRow) -> str:
    """What the program is called in the version it is served in, else in any version the index knows."""
    versions = [row.pointer.version] if row.pointer is not None else []
    manifests = [row.manifests[version] for version in (*versions, *row.manifests) if version in row.manifests]
    return display_texts(manifests[0] if manifests else {}, row.id).title


def _rows_after(storage: EnvironmentStorage, after: str) -> Iterator[ProgramRow]:
    rows = _indexed_rows(storage)
    if rows is not None:
        yield from (row for row in rows if row.id > after)
        return
    ids = [program_id for program_id in program_ids(storage) if program_id > after]
    for start in range(0, len(ids), 64):  # lazily: a page reads the documents of its own programs only
        yield from compile_rows(storage, ids[start : start + 64])


def _indexed_rows(storage: EnvironmentStorage) -> Iterable[ProgramRow] | None:
    """What the index says; programs that are pending are read from their own documents. None without an index."""
    for _ in range(READINGS):
        index = read_index(storage)
        if index is None:
            return None
        try:
            rows = {row.id: row for row in read_rows(storage, index)}
        except DocumentError:
            continue
        for program_id in index.pending:
            rows[program_id] = compile_row(storage, program_id)
        return [row for _, row in sorted(rows.items()) if not row.is_gone]
    return None


def _texts(row: ProgramRow) -> Iterator[str]:
    yield row.id
    yield title_of(row)
    yield str(row.listing.get("latestVersion", ""))
    yield from (str(release.get("version", "")) for release in releases_of(row))
