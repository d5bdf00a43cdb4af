"""The index says what the documents say, whoever writes at once, is killed or edits by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from documents.index_stores import LOCATION, listed, many, publish, storage_of, truth
from miniprogram.clock import to_iso
from miniprogram.delivery.documents.contents.program_index import OWN, ProgramIndex, format_index
from miniprogram.delivery.documents.kinds import INDEX_SHARD
from miniprogram.documents.index import index_document, indexing
from miniprogram.documents.index.compile_row import compile_row
from miniprogram.documents.index.index_document import read_index
from miniprogram.documents.index.indexing import reindex
from miniprogram.documents.index.listing import states_of, title_of
from miniprogram.errors import MiniProgramError, StoreError
from miniprogram.publish.layouts.cloud import cloud_layout
from miniprogram.publish.to_store import publish_to_store
from miniprogram.seams.object_store import ObjectStore
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import FaultyStore, interleavings, sample_release


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
