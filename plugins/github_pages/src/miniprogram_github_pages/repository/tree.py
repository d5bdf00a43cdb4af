"""The files of a branch as a commit holds them, and changes to them that become the next commit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Self

from miniprogram.errors import StoreError
from miniprogram_github_pages.repository.objects import FILE, FOLDER, SUBMODULE, SYMLINK, Entry, GitObjects

_NEW_FOLDER = Entry(FOLDER, "")


class BranchTree:
    """Files by path. Only the folders that are asked for are read, and nothing is written before `write`.

    A path that is a symlink or a submodule in the branch, or leads over one, is refused: it is never followed.
    """

    def __init__(self, objects: GitObjects, root: str | None) -> None:
        self._objects, self._root = objects, root
        self._folders: dict[str, dict[str, Entry]] = {} if root is not None else {"": {}}
        self._bodies: dict[str, bytes] = {}
        self._stored: set[str] = set()
        self._changed: set[str] = set()

    @classmethod
    def of(cls, objects: GitObjects, commit: str | None) -> Self:
        """The tree of `commit`; an empty one when there is none."""
        return cls(objects, objects.tree_of(commit) if commit is not None else None)

    @property
    def is_changed(self) -> bool:
        return bool(self._changed)

    def blob_id(self, body: bytes) -> str:
        return self._objects.blob_id(body)

    def remember(self, bodies: Iterable[bytes]) -> None:
        """Take it that files with these bytes need not be read from the clone."""
        self._bodies.update((self.blob_id(body), body) for body in bodies)

    def load(self, paths: Iterable[str]) -> None:
        """Read many files at once, those that there are."""
        wanted = list(paths)
        self.load_folders(folder for path in wanted for folder in folders_of(path))
        entries = (self.members(folder).get(name) for folder, name in map(split, wanted))
        ids = {entry.object_id for entry in entries if entry is not None and entry.is_file}
        self._bodies.update(self._objects.read(ids - self._bodies.keys()))

    def load_folders(self, folders: Iterable[str]) -> None:
        """Read many folders at once, each level of them together."""
        wanted = {""} | {above for folder in folders for above in folders_of(f"{folder}/")}
        for level in reversed(list(_deepest_first(wanted))):
            ids = {folder: self._unread(folder) for folder in level}
            read = self._objects.read_folders(tree for tree in ids.values() if tree)
            for folder, tree in ids.items():
                if tree:
                    self._folders[folder] = members = dict(read[tree])
                    self._stored.update(entry.object_id for entry in members.values())

    def members(self, folder: str) -> Mapping[str, Entry]:
        """What is directly in `folder`, by name; nothing when it is no folder."""
        if folder not in self._folders:
            self.load_folders([folder])
        return self._folders.get(folder, {})

    def entry(self, path: str) -> Entry | None:
        """The file at `path`; None when there is none, or a folder. Raises StoreError for a link."""
        self.require_plain(path)
        folder, name = split(path)
        entry = self.members(folder).get(name)
        if entry is None or entry.mode == FOLDER:
            return None
        if not entry.is_file:
            raise StoreError(_not_followed(path, path, entry))
        return entry

    def body(self, entry: Entry) -> bytes:
        if entry.object_id not in self._bodies:
            self._bodies.update(self._objects.read([entry.object_id]))
        return self._bodies[entry.object_id]

    def sizes(self, entries: Iterable[Entry]) -> dict[str, int]:
        """Numbers of bytes by id."""
        wanted = {entry.object_id for entry in entries}
        known = {each: len(self._bodies[each]) for each in wanted & self._bodies.keys()}
        return known | self._objects.sizes(wanted - known.keys())

    def put(self, path: str, body: bytes) -> Entry:
        """Let the file at `path` hold `body`. Raises StoreError when a folder or file is in its way."""
        self.entry(path)
        self._require_free(path)
        for above in folders_of(path):
            folder, name = split(above)
            if name not in self.members(folder):
                self._folders[folder][name] = _NEW_FOLDER
                self._folders[above] = {}
        folder, name = split(path)
        self.members(folder)
        entry = self._folders[folder][name] = Entry(FILE, self.blob_id(body))
        self._bodies[entry.object_id] = body
        self._changed.add(path)
        return entry

    def remove(self, path: str) -> None:
        """Take the file at `path` out, and every folder that becomes empty. One that is not there is fine."""
        if self.entry(path) is None:
            return
        self._changed.add(path)
        folder, name = split(path)
        del self._folders[folder][name]
        while folder and not self._folders[folder]:
            above, name = split(folder)
            del self._folders[above][name]
            folder = above

    def below(self, prefix: str) -> list[str]:
        """Paths of files and links that start with `prefix`, ascending. Raises StoreError beyond a link."""
        self.require_plain(prefix)
        top, start = split(prefix)
        found, level = [], [top]
        while level:
            self.load_folders(level)
            listed = [
                (f"{folder}/{name}" if folder else name, entry)
                for folder in level
                for name, entry in self.members(folder).items()
                if folder != top or name.startswith(start)
            ]
            level = [path for path, entry in listed if entry.mode == FOLDER]
            found += [path for path, entry in listed if entry.mode != FOLDER]
        return sorted(found)

    def names(self, start: str) -> list[str]:
        """Names directly below the folder `start`, which ends in `/` or is empty: folders with a `/` at their end.

        Links are none of ours, and left out.
        """
        self.require_plain(start)
        members = self.members(start.removesuffix("/")).items()
        folders = [f"{name}/" for name, entry in members if entry.mode == FOLDER]
        return sorted([*folders, *(name for name, entry in members if entry.is_file)])

    def require_plain(self, path: str) -> None:
        """Raises StoreError when one of the folders `path` is in is a symlink or a submodule."""
        for above in folders_of(path):
            entry = self._find(above)
            if entry is not None and entry.mode != FOLDER and not entry.is_file:
                raise StoreError(_not_followed(path, above, entry))

    def write(self) -> str:
        """Store what is changed in the clone. The id of the tree."""
        entries = (self._find(path) for path in self._changed)
        new = {entry.object_id for entry in entries if entry is not None} - self._stored
        self._objects.write_files({each: self._bodies[each] for each in sorted(new)})
        for level in _deepest_first(self._changed_folders()):
            trees = self._objects.write_folders(self.members(folder) for folder in level)
            for path, tree in zip(level, trees, strict=True):
                folder, name = split(path)
                if path:
                    self._folders[folder][name] = Entry(FOLDER, tree)
                else:
                    self._root = tree
        return self._root or ""

    def difference(self, other: Self) -> str | None:
        """A path where `other` is not as this tree was written; None when there is none."""
        changed = self._changed_folders()
        other.load_folders(changed)
        for folder in sorted(changed):
            differing = dict(self.members(folder).items() ^ other.members(folder).items())
            if differing:
                return f"{folder}/{min(differing)}" if folder else min(differing)
        return None

    def _changed_folders(self) -> set[str]:
        """Folders that have to be written: those that changed files are in, so far as they are left."""
        above = {folder for path in self._changed for folder in folders_of(path)}
        return {""} | {folder for folder in above if self.members(folder)}

    def _find(self, path: str) -> Entry | None:
        folder, name = split(path)
        return self.members(folder).get(name)

    def _unread(self, folder: str) -> str | None:
        """The id of `folder` when there is such a folder that was not read yet. The one it is in was."""
        if folder in self._folders:
            return None
        if not folder:
            return self._root
        above, name = split(folder)
        entry = self._folders.get(above, {}).get(name)
        return entry.object_id if entry is not None and entry.mode == FOLDER else None

    def _require_free(self, path: str) -> None:
        """Raises StoreError when git cannot have a file at `path` beside what the branch has."""
        if any(_is_gits_own(part) for part in path.split("/")):
            raise StoreError(f"{path} cannot be in a git branch: the name .git is git's own")
        for above in (*folders_of(path), path):
            entry = self._find(above)
            if entry is not None and (entry.mode == FOLDER) == (above == path):
                what = "folder" if above == path else "file"
                raise StoreError(f"{path} cannot be written: the branch has a {what} {above}")


def folders_of(path: str) -> Iterator[str]:
    """The folders `path` is in, the uppermost first: `a` and `a/b` of `a/b/c`."""
    end = path.find("/")
    while end >= 0:
        yield path[:end]
        end = path.find("/", end + 1)


def split(path: str) -> tuple[str, str]:
    """The folder of `path` and the name in it. The top of the branch is the empty folder."""
    folder, _, name = path.rpartition("/")
    return folder, name


def _deepest_first(folders: Iterable[str]) -> Iterator[list[str]]:
    levels: dict[int, list[str]] = defaultdict(list)
    for folder in folders:
        levels[folder.count("/") + bool(folder)].append(folder)
    for depth in sorted(levels, reverse=True):
        yield levels[depth]


def _is_gits_own(name: str) -> bool:
    """Names that git, on some system, takes for its own folder."""
    return name.casefold().rstrip(". ") in (".git", "git~1")


def _not_followed(path: str, link: str, entry: Entry) -> str:
    what = {SYMLINK: "a symlink", SUBMODULE: "a submodule"}.get(entry.mode, "no plain file")
    return f"{path} is not touched: {link} is {what} in the branch, and none is followed"
