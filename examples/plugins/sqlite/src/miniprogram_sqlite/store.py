"""The object store: one SQLite file stands for a cloud."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from miniprogram.errors import PreconditionFailed, StoreError
from miniprogram.object_keys import check_folder, check_key, check_prefix
from miniprogram.seams.object_store import ObjectInfo, StoredObject

MOST_CHANGES = 100
"""How many of the last changes are kept for who watches."""
_CHANGED = f"""begin
  insert into changes (key) values ({{key}});
  delete from changes where id <= last_insert_rowid() - {MOST_CHANGES};
end"""
TABLES = (
    "create table if not exists objects (key text primary key, body blob not null, etag text not null)",
    "create table if not exists changes (id integer primary key autoincrement, key text not null)",
    "create trigger if not exists object_put after insert on objects " + _CHANGED.format(key="new.key"),
    "create trigger if not exists object_deleted after delete on objects " + _CHANGED.format(key="old.key"),
)
"""What there is in the file. A change is written down by SQLite, in the transaction that makes it."""
WAIT_S = 20.0
"""How long a call waits for another that writes, in seconds."""


class SqliteObjectStore:
    """Implements ObjectStore. Who of several is first is decided by SQLite: each change is one transaction.

    A service would be told content types and cache headers, too; here our delivery server makes them anew.
    """

    parallel_writes = 1

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def location(self) -> str:
        return str(self._path)

    def get(self, key: str) -> StoredObject | None:
        check_key(key)
        with self.opened(f"read {key}") as db:
            row = db.execute("select body, etag from objects where key = ?", (key,)).fetchone()
        return StoredObject(key, *row) if row else None

    def put(
        self,
        key: str,
        body: bytes,
        *,
        content_type: str | None = None,
        cache_control: str | None = None,
        if_match: str | None = None,
        if_absent: bool = False,
    ) -> str:
        del content_type, cache_control
        check_key(key)
        etag = hashlib.sha256(body).hexdigest()
        with self._changing(f"write {key}") as db:
            if if_absent and self._etag(db, key) is not None:
                raise PreconditionFailed(f"{key} is already in {self.location}")
            self._require(db, key, if_match)
            db.execute("insert or replace into objects values (?, ?, ?)", (key, body, etag))
        return etag

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        check_prefix(prefix)
        rows = "select key, length(body) from objects where key >= ? and substr(key, 1, ?) = ? order by key"
        with self.opened(f"list {prefix}") as db:
            for key, size in db.execute(rows, (prefix, len(prefix), prefix)):
                yield ObjectInfo(key, size)

    def list_names(self, folder: str, *, after: str = "") -> Iterator[str]:
        """Each step is a look into the index: what is below a folder is jumped over, not read."""
        check_folder(folder)
        with self.opened(f"list {folder}") as db:
            while True:
                is_behind, start = _behind(folder, after)
                following = f"select min(key) from objects where {is_behind} and substr(key, 1, ?) = ?"
                key = db.execute(following, (start, len(folder), folder)).fetchone()[0]
                if key is None:
                    return
                name, slash, _ = key.removeprefix(folder).partition("/")
                after = name + slash
                yield after

    def delete(self, key: str, *, if_match: str | None = None) -> None:
        check_key(key)
        with self._changing(f"delete {key}") as db:
            self._require(db, key, if_match)
            db.execute("delete from objects where key = ?", (key,))

    def _require(self, db: sqlite3.Connection, key: str, etag: str | None) -> None:
        if etag is not None and self._etag(db, key) != etag:
            raise PreconditionFailed(f"somebody else changed {key} in {self.location}")

    def _etag(self, db: sqlite3.Connection, key: str) -> str | None:
        row = db.execute("select etag from objects where key = ?", (key,)).fetchone()
        return row[0] if row else None

    @contextmanager
    def _changing(self, doing: str) -> Iterator[sqlite3.Connection]:
        with self.opened(doing) as db:
            db.execute("begin immediate")
            yield db
            db.execute("commit")

    @contextmanager
    def opened(self, doing: str) -> Iterator[sqlite3.Connection]:
        """A connection of this call's own, in whatever thread. Its errors are said as a StoreError."""
        try:
            with closing(sqlite3.connect(self._path, timeout=WAIT_S, isolation_level=None)) as db:
                for statement in TABLES:
                    db.execute(statement)
                yield db
        except sqlite3.Error as error:
            help_with = "It has to be a file of SQLite, in a folder that can be written to."
            raise StoreError(f"cannot {doing} in {self.location}: {error}", hint=help_with) from None


def _behind(folder: str, name: str) -> tuple[str, str]:
    """The condition for keys of names greater than `name`; what is below a folder is left out."""
    head, slash, _ = name.partition("/")
    return (
        ("key >= ?", f"{folder}{head}0") if slash else ("key > ?", folder + name)
    )  # 0 comes next to the slash
