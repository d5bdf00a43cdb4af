"""Two folders change places: in one system call where there is one, by renames where there is not."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_RENAME_SWAP = 2


def swap_folders(fresh: Path, folder: Path) -> None:
    """Put `fresh` where `folder` is. `fresh` then holds the old content, or nothing when there was none.

    Without an exchange call the old folder waits under the name `.<folder>.previous` for the moment between two
    renames; whoever finds that name alone can put it back. Raises OSError.
    """
    if not folder.exists():
        fresh.rename(folder)
        return
    if exchange(fresh, folder):
        return
    previous = previous_of(folder)
    folder.rename(previous)
    fresh.rename(folder)
    shutil.rmtree(previous, ignore_errors=True)


def previous_of(folder: Path) -> Path:
    """Where the old folder waits between two renames."""
    return folder.with_name(f".{folder.name}.previous")


def exchange(first: Path, second: Path) -> bool:
    """Exchange two names atomically; False when this system or file system cannot."""
    libc = _libc()
    one, two = os.fsencode(first), os.fsencode(second)
    if libc is None:
        return False
    if sys.platform == "darwin":
        return _succeeds(libc, "renamex_np", one, two, _RENAME_SWAP)
    return _succeeds(libc, "renameat2", _AT_FDCWD, one, _AT_FDCWD, two, _RENAME_EXCHANGE)


def _libc() -> ctypes.CDLL | None:
    if os.name != "posix":
        return None
    try:
        return ctypes.CDLL(None, use_errno=True)
    except OSError:
        return None


def _succeeds(libc: ctypes.CDLL, name: str, *arguments: int | bytes) -> bool:
    try:
        function = getattr(libc, name)
    except AttributeError:
        return False
    return bool(function(*arguments) == 0)
