"""A folder of a branch as an object store."""

from __future__ import annotations

from collections.abc import Iterator
from threading import RLock

from miniprogram.errors import PreconditionFailed, StoreError
from miniprogram.object_keys import check_folder, check_key, check_prefix
from miniprogram.seams.object_store import ObjectInfo, StoredObject
from miniprogram_github_pages.repository.objects import Entry
from miniprogram_github_pages.repository.tree import BranchTree


class BranchStore:
    """Implements ObjectStore on `folder` of a BranchTree. Etags are the ids git has for the bytes.

    Conditions hold among its own callers. Among publishers it is the push that decides who was first.
    """

    parallel_writes = 1
    """Writing only takes a note; everything is stored at once when the tree is written."""

    def __init__(self, tree: BranchTree, folder: str, *, location: str) -> None:
        """Raises StoreError when `folder` is something else in the branch, or leads over a symlink."""
        self.location = location
        self._tree, self._guard = tree, RLock()
        self._start = f"{folder}/" if folder else ""
        if folder and tree.entry(folder) is not None:
            raise StoreError(f"{folder} is a file in the branch, not a folder")

    def get(self, key: str) -> StoredObject | None:
        path = self._path(key)
        with self._guard:
            entry = self._tree.entry(path)
            return None if entry is None else StoredObject(key, self._tree.body(entry), entry.object_id)

    def put(
        self,
        key: str,
        body: bytes,
        *,
        content_type: str | None = None,  # noqa: ARG002 - Pages tells it by the name
        cache_control: str | None = None,  # noqa: ARG002 - Pages sets its own
        if_match: str | None = None,
        if_absent: bool = False,
    ) -> str:
        path = self._path(key)
        with self._guard:
            entry = self._checked(key, path, if_match)
            if if_absent and entry is not None:
                raise PreconditionFailed(f"{key} is already there")
            return self._tree.put(path, bytes(body)).object_id

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        start = self._start + check_prefix(prefix)
        with self._guard:
            entries = {path: entry for path in self._tree.below(start) if (entry := self._tree.entry(path))}
            sizes = self._tree.sizes(entries.values())
        for path, entry in entries.items():
            yield ObjectInfo(path.removeprefix(self._start), sizes[entry.object_id])

    def list_names(self, folder: str, *, after: str = "") -> Iterator[str]:
        start = self._start + check_folder(folder)
        with self._guard:
            names = self._tree.names(start)
        yield from (name for name in names if name > after)

    def delete(self, key: str, *, if_match: str | None = None) -> None:
        path = self._path(key)
        with self._guard:
            self._checked(key, path, if_match)
            self._tree.remove(path)

    def _path(self, key: str) -> str:
        return self._start + check_key(key)

    def _checked(self, key: str, path: str, if_match: str | None) -> Entry | None:
        """The entry at `path`, which has the etag `if_match` if that is given."""
        entry = self._tree.entry(path)
        if if_match is not None and (entry is None or entry.object_id != if_match):
            what = "removed" if entry is None else "changed"
            raise PreconditionFailed(f"{key} was {what} by somebody else")
        return entry
