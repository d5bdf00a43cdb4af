"""Stores as document sources: the delivery engine sees the same through each of them."""

from pathlib import Path

import pytest

from miniprogram.delivery.documents.sources import DocumentSource, FolderSource
from miniprogram.delivery.evaluation.errors import SourceUnavailable
from miniprogram.errors import StoreError
from miniprogram.stores.delivery_source import StoreSource
from miniprogram.stores.filesystem import FilesystemObjectStore
from miniprogram.stores.memory import MemoryObjectStore


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
    sources: list[DocumentSource] = [StoreSource(store), StoreSource(files), FolderSource(tmp_path)]

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
