"""The admission ledger in a SQLite file: counts across processes, and never lets in one too many.

One transaction per new admission, taken for writing at its start: two processes never count the same free place.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from threading import local

from miniprogram.delivery.sources import SourceUnavailable

BUSY_TIMEOUT_S = 5.0
"""How long a process waits for the others to finish their admissions."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS admissions (
    window_id TEXT NOT NULL, visitor TEXT NOT NULL, admitted_at_ms INTEGER NOT NULL,
    PRIMARY KEY (window_id, visitor)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS windows (window_id TEXT PRIMARY KEY, admitted INTEGER NOT NULL) WITHOUT ROWID;
"""


class SqliteLedger:
    """An AdmissionLedger over the file `path`, made when first used. Safe for many threads and processes.

    Raises SourceUnavailable when the file cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = local()

    def admit(self, window_id: str, key: str, limit: int, now_ms: int) -> bool:
        """Let `key` in if it is in already or fewer than `limit` are."""
        try:
            connection = self._connection()
            if self._is_in(connection, window_id, key):  # no write lock for those who come again
                return True
            if self._count(connection, window_id) >= limit:  # counts only grow, so a full window stays full
                return False
            return self._enter(connection, window_id, key, limit, now_ms)
        except (sqlite3.Error, OSError) as error:
            raise SourceUnavailable(f"the admission ledger {self._path.name} failed: {error}") from error

    def has_admitted(self, window_id: str, key: str) -> bool:
        """Whether `key` is in."""
        try:
            return self._is_in(self._connection(), window_id, key)
        except (sqlite3.Error, OSError) as error:
            raise SourceUnavailable(f"the admission ledger {self._path.name} failed: {error}") from error

    def count(self, window_id: str) -> int:
        """How many are in."""
        try:
            return self._count(self._connection(), window_id)
        except (sqlite3.Error, OSError) as error:
            raise SourceUnavailable(f"the admission ledger {self._path.name} failed: {error}") from error

    def close(self) -> None:
        """Give this thread's connection back."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None

    def _enter(self, connection: sqlite3.Connection, window_id: str, key: str, limit: int, now_ms: int) -> bool:
        connection.execute("BEGIN IMMEDIATE")
        try:
            admitted = self._is_in(connection, window_id, key)
            if not admitted and self._count(connection, window_id) < limit:
                connection.execute("INSERT INTO admissions VALUES (?, ?, ?)", (window_id, key, now_ms))
                connection.execute(
                    "INSERT INTO windows VALUES (?, 1)"
                    " ON CONFLICT (window_id) DO UPDATE SET admitted = admitted + 1",
                    (window_id,),
                )
                admitted = True
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
        return admitted

    @staticmethod
    def _is_in(connection: sqlite3.Connection, window_id: str, key: str) -> bool:
        query = "SELECT 1 FROM admissions WHERE window_id = ? AND visitor = ?"
        return connection.execute(query, (window_id, key)).fetchone() is not None

    @staticmethod
    def _count(connection: sqlite3.Connection, window_id: str) -> int:
        found = connection.execute("SELECT admitted FROM windows WHERE window_id = ?", (window_id,)).fetchone()
        return 0 if found is None else int(found[0])

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(
                self._path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
            )
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.executescript(_SCHEMA)
            self._local.connection = connection
        return connection


def ledger_beside(store_root: Path) -> Path:
    """Where the ledger of an environment on this machine lies: beside its store, not in it."""
    return store_root.parent / f"{store_root.name}.admissions.sqlite3"
