"""Files on their way into a store: written aside, moved into place whole, swept up after a crash."""

from __future__ import annotations

import os
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from miniprogram.stores.folder_lock import try_lock

PARTIAL_FOLDER = ".partial"
"""Below a store's root, on the same file system: from here a file can be moved into place in one step."""

YOUNG_S = 3600.0
"""Where files cannot be locked, younger ones are left alone."""


@contextmanager
def partial_file(root: Path, body: bytes, *, durable: bool, private: bool = False) -> Iterator[Path]:
    """A closed or open file below `root` that holds `body`; what is still there at the end is removed.

    `durable` waits until the bytes are on the disk, `private` keeps everybody but the owner from reading. While
    the file is there it is locked, so that `sweep` in another process leaves it alone.
    """
    handle, path = _create(root / PARTIAL_FOLDER, 0o600 if private else 0o644)
    try:
        _write(handle, body, durable=durable)
        if sys.platform == "win32":
            os.close(handle)
            handle = -1
        yield path
    finally:
        path.unlink(missing_ok=True)
        if handle >= 0:
            os.close(handle)


def sweep(root: Path) -> None:
    """Remove what crashed processes left in the partial folder of `root`, and the folder when it is empty."""
    folder = root / PARTIAL_FOLDER
    try:
        names = os.listdir(folder)  # noqa: PTH208 - pathlib has no listing that is one system call
    except OSError:
        return
    for name in names:
        _sweep_file(folder / name)
    with suppress(OSError):
        folder.rmdir()


def _create(folder: Path, mode: int) -> tuple[int, Path]:
    while True:
        path = folder / secrets.token_hex(8)
        try:
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_CLOEXEC", 0), mode)
        except FileNotFoundError:
            with suppress(FileExistsError):  # it may come and go while others begin and sweep
                folder.mkdir(parents=True, exist_ok=True)
            continue
        # a sweep may have come between creating and locking
        if try_lock(handle) and os.fstat(handle).st_nlink:
            return handle, path
        os.close(handle)


def _write(handle: int, body: bytes, *, durable: bool) -> None:
    view = memoryview(body)
    while view:
        view = view[os.write(handle, view) :]
    if durable:
        os.fsync(handle)


def _sweep_file(path: Path) -> None:
    with suppress(OSError):
        if sys.platform == "win32" and time.time() - path.stat().st_mtime < YOUNG_S:
            return  # it may be a writer's: there is no lock that would tell
        handle = os.open(path, os.O_RDONLY)
        try:
            if try_lock(handle):
                path.unlink()
        finally:
            os.close(handle)
