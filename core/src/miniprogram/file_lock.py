"""A lock file: one process at a time, and one thread."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from miniprogram.errors import MiniProgramError


@contextmanager
def file_lock(path: Path, *, wait_s: float, busy: MiniProgramError) -> Iterator[None]:
    """Hold the lock file at `path`, which is made with its folder. Not re-entrant.

    The system lets go of it when the process ends, however it ends. Raises `busy` when somebody else holds it for
    longer than `wait_s` seconds, and an error of the same type when the file cannot be used.
    """
    from filelock import FileLock, Timeout  # deferred: few commands need it

    lock = FileLock(str(path))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=wait_s)
    except Timeout:
        raise busy from None
    except OSError as error:
        raise type(busy)(f"{path} cannot be used: {error.strerror or error}") from error
    try:
        yield
    finally:
        lock.release()
