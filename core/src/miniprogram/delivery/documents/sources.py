"""Where stored documents come from."""

from __future__ import annotations

import errno
import os
import re
import stat
import time
from typing import Protocol

from miniprogram.delivery.evaluation.errors import SourceUnavailable, TooLarge


class DocumentSource(Protocol):
    """Objects by key (`/`-joined segments). Safe to call from many threads.

    Raises SourceUnavailable, and from `read` BrokenDocument for an object too large to be served.

    A remote source may fetch an object in `marker` and answer the `read` that follows from what it has.
    """

    def read(self, key: str) -> bytes | None:
        """The object's bytes; None when there is none or the key is not one."""
        ...

    def marker(self, key: str) -> object | None:
        """Something that compares unequal once the object changed, cheaper than reading it; None when absent.

        For a key that ends in `/`: changes when something directly below it comes or goes.
        """
        ...

    def list(self, prefix: str) -> list[str]:
        """What lies directly below `prefix` (which ends in `/`), ascending: keys, and deeper prefixes with `/`."""
        ...


class FolderSource:
    """The files below a folder. Never leaves it: no `..`, no symlink that leads out, regular files only.

    A file larger than `max_bytes` is not read.
    """

    def __init__(self, root: str | os.PathLike[str], *, max_bytes: int = 32 * 1024 * 1024) -> None:
        self._root = os.path.realpath(root)
        self._max_bytes = max_bytes
        self._paths: dict[str, str | None] = {}

    def read(self, key: str) -> bytes | None:
        path = self._path(key)
        if path is None or key.endswith("/"):
            return None
        real = os.path.realpath(path)
        if not real.startswith(self._root + os.sep):
            return None
        try:
            return self._read_regular(key, real)
        except OSError as error:
            _refuse_trouble(key, error)
            return None

    def marker(self, key: str) -> object | None:
        path = self._path(key)
        if path is None:
            return None
        try:
            status = os.stat(path)  # noqa: PTH116 - a Path per look-up would cost more than the look-up
        except OSError as error:
            _refuse_trouble(key, error)
            return None
        is_expected = stat.S_ISDIR if key.endswith("/") else stat.S_ISREG
        if not is_expected(status.st_mode):
            return None
        if 0 <= time.time_ns() - status.st_mtime_ns < _CLOCK_GRAIN_NS:
            return object()  # it may change again within the same tick of the file system's clock
        # the time of the last change of the file's own record: tools that put the other time back cannot set it
        return status.st_mtime_ns, status.st_size, status.st_ino, status.st_ctime_ns

    def list(self, prefix: str) -> list[str]:
        path = self._path(prefix)
        if path is None:
            return []
        try:
            with os.scandir(path) as entries:
                return sorted(prefix + name for name in map(_listed_name, entries) if name is not None)
        except OSError as error:
            _refuse_trouble(prefix, error)
            return []

    def _path(self, key: str) -> str | None:
        """The file a key means, symlinks not followed yet; None when the key is none. Remembered: asked often."""
        try:
            return self._paths[key]
        except KeyError:
            if len(self._paths) >= _MOST_PATHS:
                self._paths.clear()
            path = self._paths[key] = None if _odd_key(key) else f"{self._root}/{key}"
            return path

    def _read_regular(self, key: str, path: str) -> bytes | None:
        descriptor = os.open(path, _OPEN_FLAGS)
        with os.fdopen(descriptor, "rb") as stream:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                return None
            body = stream.read(self._max_bytes + 1) if status.st_size <= self._max_bytes else None
        if body is None or len(body) > self._max_bytes:
            raise TooLarge(key, self._max_bytes)
        return body


_CLOCK_GRAIN_NS = 50_000_000
"""Time stamps younger than this may hide a second change; coarse file systems tick every few milliseconds."""

_MOST_PATHS = 10_000

# Opening a named pipe would wait for its writer, hence O_NONBLOCK; the flags are missing on Windows.
_OPEN_FLAGS = (
    os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
)

_odd_key = re.compile(r"[\\\x00\ud800-\udfff]|//|^/|^$|(?:^|/)\.\.?(?:/|$)").search


_TROUBLE = frozenset(
    getattr(errno, name, -1) for name in ("EIO", "EMFILE", "ENFILE", "ENOMEM", "ESTALE", "ETIMEDOUT")
)


def _refuse_trouble(key: str, error: OSError) -> None:
    """Raises SourceUnavailable for what cannot be reached; anything else does not exist."""
    if isinstance(error, PermissionError) or error.errno in _TROUBLE:
        raise SourceUnavailable(f"{key}: {error.strerror}") from error


def _listed_name(entry: os.DirEntry[str]) -> str | None:
    if entry.is_dir(follow_symlinks=False):
        return entry.name + "/"
    return entry.name if entry.is_file(follow_symlinks=False) else None
