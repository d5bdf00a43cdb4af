"""What the processes of one server remember together: sessions, answers to repeats, rates.

A SQLite database, in a private folder that goes with the server, or in memory when one process serves alone. It
holds nothing that lets anybody in: sessions and tokens stand there as digests and ids.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
import threading
import time
import weakref
from collections.abc import Iterator
from pathlib import Path

from miniprogram.errors import StoreError

PATIENCE_S = 2.0
"""How long one process waits for another that writes. Every write here is one small row."""
YOUNG_S = 30.0
"""How old a folder has to be to be a leftover: until then it may not be locked yet."""
_PREFIX = "miniprogram-serve-"
_OWNER = "owner.lock"
"""Held by the process that made the folder."""


class SharedState:
    """One connection to what is remembered. Safe to use from many threads; each process makes its own."""

    def __init__(self, path: Path | None = None) -> None:
        self._lock = threading.Lock()
        # autocommit: transactions are begun and ended in so many words
        self._connection = sqlite3.connect(
            ":memory:" if path is None else path, timeout=PATIENCE_S, isolation_level=None, check_same_thread=False
        )
        # an application that nobody closes goes with its last user, and its connection with it
        weakref.finalize(self, self._connection.close)
        if path is not None:
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = OFF")  # it does not outlive the server anyway

    def prepare(self, *statements: str) -> None:
        """Make tables where they are missing."""
        with self.transaction() as connection:
            for statement in statements:
                connection.execute(statement)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Several statements as one, seen by the other processes all at once or, after an error, not at all.

        Raises StoreError when the database cannot be used, or others write for longer than PATIENCE_S.
        """
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException as error:
                with contextlib.suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                if isinstance(error, sqlite3.Error):
                    raise StoreError(f"what the server remembers cannot be read or written: {error}") from error
                raise

    def close(self) -> None:
        with self._lock:
            self._connection.close()


@contextlib.contextmanager
def shared_file() -> Iterator[Path]:
    """A database that processes can share for as long as this lasts, in a folder that only this user may enter.

    Folders that servers of this user left when they were killed are removed first.
    """
    from filelock import FileLock  # deferred: one process alone needs none

    remove_leftovers(Path(tempfile.gettempdir()))
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    owner = FileLock(str(folder / _OWNER))
    try:
        owner.acquire(timeout=0)
        yield folder / "state.sqlite3"
    finally:
        owner.release()
        shutil.rmtree(folder, ignore_errors=True)


def remove_leftovers(parent: Path) -> None:
    """Remove what servers left below `parent` whose process is gone: the system has let go of their lock."""
    from filelock import FileLock, Timeout

    for folder in parent.glob(f"{_PREFIX}*"):
        lock = folder / _OWNER
        try:
            if folder.is_symlink() or not _is_own(folder) or not lock.is_file() or _is_young(folder):
                continue  # another user's, or one that is being made
            with FileLock(str(lock), timeout=0):
                pass
        except (OSError, Timeout):
            continue  # in use, or not ours to touch
        shutil.rmtree(folder, ignore_errors=True)


def _is_young(folder: Path) -> bool:
    return time.time() - folder.stat().st_mtime < YOUNG_S


def _is_own(folder: Path) -> bool:
    return not hasattr(os, "getuid") or folder.stat().st_uid == os.getuid()
