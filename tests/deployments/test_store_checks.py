from __future__ import annotations

import pytest

from miniprogram.deployments.store_checks import store_checks
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.index import indexing
from miniprogram.documents.index.indexing import reindex
from miniprogram.errors import StoreError
from miniprogram.publish.layouts.cloud import CloudLocation, cloud_layout
from miniprogram.publish.to_store import publish_to_store
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import sample_release


def found(store: MemoryObjectStore) -> dict[str, tuple[str, str]]:
    checks = store_checks(EnvironmentStorage(store, environment="dev"))
    return {check.label: (check.status, f"{check.summary} {check.detail or ''}") for check in checks}


def test_an_empty_store_is_fine() -> None:
    assert {status for status, _ in found(MemoryObjectStore()).values()} == {"ok"}


def test_objects_of_the_map_belong_there_and_others_are_named() -> None:
    store = MemoryObjectStore()
    for key in ("metadata/catalog/shop.json", "metadata/audit/shop/000000000001.json", "metadata/.probe-12"):
        store.put(key, b"{}")
    assert found(store)["Stored objects"][0] == "ok"

    store.put("metadata/catalogue/shop.json", b"{}")
    store.put("metadata/notes.txt", b"")

    status, said = found(store)["Stored objects"]
    assert status == "warning"
    assert "metadata/catalogue/, metadata/notes.txt" in said


def test_an_index_that_is_missing_or_broken_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    store = MemoryObjectStore()
    storage = EnvironmentStorage(store, environment="dev")
    monkeypatch.setattr("miniprogram.deployments.store_checks.FEW_PROGRAMS", 2)
    monkeypatch.setattr(indexing, "FEW_PROGRAMS", 2)
    for name in "abc":
        store.put(storage.keys.disabled_pointer_key(name), b"{}")
    assert found(store)["Index"][0] == "warning"
    assert "cloud app reindex --env dev" in found(store)["Index"][1]

    reindex(storage)
    assert found(store)["Index"][0] == "ok"

    store.put(storage.keys.program_index_key, b"{")
    assert found(store)["Index"][0] == "warning"


def test_a_store_that_fails_is_skipped() -> None:
    class Failing(MemoryObjectStore):
        def list_names(self, folder: str, *, after: str = "") -> object:  # type: ignore[override]
            raise StoreError("out of reach")

    assert found(Failing()) == {"Stored objects": ("skipped", "the store cannot be listed: out of reach ")}


def test_a_document_that_was_changed_behind_the_index_is_said() -> None:
    """Lists read the index: whoever edits a document by hand must hear that they do not show it yet."""
    store = MemoryObjectStore()
    storage = EnvironmentStorage(store, environment="dev")
    for name in ("news", "shop"):
        layout = cloud_layout(sample_release(name, "1.0.0"), CloudLocation("dev", "dev", "b", "here"))
        publish_to_store(store, layout)
    reindex(storage)
    assert found(store)["Index"] == ("ok", "lists read it ")
    assert "Mini-programs" not in found(store)

    store.put(storage.keys.release_document_key("shop"), b'{"a')

    status, said = found(store)["Index"]
    assert (status, "changed behind it, of shop" in said) == ("warning", True)
    assert "cloud app reindex --env dev" in said
    status, said = found(store)["Mini-programs"]
    assert (status, "documents cannot be read, of shop" in said) == ("error", True)
    assert "release repair shop --env dev" in said

    reindex(storage)

    assert found(store)["Index"][0] == "ok"
    assert found(store)["Mini-programs"][0] == "error"
