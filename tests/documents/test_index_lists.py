"""Lists by the index: pages, what they cost, and what others put without telling it."""

from __future__ import annotations

from typing import Any

import pytest

from documents.index_stores import LOCATION, listed, many, publish, storage_of, truth
from miniprogram.delivery.documents.kinds import INDEX_SHARD
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.index.indexing import indexed, reindex
from miniprogram.documents.index.listing import ProgramQuery, list_page
from miniprogram.documents.index_memory import IndexMemory
from miniprogram.publish.layouts.cloud import cloud_layout
from miniprogram.publish.to_store import publish_to_store
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import FaultyStore, sample_release


def test_pointers_that_others_put_or_removed_are_seen_without_reindex() -> None:
    store = MemoryObjectStore()
    for name in ("a-b", "b", "shop"):
        publish(store, name)
    for name in ("a", "c"):  # an older tool, which knows no index
        publish_to_store(store, cloud_layout(sample_release(name, "1.0.0"), LOCATION))
    store.delete(storage_of(store).keys.catalog_pointer_key("shop"))

    assert [row.id for row in listed(store)] == ["a", "a-b", "b", "c"]
    assert listed(store) == truth(store)
    assert [row.id for row in listed(store, limit=2)] == ["a", "a-b"]
    assert [row.id for row in listed(store, after="a", limit=2)] == ["a-b", "b"]
    reindex(storage_of(store))
    assert listed(store) == truth(store)


@pytest.mark.slow
@pytest.mark.parametrize("after", ["", "program_00499", "program_09990"])
def test_a_page_of_ten_thousand_shows_what_others_put(after: str) -> None:
    kept = many(10_000)
    for number in range(10_000):
        kept.put(storage_of(kept).keys.catalog_pointer_key(f"program_{number:05}"), b"{}")
    publish_to_store(kept, cloud_layout(sample_release(f"{after}_x", "1.0.0"), LOCATION))
    store = FaultyStore(kept)

    page = list_page(storage_of(store), ProgramQuery(after=after, limit=5))

    assert page.rows[0].id == f"{after}_x"
    index_reads = [key for key in store.reads if "/index/" in key or key.endswith("/")]
    assert len(index_reads) <= 3


@pytest.mark.slow
@pytest.mark.parametrize("limit", [None, 20])
def test_ten_thousand_programs_are_listed_with_three_requests(limit: int | None) -> None:
    store = FaultyStore(many(10_000))

    page = list_page(storage_of(store), ProgramQuery(limit=limit))

    assert len(page.rows) == (limit or 10_000)
    assert len(store.reads) <= 3, store.reads


def test_warm_lists_of_a_server_ask_the_store_for_nothing() -> None:
    now = [0.0]
    store = FaultyStore(many(10_000))
    storage = EnvironmentStorage(store, environment="dev", index_memory=IndexMemory(2.0, clock=lambda: now[0]))
    queries = [
        ProgramQuery(limit=20),
        ProgramQuery(),
        ProgramQuery(search="09999"),
        ProgramQuery(after="p", limit=5),
    ]
    cold = [list_page(storage, query) for query in queries]
    store.reads.clear()

    assert [list_page(storage, query) for query in queries] == cold
    assert store.reads == []

    now[0] = 2.5
    list_page(storage, queries[1])
    assert storage.keys.program_index_key in store.reads
    assert not any(key.startswith(storage.keys.folder(INDEX_SHARD)) for key in store.reads), "shards never change"


def test_a_server_sees_its_own_changes_at_once_and_others_soon() -> None:
    now = [0.0]
    store = MemoryObjectStore()
    memory = IndexMemory(2.0, clock=lambda: now[0])
    storage = EnvironmentStorage(store, environment="dev", index_memory=memory)
    publish(store, "news")
    assert len(list_page(storage, ProgramQuery()).rows) == 1

    publish(store, "shop")
    assert len(list_page(storage, ProgramQuery()).rows) == 1
    now[0] = 2.1
    assert len(list_page(storage, ProgramQuery()).rows) == 2
    with indexed(storage, "shop"):
        store.delete(storage.keys.catalog_pointer_key("shop"))
    assert len(list_page(storage, ProgramQuery()).rows) == 1


def test_pages_follow_each_other_and_end() -> None:
    store = MemoryObjectStore()
    for name in "abcde":
        publish(store, name)
    pages, after = [], ""
    while True:
        page = list_page(storage_of(store), ProgramQuery(after=after, limit=2))
        pages.append([row.id for row in page.rows])
        if page.next_after is None:
            break
        after = page.next_after

    assert pages == [["a", "b"], ["c", "d"], ["e"]]


@pytest.mark.parametrize("with_index", [True, False], ids=["index", "documents"])
def test_programs_are_found_by_text_and_state(with_index: bool) -> None:
    store = MemoryObjectStore()
    for name, version in (("coupon_center", "1.0.0"), ("shop", "2.0.0")):
        publish(store, name, version, make=with_index)
    store.put(storage_of(store).keys.catalog_pointer_key("broken"), b"{")
    store.put(storage_of(store).keys.disabled_pointer_key("gone"), b'{"latestVersion": "0.9.0"}')
    if with_index:
        reindex(storage_of(store))

    def ids(**query: Any) -> list[str]:
        return [row.id for row in listed(store, **query)]

    assert ids() == ["broken", "coupon_center", "gone", "shop"]
    assert ids(search="COUPON c") == ["coupon_center"]
    assert ids(search="2.0") == ["shop"]
    assert ids(state="disabled") == ["gone"]
    assert ids(state="unreadable") == ["broken"]
    assert ids(state="served", search="o") == ["broken", "coupon_center", "shop"]
    assert ids(state="nothing") == []
