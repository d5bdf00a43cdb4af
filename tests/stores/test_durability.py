"""What is said to be on the disk is there before anybody can see it: the order of fsync, and of the new name."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from miniprogram.delivery.documents.cache_control import IMMUTABLE
from miniprogram.delivery.evaluation.conditions.id_list import write_id_list
from miniprogram.errors import MiniProgramError
from miniprogram.files import write_atomic
from miniprogram.stores.filesystem import FilesystemObjectStore


class Disk:
    """What the system was asked to do, in order: `sync` and `name` of a file, by inode, with its size then."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.done: list[tuple[str, int, int]] = []
        fsync, replace, link = os.fsync, os.replace, os.link

        def synced(handle: int) -> None:
            found = os.fstat(handle)
            self.done.append(("sync", found.st_ino, found.st_size))
            fsync(handle)

        def named(call: Callable[..., Any]) -> Callable[..., Any]:
            def act(source: Any, *rest: Any, **options: Any) -> Any:
                found = os.stat(source)  # noqa: PTH116
                self.done.append(("name", found.st_ino, found.st_size))
                return call(source, *rest, **options)

            return act

        monkeypatch.setattr(os, "fsync", synced)
        monkeypatch.setattr(os, "replace", named(replace))
        monkeypatch.setattr(os, "link", named(link))

    def names(self) -> list[tuple[int, int]]:
        return [(inode, size) for what, inode, size in self.done if what == "name"]

    def synced_before(self, inode: int, size: int) -> bool:
        """Whether all bytes of the file were on the disk when it got its name."""
        return ("sync", inode, size) in self.done[: self.done.index(("name", inode, size))]

    def folder_synced_after(self, folder: Path) -> bool:
        last = max(position for position, step in enumerate(self.done) if step[0] == "name")
        return any(inode == folder.stat().st_ino for what, inode, _ in self.done[last:] if what == "sync")


BODY = b"x" * 100_000
WRITERS: dict[str, Callable[[Path], object]] = {
    "a new file": lambda folder: write_atomic(folder / "k", BODY),
    "a file in a new folder": lambda folder: write_atomic(folder / "a" / "b" / "k", BODY),
    "a list of ids": lambda folder: write_id_list(str(folder / "k"), map(str, range(10_000))),
    "a pointer": lambda folder: FilesystemObjectStore(folder).put("k", BODY),
    "a new pointer": lambda folder: FilesystemObjectStore(folder).put("k", BODY, if_absent=True),
}


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
@pytest.mark.parametrize("before", [False, True], ids=["nothing there", "replacing"])
def test_bytes_are_on_the_disk_before_they_have_a_name(
    write: Callable[[Path], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, before: bool
) -> None:
    if before:
        write(tmp_path)
        (tmp_path / "k").unlink(missing_ok=True)
        (tmp_path / "a" / "b" / "k").unlink(missing_ok=True)
    disk = Disk(monkeypatch)

    write(tmp_path)

    assert disk.names()
    assert all(disk.synced_before(*named) for named in disk.names())


@pytest.mark.parametrize("options", [{}, {"if_absent": True}], ids=["replacing", "new"])
def test_the_name_of_an_object_is_on_the_disk_when_put_returns(
    options: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = Disk(monkeypatch)

    FilesystemObjectStore(tmp_path).put("a/k", BODY, **options)

    assert disk.folder_synced_after(tmp_path / "a")


def test_a_file_that_cannot_be_written_is_named_and_what_was_there_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "k"
    write_atomic(path, b"old")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(MiniProgramError, match=r"k cannot be written: No space left on device"):
        write_atomic(path, b"new")

    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["k"]


@pytest.mark.parametrize("count", [1, 3, 200], ids=["one", "few", "many"])
def test_files_are_on_the_disk_before_the_pointer_to_them_has_its_name(
    count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, disk = FilesystemObjectStore(tmp_path), Disk(monkeypatch)
    whole: list[int] = []
    monkeypatch.setattr(os, "sync", lambda: whole.append(len(disk.names())))
    for number in range(count):
        store.put(f"files/{number}", BODY, cache_control=IMMUTABLE)
    files = disk.names()

    store.put("pointer", b"{}")

    pointer = disk.done.index(("name", *disk.names()[-1]))
    synced = {inode for what, inode, _ in disk.done[:pointer] if what == "sync"}
    assert whole == [count] or {inode for inode, _ in files} <= synced
