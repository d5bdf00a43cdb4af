"""The admission ledger in a SQLite file: counts across processes, and never lets in one too many.

One transaction per new admission, taken for writing at its start: two processes never count the same free place.
"""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from threading import local
from typing import TypeVar

from miniprogram.delivery.evaluation.errors import SourceUnavailable

BUSY_TIMEOUT_S = 5.0
"""How long a process waits for the others to finish their admissions."""

T = TypeVar("T")

_TABLES = (
    """CREATE TABLE IF NOT EXISTS admissions (
    window_id TEXT NOT NULL, visitor TEXT NOT NULL, admitted_at_ms INTEGER NOT NULL,
    PRIMARY KEY (window_id, visitor)) WITHOUT ROWID""",
    "CREATE TABLE IF NOT EXISTS windows (window_id TEXT PRIMARY KEY, admitted INTEGER NOT NULL) WITHOUT ROWID",
)


class _Connection(sqlite3.Connection):
    """Each thread has one; it is closed with the thread, which cannot be asked to."""

    def __del__(self) -> None:
        self.close()


class SqliteLedger:
    """An AdmissionLedger over the file `path`, made when first used. Safe for many threads and processes.

    Raises SourceUnavailable when the file cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = local()

    def admit(self, window_id: str, key: str, limit: int, now_ms: int) -> bool:
        """Let `key` in if it is in already or fewer than `limit` are."""

        def admit(connection: sqlite3.Connection) -> bool:
            if self._is_in(connection, window_id, key):  # no write lock for those who come again
                return True
            if self._count(connection, window_id) >= limit:  # counts only grow, so a full window stays full
                return False
            return self._enter(connection, window_id, key, limit, now_ms)

        return self._answered(admit)

    def has_admitted(self, window_id: str, key: str) -> bool:
        """Whether `key` is in."""
        return self._answered(lambda connection: self._is_in(connection, window_id, key))

    def count(self, window_id: str) -> int:
        """How many are in."""
        return self._answered(lambda connection: self._count(connection, window_id))

    def close(self) -> None:
        """Give this thread's connection back."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None

    def _answered(self, question: Callable[[sqlite3.Connection], T]) -> T:
        """The answer to `question`, asked again while others have the file.

        SQLite's own patience does not do: where two make a file at once one of them fails without waiting, and
        its pauses grow to a tenth of a second, in which others who write without a pause always come first.
        """
        give_up = time.monotonic() + BUSY_TIMEOUT_S
        while True:
            try:
                return question(self._connection())
            except (sqlite3.Error, OSError) as error:
                if not _is_busy(error) or time.monotonic() >= give_up:
                    raise SourceUnavailable(f"the admission ledger {self._path.name} failed: {error}") from error
            time.sleep(random.uniform(0.001, 0.01))  # noqa: S311 (only keeps those who wait apart)

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
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
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
            connection = self._local.connection = _opened(self._path)
        return connection


def _opened(path: Path) -> sqlite3.Connection:
    """A connection to the ledger at `path`, which is made when it is not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(
        path, timeout=0.01, isolation_level=None, check_same_thread=False, factory=_Connection
    )
    try:
        _prepare(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    if connection.execute("SELECT count(*) FROM sqlite_master WHERE type = 'table'").fetchone() != (len(_TABLES),):
        for statement in _TABLES:
            connection.execute(statement)


def _is_busy(error: Exception) -> bool:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the rest says in which way
    return code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def ledger_beside(store_root: Path) -> Path:
    """Where the ledger of an environment on this machine lies: beside its store, not in it."""
    return store_root.parent / f"{store_root.name}.admissions.sqlite3"
