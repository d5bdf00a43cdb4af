"""Files that are whole or not there: atomic writes, and paths that stay inside their folder."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from miniprogram.errors import MiniProgramError


def write_atomic(path: Path, body: bytes, *, mode: int = 0o644) -> None:
    """Replace `path` with `body` in one step; a reader sees the old file or the new one, never a part.

    Missing parent folders are made. The bytes are on disk before the name moves, so a crash loses nothing.
    Raises MiniProgramError naming the file when it cannot be written.
    """
    with replacing(path, mode=mode) as stream:
        stream.write(body)


@contextmanager
def replacing(path: Path, *, mode: int = 0o644) -> Iterator[BinaryIO]:
    """As `write_atomic`, for what is written piece by piece. When the block raises, `path` stays as it was."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                yield stream
                stream.flush()
                os.fchmod(stream.fileno(), mode) if hasattr(os, "fchmod") else None
                os.fsync(stream.fileno())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise MiniProgramError(f"{path} cannot be written: {error.strerror or error}") from error


def real_path(path: Path) -> Path:
    """`path`, absolute and with every symlink followed; what is not there yet included.

    A link that leads back to itself stays as it stands, so that whoever opens it says what is wrong with it:
    `Path.resolve` raises RuntimeError there.
    """
    return Path(os.path.realpath(path))


def is_inside(path: Path, folder: Path) -> bool:
    """Whether `path`, with every symlink followed, lies in `folder` or is it."""
    return real_path(path).is_relative_to(real_path(folder))
