"""git objects of a clone, read and written without a work tree, an index, a filter or a ref."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from miniprogram.errors import PublishError
from miniprogram_github_pages.repository.git import Git

FILE, EXECUTABLE, SYMLINK, SUBMODULE, FOLDER = "100644", "100755", "120000", "160000", "040000"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a tree holds under a name: the mode as six octal digits, and the object's id."""

    mode: str
    object_id: str

    @property
    def is_file(self) -> bool:
        """Whether it is a plain file. Old clones hold modes like 100664."""
        return self.mode.startswith("100")


class GitObjects:
    """The objects that `git` reads and writes. Ids are those of the clone's format, SHA-1 or SHA-256."""

    def __init__(self, git: Git) -> None:
        self._git = git
        self._format = git.run("rev-parse", "--show-object-format")

    def blob_id(self, body: bytes) -> str:
        """The id of a file with exactly these bytes."""
        digest = hashlib.new(self._format, b"blob %d\0" % len(body), usedforsecurity=False)
        digest.update(body)
        return digest.hexdigest()

    def tree_of(self, commit: str) -> str:
        """The id of the folder that `commit` holds."""
        return self._git.run("rev-parse", "--verify", f"{commit}^{{tree}}")

    def read(self, blob_ids: Iterable[str]) -> dict[str, bytes]:
        """The bytes of files by id."""
        return self._read(blob_ids, "blob")

    def read_folders(self, tree_ids: Iterable[str]) -> dict[str, dict[str, Entry]]:
        """What is directly in folders, by name, by id of the folder."""
        size = hashlib.new(self._format, usedforsecurity=False).digest_size
        return {tree: dict(_members(body, size)) for tree, body in self._read(tree_ids, "tree").items()}

    def _read(self, object_ids: Iterable[str], kind: str) -> dict[str, bytes]:
        wanted = list(dict.fromkeys(object_ids))
        if not wanted:
            return {}
        output = self._git.read("cat-file", "--batch", stdin=_lines(wanted))
        found, start = {}, 0
        for object_id in wanted:
            end = output.find(b"\n", start)
            head = output[start:end].decode("utf-8", "replace").split(" ")
            if len(head) != 3 or head[:2] != [object_id, kind]:
                raise PublishError(f"git cat-file failed: {' '.join(head)}")
            start = end + 1 + int(head[2]) + 1
            found[object_id] = output[end + 1 : start - 1]
        return found

    def sizes(self, blob_ids: Iterable[str]) -> dict[str, int]:
        """Numbers of bytes of files by id."""
        wanted = list(dict.fromkeys(blob_ids))
        if not wanted:
            return {}
        output = self._git.read("cat-file", "--batch-check=%(objectname) %(objectsize)", stdin=_lines(wanted))
        pairs = (line.split(" ") for line in output.decode("utf-8", "replace").splitlines())
        try:
            return {blob_id: int(size) for blob_id, size in pairs}
        except ValueError:
            raise PublishError("git cat-file failed: an object of the branch is missing from the clone") from None

    def write_files(self, bodies: Mapping[str, bytes]) -> None:
        """Store files whose ids are known already. Raises PublishError when git gets to another id."""
        if not bodies:
            return
        output = self._git.read("fast-import", "--quiet", "--done", "--depth=0", stdin=_imports(bodies.values()))
        if output.decode().split() != list(bodies):
            raise PublishError("git stored other bytes than it was given; nothing is pushed")

    def write_folders(self, folders: Iterable[Mapping[str, Entry]]) -> list[str]:
        """Store folders, given what is in each by name, and return their ids in the same order."""
        return self._git.read("mktree", "-z", "--missing", "--batch", stdin=map(_folder, folders)).decode().split()

    def commit(self, tree: str, parent: str | None, message: str) -> str:
        """Store a commit of the user. No hook runs, no branch moves."""
        parents = () if parent is None else ("-p", parent)
        return self._git.run("commit-tree", tree, *parents, "-F", "-", stdin=message.encode("utf-8", "replace"))


def _members(body: bytes, id_size: int) -> Iterator[tuple[str, Entry]]:
    """A folder as git stores it: for each member the mode, a space, the name, NUL and the id as bytes."""
    start = 0
    while start < len(body):
        name, end = body.index(b" ", start) + 1, body.index(b"\0", start)
        object_id = body[end + 1 : end + 1 + id_size].hex()
        yield (
            body[name:end].decode("utf-8", "surrogateescape"),
            Entry(body[start : name - 1].decode().zfill(6), object_id),
        )
        start = end + 1 + id_size


def _lines(object_ids: Iterable[str]) -> Iterator[bytes]:
    return (f"{object_id}\n".encode() for object_id in object_ids)


def _imports(bodies: Iterable[bytes]) -> Iterator[bytes]:
    """The stream of `git fast-import` that stores `bodies` and prints their ids."""
    for number, body in enumerate(bodies, start=1):
        yield b"blob\nmark :%d\ndata %d\n" % (number, len(body))
        yield body
        yield b"\nget-mark :%d\n" % number
    yield b"done\n"


_KINDS = {FOLDER: "tree", SUBMODULE: "commit"}


def _folder(entries: Mapping[str, Entry]) -> bytes:
    """A folder as `git mktree --batch` reads it: entries that end in NUL, then one that is empty."""
    listed = (
        f"{entry.mode} {_KINDS.get(entry.mode, 'blob')} {entry.object_id}\t{name}\0"
        for name, entry in entries.items()
    )
    return "".join([*listed, "\0"]).encode("utf-8", "surrogateescape")
