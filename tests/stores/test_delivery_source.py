"""Stores as document sources: the delivery engine sees the same through each of them."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event, current_thread
from threading import enumerate as enumerate_threads
from typing import Any

import pytest

from miniprogram.delivery.documents import bounded_looks
from miniprogram.delivery.documents.bounded_looks import BoundedLooks, BoundedSource, LookHung
from miniprogram.delivery.documents.sources import DocumentSource, FolderSource
from miniprogram.delivery.evaluation.errors import SourceUnavailable
from miniprogram.errors import StoreError
from miniprogram.seams.object_store import StoredObject
from miniprogram.stores.delivery_source import StoreSource
from miniprogram.stores.filesystem import FilesystemObjectStore
from miniprogram.stores.memory import MemoryObjectStore

pytestmark = pytest.mark.slow


@pytest.fixture
def store() -> MemoryObjectStore:
    store = MemoryObjectStore()
    for key in ("manifests/a/latest.json", "manifests/a/versions/1.json", "manifests/b/latest.json", "x.json"):
        store.put(key, key.encode())
    return store


def test_it_reads_and_lists_what_a_folder_source_would(store: MemoryObjectStore, tmp_path: Path) -> None:
    files = FilesystemObjectStore(tmp_path)
    for info in store.list(""):
        files.put(info.key, info.key.encode())
    folder = FolderSource(tmp_path)
    sources: list[DocumentSource] = [StoreSource(store), StoreSource(files), folder, BoundedSource(folder, 5.0)]

    for key in ("x.json", "manifests/a/latest.json", "manifests/a", "nope", "../x", ""):
        assert len({source.read(key) for source in sources}) == 1
    for prefix in ("manifests/", "manifests/a/", "nope/"):
        assert len({tuple(source.list(prefix)) for source in sources}) == 1
    assert sources[0].list("manifests/a/") == ["manifests/a/latest.json", "manifests/a/versions/"]


def test_a_marker_changes_with_the_object(store: MemoryObjectStore) -> None:
    source = StoreSource(store)
    before = source.marker("x.json")

    assert source.marker("x.json") == before
    store.put("x.json", b"changed")

    assert source.marker("x.json") != before
    assert source.marker("nope") is None


def test_a_folder_marker_changes_with_its_names(store: MemoryObjectStore) -> None:
    source = StoreSource(store)
    before = source.marker("manifests/")

    store.put("manifests/c/latest.json", b"")

    assert source.marker("manifests/") != before
    assert source.marker("nope/") is None


def test_a_read_after_a_marker_asks_no_second_time(store: MemoryObjectStore) -> None:
    source = StoreSource(store)
    source.marker("x.json")
    store.put("x.json", b"changed meanwhile")

    assert source.read("x.json") == b"x.json"
    assert source.read("x.json") == b"changed meanwhile"


def test_a_store_that_fails_is_unavailable() -> None:
    class Broken(MemoryObjectStore):
        def get(self, key: str) -> None:
            raise StoreError(f"{key}: no answer")

    with pytest.raises(SourceUnavailable, match="no answer"):
        StoreSource(Broken()).read("x")


class HangingStore(MemoryObjectStore):
    """A store that never answers about some keys, until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()
        self.asked = 0

    def get(self, key: str) -> StoredObject | None:
        if key.startswith("hung"):
            self.asked += 1
            self.go.wait(60)
        return super().get(key)


def test_a_look_that_hangs_ends_in_time_is_not_repeated_and_holds_up_no_other() -> None:
    store = HangingStore()
    store.put("fine.json", b"1")
    source = StoreSource(store, look_s=0.2)
    try:
        for _ in range(3):
            started = time.monotonic()
            with pytest.raises(SourceUnavailable, match=r"hung\.json: no answer within 0\.(2|15) s"):
                source.marker("hung.json")
            assert time.monotonic() - started < 1
        assert store.asked == 1
        assert source.read("fine.json") == b"1"
        source = StoreSource(store, look_s=0.02)
        for number in range(64):
            with pytest.raises(SourceUnavailable):
                source.marker(f"hung-{number}.json")
        assert store.asked <= 33, "looks that hang are bounded"
    finally:
        store.go.set()


def test_what_a_bounded_look_raises_comes_through(store: MemoryObjectStore) -> None:
    class Failing(MemoryObjectStore):
        def get(self, key: str) -> StoredObject | None:
            raise StoreError(f"{key} is on fire")

    with pytest.raises(SourceUnavailable, match="on fire"):
        StoreSource(Failing(), look_s=5).marker("x.json")


def test_after_a_look_that_hung_a_thread_gives_the_next_ones_less_time() -> None:
    """A request reads several documents: a store that hangs must not take its second for each of them."""
    gate = Event()
    looks = BoundedLooks(hurries=True)

    def timed(name: str) -> float:
        began = time.monotonic()
        with pytest.raises(LookHung, match=name):
            looks.run(name, lambda: gate.wait(20), 0.6)
        return time.monotonic() - began

    try:
        first, second = timed("one"), timed("two")
        assert first >= 0.6
        assert second < 0.5
        assert timed("one") < 0.05, "what hangs already is not waited for again"
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(timed, "three").result() >= 0.6, "whoever had no such look waits as long as ever"
        assert looks.run("four", lambda: "well", 0.6) == "well"
    finally:
        gate.set()


def test_looks_hurry_only_where_that_was_said() -> None:
    gate = Event()
    looks = BoundedLooks()
    try:
        for name in ("one", "two"):
            began = time.monotonic()
            with pytest.raises(LookHung):
                looks.run(name, lambda: gate.wait(20), 0.3)
            assert time.monotonic() - began >= 0.3
    finally:
        gate.set()


def look_threads() -> int:
    return sum(thread.name == "store-look" for thread in enumerate_threads())


def test_looks_share_a_few_threads_which_end_when_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_looks, "IDLE_S", 0.2)
    before, looks = look_threads(), BoundedLooks()
    seen = {looks.run(f"{number}", lambda: current_thread().ident, 5) for number in range(200)}
    assert len(seen) <= 3
    assert 1 <= look_threads() - before <= 3
    deadline = time.monotonic() + 5
    while look_threads() > before:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert looks.run("again", lambda: "well", 5) == "well"


class LateQueue:
    """Gives what is in it only after somebody gave up waiting for it."""

    def __init__(self) -> None:
        self.inner: SimpleQueue[Any] = SimpleQueue()
        self.put = self.inner.put
        self.is_late = True

    def get(self, timeout: float) -> Any:
        if self.is_late:
            self.is_late = False
            raise Empty
        return self.inner.get(timeout=timeout)


def test_a_look_that_comes_when_its_thread_gives_up_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = BoundedLooks()
    monkeypatch.setattr(looks, "_begun", LateQueue())
    assert looks.run("one", lambda: "well", 2) == "well"


def test_a_hanging_look_keeps_no_thread_from_the_others() -> None:
    gate, looks = Event(), BoundedLooks(most=4)
    try:
        for name in ("one", "two", "three"):
            with pytest.raises(LookHung):
                looks.run(name, lambda: gate.wait(20), 0.05)
        assert {looks.run(f"free {number}", lambda: "well", 5) for number in range(20)} == {"well"}
        with pytest.raises(LookHung):
            looks.run("four", lambda: gate.wait(20), 0.05)
        with pytest.raises(SourceUnavailable, match="4 looks"):
            looks.run("five", lambda: "well", 5)
    finally:
        gate.set()
