"""What the index cannot be believed about: programs somebody is changing, pointers that others put or removed, and
whether what was unreadable still is.

Older tools, and people, write pointers without telling the index. Looking at the names of the pointers costs one
request for a thousand of them and reads no document.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice

from miniprogram.delivery.documents.contents.program_index import ProgramRow
from miniprogram.delivery.documents.kinds import CATALOG_POINTER
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.index.compile_row import compile_row

MOST_NAMES = 1_000
"""Names of one request, where requests cost."""
SUFFIX = ".json"
MOST_UNREADABLE = 20
"""Rows looked at again: whoever mends a document by hand does not tell the index either."""


class Doubts:
    """Ids after `after` whose rows have to be compiled from their documents, or may be missing in the index."""

    def __init__(
        self, storage: EnvironmentStorage, pending: Iterable[str], *, after: str, check_names: bool
    ) -> None:
        self._storage = storage
        self._pending = {program_id for program_id in pending if program_id > after}
        self._names: list[str] | None = None
        if check_names:
            self._names = _pointer_names(storage, after)
        named = {name.removesuffix(SUFFIX) for name in self._names or () if name.endswith(SUFFIX)}
        self._pointed = {program_id for program_id in named if program_id > after}
        self._unreadable = 0

    def settle(self, rows: Iterable[ProgramRow]) -> Iterator[ProgramRow]:
        """`rows`, ascending by id, with what is doubtful compiled anew and what is missing put in."""
        expected = deque(sorted(self._pending | self._pointed))
        for row in rows:
            while expected and expected[0] < row.id:
                yield compile_row(self._storage, expected.popleft())
            if expected and expected[0] == row.id:
                expected.popleft()
            yield self._compiled(row) if self._is_doubtful(row) else row
        for program_id in expected:
            yield compile_row(self._storage, program_id)

    def _compiled(self, row: ProgramRow) -> ProgramRow:
        memory = self._storage.index_memory
        if memory is None or row.id in self._pending:
            return compile_row(self._storage, row.id, row)
        return memory.recall(f"row {row.id}", lambda: compile_row(self._storage, row.id, row))

    def _is_doubtful(self, row: ProgramRow) -> bool:
        if row.id in self._pending:
            return True
        if row.unreadable is not None and self._unreadable < MOST_UNREADABLE:
            self._unreadable += 1
            return True
        served = row.listing.get("state") == "served"
        return served != (row.id in self._pointed) and self._was_looked_for(row.id)

    def _was_looked_for(self, program_id: str) -> bool:
        """Whether the name of its pointer would be among those that were listed."""
        if self._names is None:
            return False
        return len(self._names) < MOST_NAMES or program_id + SUFFIX <= self._names[-1]


def _pointer_names(storage: EnvironmentStorage, after: str) -> list[str]:
    """Names of pointers after `after`, as many as one request gives."""

    def read() -> list[str]:
        folder = storage.keys.folder(CATALOG_POINTER)
        return list(islice(storage.store.list_names(folder, after=after), MOST_NAMES))

    memory = storage.index_memory
    return read() if memory is None else memory.recall(f"names {after}", read)
