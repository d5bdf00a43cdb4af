"""A laid out release in a branch: put there, and checked against the commit that was made of it."""

from __future__ import annotations

from contextlib import suppress

from miniprogram.errors import PublishError, StoreError
from miniprogram.packages.release_record import read_record
from miniprogram.publish.layouts.layout import Layout, LayoutFile
from miniprogram.publish.to_store import Outcome, plan_to_store, publish_to_store
from miniprogram_github_pages.repository.objects import GitObjects
from miniprogram_github_pages.repository.store import BranchStore
from miniprogram_github_pages.repository.tree import BranchTree, split


class Publication:
    """`layout` on its way into `folder` of a branch that is called `location`."""

    def __init__(self, layout: Layout, folder: str, *, location: str, allow_older: bool) -> None:
        self._layout, self._folder, self._location = layout, folder, location
        self._allow_older = allow_older

    def put_into(self, tree: BranchTree) -> Outcome:
        """Change `tree` so that hosts get the release. Raises what `publish_to_store` raises."""
        store = self._store(tree)
        self._forget_damaged(tree, store)
        outcome = publish_to_store(store, self._layout, allow_older=self._allow_older)
        self._look_at(tree, outcome.served_before)
        return outcome

    def require_in(self, objects: GitObjects, commit: str, tree: BranchTree) -> None:
        """Raises PublishError when `commit` holds anything but what `tree` does, or not the whole release.

        It is read again from the clone: what git made of it counts, not what it was asked to make.
        """
        made = require_same(objects, commit, tree)
        store = self._store(made)
        wrong = next((file.key for file in self._layout.files if not self._holds(made, file)), None)
        if wrong is None:
            outcome = plan_to_store(store, self._layout, allow_older=self._allow_older)
            wrong = next(iter(outcome.written + outcome.removed), None)
        if wrong is not None:
            name = f"{self._layout.program_id} {self._layout.version}"
            raise PublishError(f"the commit git made does not hold {wrong} as {name} has it; nothing is pushed")

    def _store(self, tree: BranchTree) -> BranchStore:
        store = BranchStore(tree, self._folder, location=self._location)
        tree.remember(file.body for file in self._layout.files)
        tree.load_folders(split(self._path(file.key))[0] for file in self._layout.files)
        keys = [self._layout.record_key, *(pointer.key for pointer in self._layout.pointers)]
        tree.load(self._path(key) for key in keys)
        return store

    def _look_at(self, tree: BranchTree, version: str | None) -> None:
        """Read which files `version` has: bytes that are in the branch already need not be stored again."""
        for prefix in self._layout.keys.version_folders(self._layout.program_id, version) if version else ():
            with suppress(StoreError):  # it costs some room only
                tree.below(self._path(prefix))

    def _forget_damaged(self, tree: BranchTree, store: BranchStore) -> None:
        """Take files out that are not what the release record says, so that they are written anew.

        A publisher whose git changes line ends, or another tool, may have stored them.
        """
        found = store.get(self._layout.record_key)
        record = read_record(found.body) if found is not None else None
        if record is None or not record.finished or record.digest != self._layout.digest:
            return
        for file in self._layout.files:
            is_fixed = not file.filled or record.assets_url == self._layout.assets_url
            if is_fixed and not self._holds(tree, file):
                store.delete(file.key)

    def _holds(self, tree: BranchTree, file: LayoutFile) -> bool:
        entry = tree.entry(self._path(file.key))
        return entry is not None and entry.object_id == tree.blob_id(file.body)

    def _path(self, key: str) -> str:
        return f"{self._folder}/{key}" if self._folder else key


def require_same(objects: GitObjects, commit: str, tree: BranchTree) -> BranchTree:
    """The tree of `commit`, read again from the clone. Raises PublishError when it is not `tree`."""
    made = BranchTree.of(objects, commit)
    path = tree.difference(made)
    if path is not None:
        raise PublishError(f"the commit git made differs from what is published in {path}; nothing is pushed")
    return made
