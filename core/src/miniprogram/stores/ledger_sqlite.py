"""The admission ledger in a SQLite file: counts across processes, and never lets in one too many.

One transaction per new admission, taken for writing at its start: two processes never count the same free place.
"""

from __future__ import annotations

import errno
import random
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from threading import local
from typing import TypeVar

from miniprogram.delivery.evaluation.errors import SourceUnavailable

PATIENCE_S = 0.1
"""How long an admission waits for those of others: a host waits that long too."""
MOST_FULL = 1000
"""Windows that are remembered as full. A server has a few."""
OPENING_PATIENCE_S = 5.0
"""How long a process that opens the file waits. It does so once, and many may start together."""
SAFE_JOURNALS = ("wal", "delete", "truncate", "persist")
"""Ways of SQLite to keep a transaction whole. File systems of some networks cannot do the first."""

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

    def __init__(self, path: Path, *, patience_s: float = PATIENCE_S) -> None:
        self._path, self._patience_s = path, patience_s
        self._local = local()
        self._full: dict[str, int] = {}
        self._identity: tuple[int, int] | None = None
        """Which file this ledger counts in, from the first time it was opened."""

    def admit(self, window_id: str, key: str, limit: int, now_ms: int) -> bool:
        """Let `key` in if it is in already or fewer than `limit` are."""

        def admit(connection: sqlite3.Connection) -> bool:
            if self._is_in(connection, window_id, key):  # no write lock for those who come again
                return True
            if self._full.get(window_id, -1) >= limit:  # counts only grow, so a full window stays full
                return False
            if self._count(connection, window_id) >= limit:
                self._full = {**dict(list(self._full.items())[-MOST_FULL:]), window_id: limit}
                return False
            return self._enter(connection, window_id, key, limit, now_ms)

        return self._answered(admit)

    def has_admitted(self, window_id: str, key: str) -> bool:
        """Whether `key` is in."""
        return self._is_there() and self._answered(lambda connection: self._is_in(connection, window_id, key))

    def count(self, window_id: str) -> int:
        """How many are in."""
        return self._answered(lambda connection: self._count(connection, window_id)) if self._is_there() else 0

    def _is_there(self) -> bool:
        """Whether there is a file to read. Only an admission makes one: a blank file would look like a count."""
        if self._identity is not None:
            return True
        try:
            self._path.stat()
        except FileNotFoundError:
            return False
        except OSError:
            return True  # something is in the way: who asks hears what
        return True

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
        self._patiently(self._connection, OPENING_PATIENCE_S)
        return self._patiently(lambda: question(self._connection()), self._patience_s)

    def _patiently(self, ask: Callable[[], T], patience_s: float) -> T:
        give_up = time.monotonic() + patience_s
        while True:
            try:
                return ask()
            except (sqlite3.Error, OSError) as error:
                if not _is_busy(error):
                    self.close()  # in whatever state it is: the next question gets a new one
                    raise SourceUnavailable(f"the admission ledger {self._path.name} failed: {error}") from error
                if time.monotonic() >= give_up:
                    raise SourceUnavailable(f"the admission ledger {self._path.name} is busy") from error
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
            self.close()  # which rolls back, whatever failed: a ROLLBACK could fail as well
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
        if self._identity is not None and self._identity != _identity(self._path):
            # another process may have started a new count: two counts would let in twice as many
            raise OSError(
                errno.ESTALE, "the file was removed or replaced while it counted; start the server again"
            )
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = _opened(self._path)
            self._identity = self._identity or _identity(self._path)
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


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file is at `path`; None when there is none. Windows keeps files that are open."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _prepare(connection: sqlite3.Connection) -> None:
    if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        [journal] = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        if journal not in SAFE_JOURNALS:
            raise OSError(errno.ENOTSUP, f"SQLite keeps no safe journal there, only {journal}")
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
