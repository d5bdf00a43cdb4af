"""A folder with the last good state of documents, so that a restarted server answers while its store is down.

Each file is a document or the fact that there is none, with a checksum; the time of the file is when that was last
known to be so. Documents with keys or secrets are never written. Losing the folder loses nothing else.
"""

from __future__ import annotations

import json
import os
import time
from _thread import allocate_lock
from collections.abc import Callable
from hashlib import sha256
from typing import NamedTuple

DEFAULT_MAX_BYTES = 256 * 1024 * 1024
MAX_OBJECT_BYTES = 8 * 1024 * 1024
"""A larger object is not kept."""
CONFIRMED_EVERY_S = 30.0
"""How exact the age of an unchanged document is."""

_MOST_KNOWN = 50_000
_ABSENT = "absent"
_PAUSE_AFTER_ERROR_S = 60.0


class SavedDocument(NamedTuple):
    """What was known: the bytes, None when there was no such document; and how long ago, in seconds."""

    body: bytes | None
    age_s: float


class _Known(NamedTuple):
    digest: str
    confirmed_at: float


class DocumentSnapshot:
    """The state of documents below `folder`. Safe to use from many threads and processes; never raises.

    A full or failing disk is left alone for a minute and costs no request anything else.
    """

    def __init__(
        self,
        folder: str,
        *,
        max_bytes: int = DEFAULT_MAX_BYTES,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._clock = clock
        self._known: dict[str, _Known] = {}
        self._size: int | None = None
        self._latest: float | None = None
        self._paused_until = 0.0
        self._lock = allocate_lock()

    def save(self, key: str, body: bytes | None) -> None:
        """Keep `body` as the last good state of `key`; None says that there is no such document."""
        now = self._clock()
        if now < self._paused_until or (body is not None and len(body) > MAX_OBJECT_BYTES):
            return
        digest = _digest(body or b"") if body is not None else _ABSENT
        known = self._known.get(key)
        if known is not None and known.digest == digest:
            self.confirm(key)
            return
        header = {"key": key, "absent": body is None, "digest": digest}
        content = json.dumps(header).encode() + b"\n" + (body or b"")
        try:
            self._write(self._path(key), content, now)
        except OSError:
            self._paused_until = now + _PAUSE_AFTER_ERROR_S
            return
        self._note(key, digest, now)
        self._make_room(len(content))

    def confirm(self, key: str) -> None:
        """What is kept of `key` is still so."""
        now = self._clock()
        known = self._known.get(key)
        if known is None or now - known.confirmed_at < CONFIRMED_EVERY_S:
            return
        self._note(key, known.digest, now)
        try:
            os.utime(self._path(key), (now, now))
        except OSError:
            self._known.pop(key, None)

    def forget(self, key: str) -> None:
        """Keep nothing of `key`."""
        self._known.pop(key, None)
        try:
            os.unlink(self._path(key))  # noqa: PTH108 - pathlib costs a function's cold start more than it brings
        except OSError:
            return

    def load(self, key: str) -> SavedDocument | None:
        """The last good state of `key`; None when there is none, or it is damaged."""
        path = self._path(key)
        try:
            with open(path, "rb") as stream:  # noqa: PTH123
                saved_at = os.fstat(stream.fileno()).st_mtime
                content = stream.read(MAX_OBJECT_BYTES + 4096)
        except OSError:
            return None
        line, _, body = content.partition(b"\n")
        try:
            header = json.loads(line)
            is_absent = header["absent"] is True
            is_whole = header["key"] == key and header["digest"] == (_ABSENT if is_absent else _digest(body))
        except (ValueError, TypeError, KeyError):
            return None
        if not is_whole:
            return None
        return SavedDocument(None if is_absent else body, max(0.0, self._clock() - saved_at))

    def age_s(self) -> float | None:
        """How long ago anything here was last known to be so, in seconds; None when there is nothing."""
        if self._latest is None:
            self._latest = max((saved_at for saved_at, _, _ in self._files()), default=None)
        return None if self._latest is None else max(0.0, self._clock() - self._latest)

    def _path(self, key: str) -> str:
        name = sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
        return f"{self._folder}/{name[:2]}/{name[2:]}"

    def _write(self, path: str, content: bytes, now: float) -> None:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)  # noqa: PTH103, PTH120
        temporary = f"{path}.{os.getpid()}.{id(content):x}.tmp"
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(content)
            os.utime(temporary, (now, now))
            os.replace(temporary, path)  # noqa: PTH105
        except BaseException:
            os.unlink(temporary)  # noqa: PTH108
            raise

    def _note(self, key: str, digest: str, now: float) -> None:
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        self._known[key] = _Known(digest, now)
        self._latest = now

    def _make_room(self, added: int) -> None:
        """Let go of what was confirmed longest ago once there is too much."""
        with self._lock:
            if self._size is None:
                self._size = sum(size for _, size, _ in self._files())
            else:
                self._size += added
            if self._size <= self._max_bytes:
                return
            files = sorted(self._files())
            self._size = sum(size for _, size, _ in files)
            for _, size, path in files:
                if self._size <= self._max_bytes * 3 // 4:
                    break
                try:
                    os.unlink(path)  # noqa: PTH108
                except OSError:
                    continue
                self._size -= size

    def _files(self) -> list[tuple[float, int, str]]:
        """Time, size and path of every file, half-written ones included."""
        found: list[tuple[float, int, str]] = []
        try:
            folders = [entry.path for entry in os.scandir(self._folder) if entry.is_dir()]
        except OSError:
            return found
        for folder in folders:
            try:
                for entry in os.scandir(folder):
                    status = entry.stat()
                    found.append((status.st_mtime, status.st_size, entry.path))
            except OSError:
                continue
        return found


def _digest(body: bytes) -> str:
    return sha256(body).hexdigest()[:32]
