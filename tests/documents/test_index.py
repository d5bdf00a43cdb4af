"""The index says what the documents say, whoever writes at once, is killed or edits by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from miniprogram.clock import to_iso
from miniprogram.delivery.documents.contents.program_index import OWN, ProgramIndex, ProgramRow, format_index
from miniprogram.delivery.documents.kinds import INDEX_SHARD
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.index import index_document, indexing
from miniprogram.documents.index.compile_row import compile_row
from miniprogram.documents.index.index_document import read_index, replace_index
from miniprogram.documents.index.indexing import compile_rows, indexed, program_ids, reindex
from miniprogram.documents.index.listing import ProgramQuery, list_page, states_of, title_of
from miniprogram.documents.index_memory import IndexMemory
from miniprogram.errors import MiniProgramError, StoreError
from miniprogram.publish.layouts.cloud import CloudLocation, cloud_layout
from miniprogram.publish.to_store import publish_to_store
from miniprogram.seams.object_store import ObjectStore
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import FaultyStore, interleavings, sample_release

LOCATION = CloudLocation("test", "dev", "bucket", "here")


def storage_of(store: ObjectStore) -> EnvironmentStorage:
    return EnvironmentStorage(store, environment="dev")


def publish(store: ObjectStore, program_id: str = "shop", version: str = "1.0.0", *, make: bool = True) -> None:
    publish_to_store(
        store,
        cloud_layout(sample_release(program_id, version), LOCATION),
        around=lambda: indexed(storage_of(store), program_id, make=make),
    )


def truth(store: ObjectStore) -> list[ProgramRow]:
    storage = storage_of(store)
    return compile_rows(storage, program_ids(storage))


def listed(store: ObjectStore, **query: Any) -> list[ProgramRow]:
    return list(list_page(storage_of(store), ProgramQuery(**query)).rows)


def many(count: int) -> MemoryObjectStore:
    """An index of `count` programs whose documents nobody needs to read."""
    made, store = index_of(count), MemoryObjectStore()
    for each in made.list(""):
        store.put(each.key, made.get(each.key).body)  # type: ignore[union-attr]
    return store


@cache
def index_of(count: int) -> MemoryObjectStore:
    store = MemoryObjectStore()
    rows = [
        ProgramRow(
            f"program_{number:05}",
            policy=None,
            manifests={
                "1.0.0": {"id": f"program_{number:05}", "version": "1.0.0", "entry": "home", "title": "T" * 40}
            },
            compiled_from={f"metadata/catalog/program_{number:05}.json": "0" * 16},
            listing={"state": "shown", "latestVersion": "1.0.0", "updatedAtUtc": "2030-01-02T03:04:05.000Z"},
        )
        for number in range(count)
    ]
    replace_index(storage_of(store), lambda _: rows)
    return store


def test_the_first_publish_makes_the_index_and_later_ones_keep_it() -> None:
    store = MemoryObjectStore()
    for program_id, version in (("shop", "1.0.0"), ("news", "1.0.0"), ("shop", "1.1.0")):
        publish(store, program_id, version)

    index = read_index(storage_of(store))

    assert index is not None
    assert list(index.rows) == truth(store)
    assert [(row.id, row.pointer.version) for row in index.rows if row.pointer] == [
        ("news", "1.0.0"),
        ("shop", "1.1.0"),
    ]
    assert index.pending == {}


def test_programs_from_before_the_index_are_in_it() -> None:
    store = MemoryObjectStore()
    publish_to_store(store, cloud_layout(sample_release("old", "1.0.0"), LOCATION))

    publish(store, "shop")

    assert [row.id for row in listed(store)] == ["old", "shop"]


def test_many_programs_from_before_are_left_to_reindex(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "FEW_PROGRAMS", 2)
    store = MemoryObjectStore()
    for name in "abc":
        publish_to_store(store, cloud_layout(sample_release(name, "1.0.0"), LOCATION))

    publish(store, "shop")
    assert read_index(storage_of(store)) is None
    assert [row.id for row in listed(store)] == ["a", "b", "c", "shop"]

    assert reindex(storage_of(store)) == 4
    assert listed(store) == truth(store)


def test_publishing_the_same_again_does_not_touch_the_index() -> None:
    store = FaultyStore()
    publish(store)
    store.writes.clear()

    publish(store)

    assert store.writes == []


@pytest.mark.parametrize("fail_at", range(24))
def test_a_list_is_right_whenever_a_publisher_is_killed(fail_at: int) -> None:
    store = MemoryObjectStore()
    publish(store, "news")
    publish(store, "shop")

    try:
        publish(FaultyStore(store, fail_at=fail_at), "shop", "1.1.0")
    except StoreError:
        assert listed(store) == truth(store)
    assert listed(store) == truth(store)
    publish(store, "shop", "1.1.0")
    assert listed(store) == truth(store)


def test_whatever_two_do_at_once_the_list_is_right() -> None:
    def start() -> MemoryObjectStore:
        store = MemoryObjectStore()
        publish(store, "news")
        return store

    def act(version: str) -> Callable[[ObjectStore], None]:
        def publishing(store: ObjectStore) -> None:
            try:
                publish(store, "shop", version)
            except MiniProgramError:
                return  # the other one was faster with a higher version

        return publishing

    moments = 0
    for store in interleavings(start, act("1.0.0"), act("1.1.0")):
        moments += 1
        index = read_index(storage_of(store))
        assert index is not None
        assert index.pending == {}
        assert list(index.rows) == truth(store) == listed(store)
    assert moments > 10


def test_a_rebuild_during_a_publish_loses_nothing() -> None:
    def start() -> MemoryObjectStore:
        store = MemoryObjectStore()
        publish(store, "news")
        return store

    for store in interleavings(
        start, lambda store: publish(store, "shop"), lambda store: reindex(storage_of(store)) and None
    ):
        assert listed(store) == truth(store)


def test_marks_of_the_dead_go_and_those_of_the_living_stay() -> None:
    store = MemoryObjectStore()
    publish(store, "news")
    storage, now = storage_of(store), datetime.now(UTC)
    old, young = (f"{to_iso(now - timedelta(minutes=minutes))} x" for minutes in (61, 1))
    rows = read_index(storage).rows  # type: ignore[union-attr]
    pending = {"dead": (old,), "alive": (young,), "both": (old, young)}
    store.put(storage.keys.program_index_key, format_index(ProgramIndex(rows, pending=pending)))

    publish(store, "shop")

    index = read_index(storage)
    assert index is not None
    assert index.pending == {"alive": (young,), "both": (young,)}


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


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"formatVersion": 9}', b'{"formatVersion": 1, "programs": 3}']
)
def test_a_broken_index_is_not_believed(body: bytes) -> None:
    store = MemoryObjectStore()
    publish(store, "news")
    store.put(storage_of(store).keys.program_index_key, body)

    assert [row.id for row in listed(store)] == ["news"]
    publish(store, "shop")
    assert [row.id for row in listed(store)] == ["news", "shop"]
    reindex(storage_of(store))
    assert list(read_index(storage_of(store)).rows) == truth(store)  # type: ignore[union-attr]


def test_a_lost_shard_is_not_believed_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_document, "MAX_CHANGES_BYTES", 10)
    store = MemoryObjectStore()
    publish(store, "news")
    storage = storage_of(store)
    (shard,) = read_index(storage).shards  # type: ignore[union-attr]
    store.delete(shard.key)

    assert [row.id for row in listed(store)] == ["news"]
    reindex(storage)
    assert listed(store) == truth(store)


def test_shards_hold_what_the_index_cannot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_document, "MAX_CHANGES_BYTES", 700)
    monkeypatch.setattr(index_document, "MAX_INDEX_BYTES", 900)
    store = MemoryObjectStore()
    for number in range(12):
        publish(store, f"p{number:02}")
        assert listed(store) == truth(store)

    index = read_index(storage_of(store))

    assert index is not None
    assert len(index.shards) > 1
    shards = list(store.list_names(storage_of(store).keys.folder(INDEX_SHARD)))
    assert len(shards) <= 2 * len(index.shards) + 2, "older generations are deleted"


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


@pytest.mark.slow
def test_a_publish_costs_the_same_among_ten_thousand() -> None:
    costs = []
    for count in (0, 100, 10_000):
        kept = many(count)
        publish(kept, "shop")
        store = FaultyStore(kept)
        publish(store, "shop", "1.1.0")
        index_bytes = len(kept.get(storage_of(kept).keys.program_index_key).body)  # type: ignore[union-attr]
        costs.append((len(store.reads), len(store.writes), index_bytes < 200_000))

    assert costs[0] == costs[1] == costs[2]


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


@pytest.mark.parametrize("kind", ["catalog", "releases", "record"])
def test_a_broken_document_is_one_unreadable_row_and_never_looks_like_no_policy(kind: str) -> None:
    store = MemoryObjectStore()
    publish(store, "news")
    publish(store, "shop")
    keys = storage_of(store).keys
    broken = {
        "catalog": keys.catalog_pointer_key("shop"),
        "releases": keys.release_document_key("shop"),
        "record": keys.release_record_key("shop", "1.0.0"),
    }[kind]
    store.put(broken, b'{"a')
    reindex(storage_of(store))

    news, shop = listed(store)

    assert (news.unreadable, "unreadable" in states_of(news)) == (None, False)
    assert broken in (shop.unreadable or "")
    assert kind != "releases" or shop.policy == OWN
    assert "unreadable" in states_of(shop)


def test_a_row_says_what_its_documents_say() -> None:
    store = MemoryObjectStore()
    publish(store, "coupon_center")

    row = compile_row(storage_of(store), "coupon_center")

    assert row.pointer is not None
    assert row.pointer.manifest_key == "artifacts/coupon_center/1.0.0/manifest.json"
    assert title_of(row) == "Coupon Center"
    assert row.manifests["1.0.0"]["entry"] == json.loads(store.get(row.pointer.manifest_key).body)["entry"]  # type: ignore[union-attr]
    assert row.listing["state"] == "served"
    assert set(row.compiled_from) == {"metadata/catalog/coupon_center.json"}
