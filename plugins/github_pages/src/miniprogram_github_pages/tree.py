"""The files of a branch as a commit holds them, and changes to them that become the next commit."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Self

from miniprogram.errors import StoreError
from miniprogram_github_pages.objects import FILE, FOLDER, SUBMODULE, SYMLINK, Entry, GitObjects


class BranchTree:
    """Files by path. Nothing is written into the clone before `write`.

    A path that is a symlink or a submodule in the branch, or leads over one, is refused: it is never followed.
    """

    def __init__(self, objects: GitObjects, entries: dict[str, Entry]) -> None:
        self._objects = objects
        self._files = {path: entry for path, entry in entries.items() if entry.mode != FOLDER}
        self._folders = {path: entry for path, entry in entries.items() if entry.mode == FOLDER}
        self._members = Counter(folder for path in self._files for folder in folders_of(path))
        self._bodies: dict[str, bytes] = {}
        self._changed: set[str] = set()
        self._known = {entry.object_id for entry in self._files.values()}

    @classmethod
    def of(cls, objects: GitObjects, commit: str | None) -> Self:
        """The tree of `commit`; an empty one when there is none."""
        return cls(objects, objects.entries(commit) if commit is not None else {})

    @property
    def is_changed(self) -> bool:
        return bool(self._changed)

    @property
    def files(self) -> dict[str, Entry]:
        """Every file, symlink and submodule by path."""
        return dict(self._files)

    def blob_id(self, body: bytes) -> str:
        return self._objects.blob_id(body)

    def remember(self, bodies: Iterable[bytes]) -> None:
        """Take it that files with these bytes need not be read from the clone."""
        self._bodies.update((self.blob_id(body), body) for body in bodies)

    def load(self, paths: Iterable[str]) -> None:
        """Read many files at once, those that there are."""
        entries = (self._files.get(path) for path in paths)
        wanted = {entry.object_id for entry in entries if entry is not None and entry.is_file}
        self._bodies.update(self._objects.read(wanted - self._bodies.keys()))

    def entry(self, path: str) -> Entry | None:
        """The file at `path`; None when there is none, or a folder. Raises StoreError for a link."""
        self.require_plain(path)
        entry = self._files.get(path)
        if entry is not None and not entry.is_file:
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
        if any(_is_gits_own(part) for part in path.split("/")):
            raise StoreError(f"{path} cannot be in a git branch: the name .git is git's own")
        blocked = path if self._members[path] else next(filter(self._files.get, folders_of(path)), None)
        if blocked is not None:
            what = "folder" if blocked == path else "file"
            raise StoreError(f"{path} cannot be written: the branch has a {what} {blocked}")
        if path not in self._files:
            self._members.update(folders_of(path))
        entry = self._files[path] = Entry(FILE, self.blob_id(body))
        self._bodies[entry.object_id] = body
        self._changed.add(path)
        return entry

    def remove(self, path: str) -> None:
        if self.entry(path) is None:
            return
        del self._files[path]
        self._members.subtract(folders_of(path))
        self._changed.add(path)

    def below(self, prefix: str) -> list[str]:
        """Paths of the files that start with `prefix`, ascending. Raises StoreError when a link is among them."""
        found = sorted(path for path in self._files if path.startswith(prefix))
        for path in found:
            self.entry(path)
        return found

    def names(self, start: str) -> set[str]:
        """Names directly below the folder `start`, which ends in `/` or is empty: folders with a `/` at their end.

        Links are none of ours, and left out.
        """
        rests = (path.removeprefix(start) for path, entry in self._files.items() if _is_below(path, start, entry))
        return {f"{name}{slash}" for name, slash, _ in (rest.partition("/") for rest in rests)}

    def require_plain(self, path: str) -> None:
        """Raises StoreError when one of the folders `path` is in is a symlink or a submodule."""
        for folder in folders_of(path):
            entry = self._files.get(folder)
            if entry is not None and not entry.is_file:
                raise StoreError(_not_followed(path, folder, entry))

    def write(self) -> str:
        """Store what is changed in the clone. The id of the tree."""
        new = {self._files[path].object_id for path in self._changed if path in self._files} - self._known
        self._objects.write_files({each: self._bodies[each] for each in sorted(new)})
        written = self._write_folders({folder for path in self._changed for folder in folders_of(path)} | {""})
        return written[""]

    def _write_folders(self, changed: set[str]) -> dict[str, str]:
        """Ids of the `changed` folders, the deepest written first."""
        members: dict[str, dict[str, Entry]] = defaultdict(dict)
        for path, entry in self._files.items():
            folder, name = split(path)
            if folder in changed:
                members[folder][name] = entry
        for path, entry in self._folders.items():
            folder, name = split(path)
            if path and folder in changed and path not in changed:
                members[folder][name] = entry
        ids: dict[str, str] = {}
        for level in _deepest_first(folder for folder in changed if not folder or self._members[folder]):
            for path, tree in zip(
                level, self._objects.write_folders(members[each] for each in level), strict=True
            ):
                ids[path] = tree
                folder, name = split(path)
                if path:
                    members[folder][name] = Entry(FOLDER, tree)
        return ids


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


def _is_below(path: str, start: str, entry: Entry) -> bool:
    return entry.is_file and path.startswith(start)


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
