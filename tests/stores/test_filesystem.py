"""The filesystem store: the contract, and what is special about files."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from miniprogram.delivery.documents.cache_control import IMMUTABLE
from miniprogram.delivery.documents.kinds import SEGMENT_IDS
from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.errors import StoreError
from miniprogram.seams.object_store import ObjectStore
from miniprogram.stores.filesystem import FilesystemObjectStore
from miniprogram.stores.folder_lock import folder_lock
from miniprogram.stores.partial_file import PARTIAL_FOLDER
from miniprogram.testing.object_store_contract import ObjectStoreContract

SIZE = 300_000


class TestFilesystemObjectStore(ObjectStoreContract):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.folder = tmp_path / "store"

    def make_store(self) -> FilesystemObjectStore:
        return FilesystemObjectStore(self.folder, exclusive=True)

    def open_again(self, store: ObjectStore) -> FilesystemObjectStore:
        return FilesystemObjectStore(self.folder, exclusive=True)


class TestSharedFolder(ObjectStoreContract):
    """A folder that others write to as well, with objects for the owner's eyes only."""

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.folder = tmp_path / "store"

    def make_store(self) -> FilesystemObjectStore:
        return FilesystemObjectStore(self.folder, is_private=lambda _: True)

    def test_bytes_that_are_there_can_be_reused(self) -> None:
        store = self.make_store()
        store.put("a/1", b"same")

        assert not store.reuse("b/1", b"same", source="a/1")
        assert store.get("b/1") is None


@pytest.fixture
def store(tmp_path: Path) -> FilesystemObjectStore:
    return FilesystemObjectStore(tmp_path / "store")


def files_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_reading_makes_nothing(store: FilesystemObjectStore) -> None:
    store.get("a")
    list(store.list(""))
    store.delete("a")

    assert not store.root.exists()


def test_a_deleted_object_leaves_no_empty_folders(store: FilesystemObjectStore) -> None:
    store.put("a/b/c", b"1")
    store.put("a/d", b"1")

    store.delete("a/b/c")
    store.sweep()

    assert files_in(store.root) == ["a", "a/d"]


