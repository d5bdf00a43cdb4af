"""Change several files of an app as one: all of them, or none; nothing that is replaced is lost."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from miniprogram.errors import MiniProgramError
from miniprogram.files import real_path, write_atomic
from miniprogram.strict_json import MAX_DOCUMENT_BYTES


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file to write. With `backup` what was there is kept beside it, as `NAME.bak`, `NAME.bak.1`, …"""

    path: Path
    body: bytes
    backup: bool = False


@dataclass(frozen=True, slots=True)
class WrittenFiles:
    """What `apply_changes` wrote: the files themselves, and the backups it made."""

    written: tuple[Path, ...]
    backups: tuple[Path, ...] = ()


def read_current(path: Path) -> bytes | None:
    """The bytes of `path`, or None when there is no file. Raises MiniProgramError naming it otherwise."""
    try:
        if path.stat().st_size > MAX_DOCUMENT_BYTES:
            raise MiniProgramError(f"{path} is larger than {MAX_DOCUMENT_BYTES} bytes")
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise MiniProgramError(f"{path} cannot be read: {error.strerror or error}") from error


def read_current_text(path: Path) -> str | None:
    """Like `read_current`, decoded as UTF-8 with its line ends as they are."""
    body = read_current(path)
    if body is None:
        return None
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MiniProgramError(f"{path} is not UTF-8 (byte {error.start})") from error


def apply_changes(changes: Sequence[FileChange]) -> WrittenFiles:
    """Write every change that changes anything, in order; put back what was there when one fails.

    Raises MiniProgramError naming the file. A file its owner made read-only is refused before anything is written.
    """
    pending = [(change, read_current(change.path)) for change in changes]
    pending = [(change, before) for change, before in pending if before != change.body]
    for change, before in pending:
        _refuse_read_only(change.path, exists=before is not None)
    done: list[tuple[Path, bytes | None]] = []
    backups: list[Path] = []
    try:
        for change, before in pending:
            if change.backup and before is not None:
                backups.append(_keep(change.path, before))
            done.append((change.path, before))
            _write(change.path, change.body)
    except BaseException:
        _put_back(done, backups)
        raise
    return WrittenFiles(tuple(path for path, _ in done), tuple(backups))


def _refuse_read_only(path: Path, *, exists: bool) -> None:
    if exists and not path.stat().st_mode & stat.S_IWUSR:
        raise MiniProgramError(f"{path} is read-only, so nothing was changed")


def _write(path: Path, body: bytes) -> None:
    # a link stays a link, and a file keeps its mode: only the content is ours to change
    target = real_path(path)
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o644
    write_atomic(target, body, mode=mode)


def _keep(path: Path, body: bytes) -> Path:
    number = 0
    while True:
        backup = path.with_name(f"{path.name}.bak" + (f".{number}" if number else ""))
        try:
            with backup.open("xb") as stream:
                stream.write(body)
            backup.chmod(stat.S_IMODE(path.stat().st_mode))
        except FileExistsError:
            number += 1
        except OSError as error:
            raise MiniProgramError(f"{backup} cannot be written: {error.strerror or error}") from error
        else:
            return backup


def _put_back(done: Sequence[tuple[Path, bytes | None]], backups: Sequence[Path]) -> None:
    for path, before in reversed(done):
        if before is not None and read_current(path) != before:
            _write(path, before)
        elif before is None and path.exists():
            path.unlink()
    for backup in backups:
        backup.unlink(missing_ok=True)
