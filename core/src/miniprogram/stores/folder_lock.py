"""A lock on a folder that holds among threads and processes, and leaves no file behind where it can."""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from miniprogram.errors import StoreError
from miniprogram.file_lock import file_lock

LOCK_WAIT_S = 10.0
"""Longer than any write takes, and shorter than a server lets somebody wait for an answer."""
FIRST_PAUSE_S = 0.0002
LONGEST_PAUSE_S = 0.02
LOCK_FILE = ".lock"
"""Made only where folders themselves cannot be locked (Windows, some network file systems)."""


@contextmanager
def folder_lock(folder: Path) -> Iterator[None]:
    """Keep everybody else who asks for the lock on `folder` waiting. The folder must exist.

    The system lets go of the lock when the process ends, however it ends. Raises StoreError when somebody holds
    it for longer than any write takes: a process that was stopped, most likely.
    """
    handle = _lock_folder(folder)
    if handle is None:
        with file_lock(folder / LOCK_FILE, wait_s=LOCK_WAIT_S, busy=_held(folder)):
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
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        _wait_for(handle, folder)
    except OSError:
        os.close(handle)
        return None
    except BaseException:
        os.close(handle)
        raise
    return handle


def _wait_for(handle: int, folder: Path) -> None:
    """Lock `handle`. Raises OSError where it cannot be locked, StoreError when somebody else keeps it."""
    import fcntl

    ends_at, pause_s = time.monotonic() + LOCK_WAIT_S, FIRST_PAUSE_S
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= ends_at:
                raise _held(folder) from None
            time.sleep(random.uniform(FIRST_PAUSE_S, pause_s))  # noqa: S311 - not a secret
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
        else:
            return


def _held(folder: Path) -> StoreError:
    return StoreError(
        f"{folder} has been locked by another process for {LOCK_WAIT_S:g} s",
        hint="A stopped process may hold it; end that one, then run the same again.",
    )