def test_no_key_leads_over_a_symlink(store: FilesystemObjectStore, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("s")
    store.put("a", b"1")
    (store.root / "link").symlink_to(outside)
    (store.root / "file").symlink_to(outside / "secret")

    for key in ("link/secret", "link/new", "file"):
        for call in (store.get, store.delete, lambda key: store.put(key, b"x")):
            with pytest.raises(StoreError, match="symlink"):
                call(key)

    assert [info.key for info in store.list("")] == ["a"]
    assert (outside / "secret").read_text() == "s"
    assert not (outside / "new").exists()


def test_the_root_itself_may_be_a_symlink(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "alias").symlink_to(tmp_path / "real")

    FilesystemObjectStore(tmp_path / "alias").put("a", b"1")

    assert (tmp_path / "real" / "a").read_bytes() == b"1"


@pytest.mark.parametrize(("first", "second"), [("a", "a/b"), ("a/b", "a")], ids=["below", "above"])
def test_an_object_cannot_be_a_folder_too(store: FilesystemObjectStore, first: str, second: str) -> None:
    store.put(first, b"1")

    with pytest.raises(StoreError, match="cannot be an object"):
        store.put(second, b"2")
    assert [info.key for info in store.list("")] == [first]


@pytest.mark.parametrize("key", [".partial/x", ".partial", ".lock"])
def test_keys_of_its_own_are_refused(store: FilesystemObjectStore, key: str) -> None:
    with pytest.raises(StoreError, match="needs itself"):
        store.put(key, b"")


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file")

    with pytest.raises(StoreError, match="a/b"):
        FilesystemObjectStore(tmp_path / "store").put("a/b", b"")


def test_sweeping_leaves_writers_alone(store: FilesystemObjectStore) -> None:
    from miniprogram.stores.partial_file import partial_file

    store.put("a", b"1")
    with partial_file(store.root, b"half way", durable=False) as partial:
        store.sweep()
        assert partial.read_bytes() == b"half way"
    store.sweep()
    assert files_in(store.root) == ["a"]


def test_listings_read_no_body(store: FilesystemObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store.put("a/b", b"12345")

    def no_reading(path: Path) -> bytes:
        raise AssertionError(f"{path} was read")

    monkeypatch.setattr("miniprogram.stores.filesystem._read", no_reading)

    assert [(info.key, info.size) for info in store.list("")] == [("a/b", 5)]
    assert list(store.list_names("a/")) == ["b"]


def test_names_are_those_of_objects_only(store: FilesystemObjectStore, tmp_path: Path) -> None:
    store.put("a/b", b"1")
    (store.root / "a/link").symlink_to(tmp_path)
    (store.root / ".partial").mkdir(exist_ok=True)
    (store.root / ".partial/killed").touch()
    (store.root / ".lock").touch()
    (store.root / "empty/still").mkdir(parents=True)

    assert list(store.list_names("")) == ["a/"]
    assert list(store.list_names("a/")) == ["b"]


def modes(root: Path) -> dict[str, str]:
    return {path.relative_to(root).as_posix(): oct(path.stat().st_mode & 0o777)[2:] for path in root.rglob("*")}


def test_what_is_private_only_its_owner_may_read(tmp_path: Path) -> None:
    keys = Keys("cloud")
    store = FilesystemObjectStore(tmp_path, is_private=keys.is_private)
    (tmp_path / "metadata/admin").mkdir(parents=True)
    (tmp_path / "metadata/admin/environment.json").write_text("as an older release wrote it")
    for key in (keys.link_keys_key("shop"), keys.environment_document_key, keys.access_keys_key("shop")):
        store.put(key, b"secret")
    store.put(keys.key(SEGMENT_IDS, "shop", "vip", 1), b"ids", if_absent=True)
    store.put(keys.catalog_pointer_key("shop"), b"{}")

    store.sweep()

    assert modes(tmp_path) == {
        "metadata": "755",
        "metadata/access_keys": "700",
        "metadata/access_keys/shop.json": "600",
        "metadata/admin": "700",
        "metadata/admin/environment.json": "600",
        "metadata/catalog": "755",
        "metadata/catalog/shop.json": "644",
        "metadata/link_keys": "700",
        "metadata/link_keys/shop.json": "600",
        "metadata/segments": "755",
        "metadata/segments/shop": "755",
        "metadata/segments/shop/vip": "700",
        "metadata/segments/shop/vip/1.ids": "600",
    }


def test_what_killed_writers_left_goes_with_the_next_write(tmp_path: Path) -> None:
    (tmp_path / ".partial").mkdir()
    (tmp_path / ".partial/killed").write_bytes(b"half")

    FilesystemObjectStore(tmp_path).put("a", b"1")

    assert not (tmp_path / ".partial/killed").exists()


def test_a_lock_that_somebody_keeps_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("miniprogram.stores.folder_lock.LOCK_WAIT_S", 0.2)
    store = FilesystemObjectStore(tmp_path)

    with folder_lock(tmp_path), pytest.raises(StoreError, match="locked by another process") as refused:
        store.put("a", b"1")

    assert "end that one" in (refused.value.hint or "")
    store.put("a", b"1")


def test_reused_bytes_are_stored_once(tmp_path: Path) -> None:
    store = FilesystemObjectStore(tmp_path, exclusive=True)
    store.put("one/a", b"same", cache_control=IMMUTABLE)

    assert store.reuse("two/a", b"same", source="one/a")

    assert (store.root / "one/a").stat().st_ino == (store.root / "two/a").stat().st_ino


def test_what_a_pointer_names_is_flushed_before_the_pointer(
    store: FilesystemObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[str] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        flushed.append(Path(f"/proc/self/fd/{handle}").readlink().name)
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    store.put("screens/a.json", b"1", cache_control=IMMUTABLE)
    assert flushed == []

    store.put("latest.json", b"2")

    assert flushed[0] == "a.json"
    assert flushed[-1] == "store"  # the folder of latest.json: its name is on the disk too


def test_many_files_are_flushed_with_one_call(
    store: FilesystemObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    monkeypatch.setattr(os, "sync", lambda: calls.append("sync"))
    for number in range(70):
        store.put(f"{number}", b"", cache_control=IMMUTABLE)

    store.put("pointer", b"")

    assert calls == ["sync"]


COUNTER = """
import sys
from pathlib import Path
from miniprogram.errors import PreconditionFailed
from miniprogram.stores.filesystem import FilesystemObjectStore
from miniprogram.stores.folder_lock import folder_lock
store = FilesystemObjectStore(Path(sys.argv[1]))
for _ in range(10):
    while True:
        found = store.get("n")
        try:
            store.put("n", str(int(found.body) + 1).encode(), if_match=found.etag)
            break
        except PreconditionFailed:
            pass
"""


def test_conditions_hold_among_processes(store: FilesystemObjectStore) -> None:
    store.put("n", b"0")

    children = [subprocess.Popen([sys.executable, "-c", COUNTER, str(store.root)]) for _ in range(3)]

    assert [child.wait() for child in children] == [0, 0, 0]
    found = store.get("n")
    assert found is not None
    assert found.body == b"30"


WRITER = f"""
import sys
from pathlib import Path
from miniprogram.stores.filesystem import FilesystemObjectStore
from miniprogram.stores.folder_lock import folder_lock
store = FilesystemObjectStore(Path(sys.argv[1]))
print("ready", flush=True)
number = 0
while True:
    body = bytes([97 + number % 26]) * {SIZE}
    store.put(f"k{{number % 3}}", body)
    store.put(f"new/{{number}}", body, if_absent=True)
    number += 1
"""


@pytest.fixture
def writer(store: FilesystemObjectStore) -> Iterator["subprocess.Popen[str]"]:
    child = subprocess.Popen([sys.executable, "-c", WRITER, str(store.root)], stdout=subprocess.PIPE, text=True)
    with child:
        yield child
        child.kill()


@pytest.mark.parametrize("seed", range(6))
def test_a_killed_writer_leaves_no_torn_object(
    store: FilesystemObjectStore, writer: "subprocess.Popen[str]", seed: int
) -> None:
    assert writer.stdout is not None
    writer.stdout.readline()
    time.sleep(random.Random(seed).uniform(0.005, 0.12))

    writer.send_signal(signal.SIGKILL)
    writer.wait()

    for info in store.list(""):
        found = store.get(info.key)
        assert found is not None
        assert len(found.body) == SIZE
        assert len(set(found.body)) == 1
    store.put("k0", b"goes on")
    store.sweep()
    assert not (store.root / ".partial").exists()


def test_a_partial_folder_that_others_sweep_away_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`mkdir` finds it there, and when it looks whether it is a folder, it is gone."""
    real, swept = Path.mkdir, []

    def mkdir(self: Path, *args: Any, **options: Any) -> None:
        if self.name == PARTIAL_FOLDER and not swept:
            swept.append(self)
            raise FileExistsError(self)
        real(self, *args, **options)

    monkeypatch.setattr(Path, "mkdir", mkdir)

    FilesystemObjectStore(tmp_path / "store").put("k", b"x")

    assert swept
    assert (tmp_path / "store" / "k").read_bytes() == b"x"


def test_a_file_where_the_partial_folder_belongs_is_said(tmp_path: Path) -> None:
    (tmp_path / PARTIAL_FOLDER).write_text("mine")

    with pytest.raises(StoreError, match="k cannot be"):
        FilesystemObjectStore(tmp_path).put("k", b"x")
