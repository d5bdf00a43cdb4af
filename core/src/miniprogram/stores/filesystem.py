"""An object store in a folder. One object is one file, named by its key."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock

from miniprogram.delivery.documents.cache_control import IMMUTABLE
from miniprogram.errors import PreconditionFailed, StoreError
from miniprogram.files import real_path
from miniprogram.object_keys import check_folder, check_key, check_prefix
from miniprogram.seams.object_store import ObjectInfo, StoredObject
from miniprogram.stores.folder_lock import LOCK_FILE, folder_lock
from miniprogram.stores.partial_file import PARTIAL_FOLDER, partial_file, sweep

MAX_OBJECT_BYTES = 256 * 1024 * 1024
FEW_FILES = 64
"""Up to this many files are flushed one by one, more with one call for the whole file system."""


class FilesystemObjectStore:
    """Objects as files below `root`, which is made when it is first written to.

    A reader sees an object whole or not at all, whenever a writer is killed. Conditions hold among all threads
    and processes of the machine. Etags are the sha256 of the bytes. Nothing below `root` may be a symlink.

    Objects stored with the `immutable` cache control are flushed to disk together, before the next object
    without it is stored; all others when `put` returns. So a pointer never reaches the disk before what it
    points at.

    Objects that `is_private` says yes to are for the owner's eyes only: files 0600 in a folder 0700. `exclusive`
    says that nobody but such stores writes below `root`; only then may two objects be one file with two names,
    which a tool that writes in place would change both of.
    """

    parallel_writes = 1
    """Measured: on a local disk more threads make it slower, not faster."""

    def __init__(
        self, root: Path, *, is_private: Callable[[str], bool] = lambda _: False, exclusive: bool = False
    ) -> None:
        self.root = real_path(root)
        self._is_private, self._exclusive = is_private, exclusive
        self._swept = False
        self._unflushed: list[Path] = []
        self._guard = Lock()

    @property
    def location(self) -> str:
        return str(self.root)

    def get(self, key: str) -> StoredObject | None:
        path = self._path(key)
        with self._named(key, "read from"):
            body = _read(path)
        return None if body is None else StoredObject(key, body, etag_of(body))

    def put(
        self,
        key: str,
        body: bytes,
        *,
        content_type: str | None = None,  # noqa: ARG002 - a file has none
        cache_control: str | None = None,
        if_match: str | None = None,
        if_absent: bool = False,
    ) -> str:
        path, durable, private = self._path(key), cache_control != IMMUTABLE, self._is_private(key)
        with self._named(key, "stored in"):
            if durable:
                self.flush()
            self._sweep_once()
            partials = partial_file(self.root, body, durable=durable, private=private)
            with partials as partial, folder_lock(self.root):
                _make_folder(path.parent, private=private and path.parent != self.root)
                _check_condition(path, key, if_match=if_match, if_absent=if_absent)
                _move_to_name(partial, path, key, if_absent=if_absent)
                self._remember(path, durable=durable)
        return etag_of(body)

    def reuse(self, key: str, body: bytes, *, source: str) -> bool:
        """Give the object `source` a second name when it holds exactly `body`: nothing is written then.

        Safe because objects are replaced, never changed in place. False when others write here too, it holds
        something else, the name is taken, or the file system has no hard links.
        """
        if not self._exclusive:
            return False
        origin, path = self._path(source), self._path(key)
        with self._named(key, "stored in"), suppress(FileExistsError, FileNotFoundError, PermissionError):
            if _read(origin) != body:
                return False
            with folder_lock(self.root):
                _make_folder(path.parent)
                try:
                    os.link(origin, path)
                except OSError as error:
                    if error.errno in _NO_LINKS:
                        return False
                    raise
            return True
        return False

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        folder, _, _ = check_prefix(prefix).rpartition("/")
        start = self._path(folder) if folder else self.root
        for key, path in _walk(start, f"{folder}/" if folder else "", prefix):
            with self._named(key, "read from"), suppress(FileNotFoundError):
                yield ObjectInfo(key, path.stat().st_size)

    def list_names(self, folder: str, *, after: str = "") -> Iterator[str]:
        start = self._path(folder[:-1]) if check_folder(folder) else self.root
        with self._named(folder, "read from"):
            entries = _entries(start)
        for name, path in entries:
            is_own = not folder and name.rstrip("/") in _OWN_NAMES
            if name > after and not is_own and (not name.endswith("/") or _holds_files(path)):
                yield name

    def delete(self, key: str, *, if_match: str | None = None) -> None:
        path = self._path(key)
        if not self.root.is_dir():
            if if_match is not None:
                raise PreconditionFailed(f"{key} was removed by somebody else")
            return
        with self._named(key, "removed from"), folder_lock(self.root):
            _check_condition(path, key, if_match=if_match, if_absent=False)
            path.unlink(missing_ok=True)
            _prune(path.parent, self.root)

    def flush(self) -> None:
        """Wait until everything stored so far is on the disk."""
        with self._guard:
            waiting, self._unflushed = self._unflushed, []
        if len(waiting) > FEW_FILES and hasattr(os, "sync"):
            os.sync()
            return
        for path in waiting:
            with suppress(FileNotFoundError):
                _fsync(path)

    def is_exposed(self, key: str) -> bool:
        """Whether the object is there and others than its owner may read its file."""
        path = self._path(key)
        try:
            return bool(path.stat().st_mode & 0o077)
        except FileNotFoundError:
            return False

    def sweep(self) -> None:
        """Remove what killed writers left behind. Nobody ever sees it as an object; it only takes up room."""
        sweep(self.root)

    def _sweep_once(self) -> None:
        """What was left behind by killed writers goes with the first write."""
        if not self._swept:
            self._swept = True
            self.sweep()

    def _remember(self, path: Path, *, durable: bool) -> None:
        if durable:
            _fsync_folder(path.parent)
            return
        with self._guard:
            self._unflushed.append(path)

    @contextmanager
    def _named(self, key: str, doing: str) -> Iterator[None]:
        """Turn what the system says into a StoreError about `key`. `doing` is what cannot be done: `read from`."""
        try:
            yield
        except OSError as error:
            if self.root.is_dir() and (isinstance(error, _CONFLICTS) or error.errno == errno.ENOTEMPTY):
                raise StoreError(
                    f"{key} cannot be an object in {self.root}: "
                    "a folder has its name, or an object the name of one of its folders"
                ) from error
            reason = error.strerror or error
            raise StoreError(f"{key} cannot be {doing} {self.root}: {reason}") from error

    def _path(self, key: str) -> Path:
        if check_key(key).split("/", 1)[0] in _OWN_NAMES:
            raise StoreError(f"the key {key!r} is one the store needs itself")
        path = os.path.join(self.root, *key.split("/"))  # noqa: PTH118 - a third of the price of joining Paths
        if os.path.realpath(path) != path:
            raise StoreError(f"{key} leads over a symlink in {self.root}")
        return Path(path)


_OWN_NAMES = (PARTIAL_FOLDER, LOCK_FILE)
_CONFLICTS = (NotADirectoryError, IsADirectoryError, FileExistsError)


def etag_of(body: bytes) -> str:
    """Lower-case hex sha256: the etag of a file with these bytes."""
    return hashlib.sha256(body).hexdigest()


def _read(path: Path) -> bytes | None:
    try:
        with path.open("rb") as stream:
            body = stream.read(MAX_OBJECT_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except IsADirectoryError:
        return None
    if len(body) > MAX_OBJECT_BYTES:
        raise StoreError(f"{path} is larger than {MAX_OBJECT_BYTES // 1024 // 1024} MiB")
    return body


def _check_condition(path: Path, key: str, *, if_match: str | None, if_absent: bool) -> None:
    if if_match is not None:
        body = _read(path)
        if body is None or etag_of(body) != if_match:
            what = "removed" if body is None else "changed"
            raise PreconditionFailed(f"{key} was {what} by somebody else")
    if if_absent and path.exists():
        raise PreconditionFailed(f"{key} is already there")


def _move_to_name(partial: Path, path: Path, key: str, *, if_absent: bool) -> None:
    """Give `partial` its name. A new object is linked, which even a writer without our lock cannot race."""
    if not if_absent:
        partial.replace(path)
        return
    try:
        os.link(partial, path)
    except FileExistsError:
        raise PreconditionFailed(f"{key} is already there") from None
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        partial.replace(path)


_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK, errno.ENOSYS, errno.EXDEV}


def _make_folder(folder: Path, *, private: bool = False) -> None:
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
    if private and os.name == "posix":
        found = folder.stat()
        if found.st_uid == os.geteuid() and stat.S_IMODE(found.st_mode) & 0o077:
            folder.chmod(0o700)


def _walk(folder: Path, base: str, prefix: str) -> Iterator[tuple[str, Path]]:
    """Keys and paths of the files below `folder` whose key starts with `prefix`, by ascending key."""
    for name, path in _entries(folder):
        key = base + name
        if not base and name.rstrip("/") in _OWN_NAMES:
            continue
        if name.endswith("/") and key.startswith(prefix[: len(key)]):
            yield from _walk(path, key, prefix)
        elif not name.endswith("/") and key.startswith(prefix):
            yield key, path


def _entries(folder: Path) -> list[tuple[str, Path]]:
    """Names and paths of what is directly in `folder`, ascending. Symlinks are no objects.

    A folder has a slash at its end: it sorts as the keys below it do.
    """
    try:
        with os.scandir(folder) as found:
            named = [(entry.name + "/" * entry.is_dir(follow_symlinks=False), entry) for entry in found]
            return sorted((name, Path(entry.path)) for name, entry in named if not entry.is_symlink())
    except (FileNotFoundError, NotADirectoryError):
        return []


def _holds_files(folder: Path) -> bool:
    """Whether there is an object below: a folder that a killed writer left empty is none."""
    return any(not name.endswith("/") or _holds_files(path) for name, path in _entries(folder))


def _prune(folder: Path, root: Path) -> None:
    """Remove folders that became empty: an object store knows none."""
    with suppress(OSError):
        while folder != root:
            folder.rmdir()
            folder = folder.parent


def _fsync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _fsync_folder(folder: Path) -> None:
    if os.name == "posix":  # elsewhere a folder cannot be opened
        with suppress(OSError):
            _fsync(folder)
