"""One change to a host app's files at a time, whoever makes it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from miniprogram.errors import MiniProgramError
from miniprogram.file_lock import file_lock
from miniprogram.files import write_atomic

LOCK_NAME = "host_files.lock"
WAIT_S = 10.0


@contextmanager
def host_lock(project_root: Path, *, wait_s: float = WAIT_S) -> Iterator[None]:
    """Keep other processes from changing the app in `project_root`. Raises MiniProgramError after `wait_s`."""
    # beside the other state of this app, so that no lock file appears among its sources
    path = project_root / ".mini_program" / LOCK_NAME
    busy = MiniProgramError(f"{project_root} is being changed by another process")
    _keep_from_git(path.parent)
    with file_lock(path, wait_s=wait_s, busy=busy):
        yield


def _keep_from_git(folder: Path) -> None:
    """Locks are of this machine: they are no part of the app, and neither is the file that says so."""
    path = folder / ".gitignore"
    if not path.exists():
        with suppress(MiniProgramError):  # whoever may not write here is told so with the app's own files
            write_atomic(path, b"*.lock\n.gitignore\n")
