"""Pages of an environment's mini-programs, out of the index where there is one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from miniprogram.delivery.documents.contents.program_index import ProgramIndex, ProgramRow, merged_rows
from miniprogram.delivery.evaluation.versions.display_texts import display_texts
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.index.doubts import Doubts
from miniprogram.documents.index.index_document import read_index, read_shard, shards_after
from miniprogram.documents.index.indexing import compile_rows, program_ids
from miniprogram.errors import DocumentError

READINGS = 2
"""Tries of an index that is put into other shards at the moment it is read."""
MOST_REQUESTS = 3
"""What a list of ten thousand programs may cost; names are checked where they are within that."""
BATCH = 64
PROGRAM_STATES = ("served", "disabled", "unreadable", "managed")
"""What `ProgramQuery.state` may say about the mini-program itself, beside the states of releases."""


@dataclass(frozen=True, slots=True)
class ProgramQuery:
    """Which programs, and how many: those after the id `after` that hold `search` and are in `state`."""

    after: str = ""
    limit: int | None = None
    search: str = ""
    """Part of an id, a title or a version; upper and lower case are the same."""
    state: str = ""
    """`served`, `disabled`, `unreadable`, `managed`, or the state of one of its releases."""
    app: str = ""
    """Of the host app of one of its releases. With an environment, or a state, one release is all of that."""
    environment: str = ""
    """Of the host app's environment that one of its releases is for."""
    readable: Callable[[ProgramRow], ProgramRow | None] | None = None
    """What somebody may read of a row; None: nothing. What they may not read is not searched, and ends no page."""

    @property
    def is_plain_page(self) -> bool:
        """Whether it asks for a page of all programs: the first ones that come."""
        narrowed = (self.search.strip(), self.state, self.app, self.environment)
        return self.limit is not None and not any(narrowed) and self.readable is None

    def takes(self, row: ProgramRow) -> bool:
        return self._holds_text(row) and self._is_where(row)

    def is_for(self, release: Mapping[str, Any]) -> bool:
        """Whether a release of a row is for the host app and the environment that are asked for."""
        target = release.get("target")
        if not (self.app or self.environment):
            return True
        if not isinstance(target, dict):
            return False
        return self.app in ("", target.get("hostApp")) and self.environment in ("", target.get("environment"))

    def _is_where(self, row: ProgramRow) -> bool:
        if not (self.app or self.environment):
            return not self.state or self.state in states_of(row)
        if row.unreadable is not None and self.state in ("", "unreadable"):
            return True  # nobody can tell where its releases are for
        there = [each for each in releases_of(row) if self.is_for(each)]
        of_program = self.state in PROGRAM_STATES and self.state in states_of(row)
        return any(not self.state or of_program or each.get("state") == self.state for each in there)

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

    With an index that costs at most three requests for ten thousand programs; without one, a few documents of each
    program that is looked at.
    """
    for _ in range(READINGS):
        index = read_index(storage)
        if index is None:
            break
        try:
            return _cut(_indexed_rows(storage, index, query), query)
        except DocumentError:
            continue  # others put it into other shards at this moment, or a shard is lost
    return _cut(_rows_of_documents(storage, query.after), query)


def _cut(rows: Iterable[ProgramRow], query: ProgramQuery) -> ProgramPage:
    if query.readable is not None:
        rows = filter(None, map(query.readable, rows))
    taken = (row for row in rows if query.takes(row))
    if query.limit is None:
        return ProgramPage(tuple(taken))
    page = tuple(islice(taken, query.limit + 1))
    if len(page) <= query.limit:
        return ProgramPage(page)
    return ProgramPage(page[: query.limit], page[query.limit - 1].id)


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


def _rows_of_documents(storage: EnvironmentStorage, after: str) -> Iterator[ProgramRow]:
    """Rows compiled from the documents themselves, lazily: a page reads those of its own programs only."""
    ids = [program_id for program_id in program_ids(storage) if program_id > after]
    for start in range(0, len(ids), BATCH):
        yield from compile_rows(storage, ids[start : start + BATCH])


def _indexed_rows(storage: EnvironmentStorage, index: ProgramIndex, query: ProgramQuery) -> Iterator[ProgramRow]:
    """Rows after `query.after`; what the index cannot be believed about is compiled from its documents."""
    shards = shards_after(index, query.after)
    needed = 1 if query.is_plain_page and shards else len(shards)
    doubts = Doubts(storage, index.pending, after=query.after, check_names=1 + needed + 1 <= MOST_REQUESTS)
    stored = merged_rows(index, (read_shard(storage, shard) for shard in shards))
    rows = doubts.settle(row for row in stored if row.id > query.after)
    return (row for row in rows if not row.is_gone)


def _texts(row: ProgramRow) -> Iterator[str]:
    yield row.id
    yield title_of(row)
    yield str(row.listing.get("latestVersion", ""))
    yield from (str(release.get("version", "")) for release in releases_of(row))
