"""A lock on a folder that holds among threads and processes, and leaves no file behind where it can."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from miniprogram.errors import StoreError

LOCK_WAIT_S = 30.0
LOCK_FILE = ".lock"
"""Made only where folders themselves cannot be locked (Windows, some network file systems)."""


@contextmanager
def folder_lock(folder: Path) -> Iterator[None]:
    """Keep everybody else who asks for the lock on `folder` waiting. The folder must exist.

    The system lets go of the lock when the process ends, however it ends.
    """
    handle = _lock_folder(folder)
    if handle is None:
        with _lock_file(folder):
            yield
        return
    try:
        yield
    finally:
        os.close(handle)


def try_lock(handle: int) -> bool:
    """Lock the open file `handle` until it is closed; False when somebody else has it. True on Windows, where
    an open file cannot be removed anyway."""
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _lock_folder(folder: Path) -> int | None:
    """An open handle that holds the lock; None where a folder cannot be locked."""
    if sys.platform == "win32":
        return None
    import fcntl

    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
    except OSError:
        os.close(handle)
        return None
    except BaseException:
        os.close(handle)
        raise
    return handle


@contextmanager
def _lock_file(folder: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout

    try:
        with FileLock(str(folder / LOCK_FILE), timeout=LOCK_WAIT_S):
            yield
    except Timeout:
        raise StoreError(f"{folder} has been locked by another process for {LOCK_WAIT_S:g} s") from None
