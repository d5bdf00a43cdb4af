"""What changes in the file, told within a twentieth of a second."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

from miniprogram.seams.change_feed import GAP, Changes

from miniprogram_sqlite.store import SqliteObjectStore

LOOK_EVERY_S = 0.05


class SqliteChangeFeed:
    """Implements ChangeFeed over the changes that the file itself keeps.

    A server such as PostgreSQL would notify. A file can say for next to nothing whether another connection
    wrote to it; the changes are read only then.
    """

    def __init__(self, store: SqliteObjectStore) -> None:
        self._store = store

    def watch(self, stop: Event) -> Iterator[Changes]:
        """See ChangeFeed. Raises StoreError."""
        with self._store.opened("watch what changes") as db:
            version = db.execute("pragma data_version").fetchone()[0]
            last = db.execute("select coalesce(max(id), 0) from changes").fetchone()[0]
            yield GAP
            while not stop.wait(LOOK_EVERY_S):
                before, version = version, db.execute("pragma data_version").fetchone()[0]
                if version == before:
                    continue
                found = db.execute("select id, key from changes where id > ? order by id", (last,)).fetchall()
                if not found:
                    continue
                has_gap = found[0][0] != last + 1
                last = found[-1][0]
                yield GAP if has_gap else Changes(frozenset(key for _, key in found))
