"""Publishing into an object store: whole or not at all, once, and never twice different."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from miniprogram.delivery.documents.kinds import TRUST_TIMESTAMP
from miniprogram.errors import PublishError, StoreError
from miniprogram.publish.layouts.cloud import CloudLocation, cloud_layout
from miniprogram.publish.layouts.layout import Layout
from miniprogram.publish.layouts.local import local_layout
from miniprogram.publish.layouts.static import static_layout
from miniprogram.publish.to_store import plan_to_store, publish_to_store
from miniprogram.seams.object_store import ObjectStore, StoredObject
from miniprogram.seams.publish_target import Release
from miniprogram.stores.filesystem import FilesystemObjectStore
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import PNG, FaultyStore, image_screen, sample_release, sample_screens

BASE = "https://programs.example/"
PLACE = CloudLocation("aws", "prod", "b", "eu-west-1", api_base_url="https://api.example/prod/api")

LAYOUTS: dict[str, Callable[[Release], Layout]] = {
    "local": lambda release: local_layout(release, base_url=BASE),
    "static": static_layout,
    "cloud": lambda release: cloud_layout(release, PLACE),
}


@pytest.fixture(params=list(LAYOUTS))
def lay_out(request: pytest.FixtureRequest) -> Callable[[Release], Layout]:
    return LAYOUTS[request.param]


def release_of(version: str = "1.0.0", text: str = "Welcome", **options: object) -> Release:
    screens = {**sample_screens(text=text), "shop_picture": image_screen()}
    return sample_release(version=version, screens=screens, assets={"logo.png": PNG}, base_url=BASE, **options)  # type: ignore[arg-type]


def served(store: ObjectStore, layout: Layout) -> str | None:
    """The version hosts get, after looking whether all of it is there."""
    found = store.get(layout.pointers[0].key)
    return None if found is None else layout.served(found.body)


def assert_whole(store: ObjectStore, layout: Layout) -> None:
    for file in layout.files:
        found = store.get(file.key)
        assert found is not None, file.key
        assert found.body == file.body, file.key


def test_the_pointer_hosts_read_is_written_after_everything_it_leads_to(
    lay_out: Callable[[Release], Layout],
) -> None:
    store, layout = FaultyStore(), lay_out(release_of())

    publish_to_store(store, layout)

    *before, manifest, record = store.writes[: store.writes.index(layout.pointers[0].key)]
    assert record == layout.record_key
    assert manifest == layout.files[-1].key
    assert set(before) == {file.key for file in layout.files[:-1]} | {layout.record_key}


def test_killed_anywhere_the_old_release_is_served_whole_and_running_again_completes(
    lay_out: Callable[[Release], Layout],
) -> None:
    old, new = lay_out(release_of()), lay_out(release_of("1.1.0", "New"))
    calls = FaultyStore()
    publish_to_store(calls, old)
    calls.writes.clear()
    publish_to_store(calls, new)

    for fail_at in range(len(calls.writes)):
        kept = MemoryObjectStore()
        publish_to_store(kept, old)

        with pytest.raises(StoreError):
            publish_to_store(FaultyStore(kept, fail_at=fail_at), new)

        moved = calls.writes.index(new.pointers[0].key) < fail_at
        assert served(kept, old) == ("1.1.0" if moved else "1.0.0")
        assert_whole(kept, new if moved else old)

        publish_to_store(kept, new)
        assert served(kept, new) == "1.1.0"
        assert_whole(kept, new)
        assert_whole(kept, old)
        assert not publish_to_store(kept, new).changed


def test_a_killed_publish_may_be_followed_by_other_content(lay_out: Callable[[Release], Layout]) -> None:
    first, second = lay_out(release_of(text="First")), lay_out(sample_release(base_url=BASE))
    calls = FaultyStore()
    publish_to_store(calls, first)
    record = len(calls.writes) - 1 - calls.writes[::-1].index(first.record_key)

    for fail_at in range(record):
        kept = MemoryObjectStore()
        with pytest.raises(StoreError):
            publish_to_store(FaultyStore(kept, fail_at=fail_at), first)

        publish_to_store(kept, second)

        assert_whole(kept, second)
        leftover = {info.key for prefix in second.owned for info in kept.list(prefix)}
        assert leftover == {file.key for file in second.files if file.key.startswith(second.owned)}


def test_a_repeated_publish_reads_twice_and_writes_nothing() -> None:
    store, layout = FaultyStore(), cloud_layout(release_of(), PLACE)
    publish_to_store(store, layout)
    store.writes.clear()
    store.reads.clear()

    outcome = publish_to_store(store, layout)

    assert (store.writes, len(store.reads)) == ([], 2)
    assert not outcome.changed


def test_nothing_is_read_per_file(lay_out: Callable[[Release], Layout]) -> None:
    many = {f"shop_{number}": {"type": "text", "data": f"{number}"} for number in range(300)}
    screens = {**sample_screens(), **many}
    store = FaultyStore()

    publish_to_store(store, lay_out(sample_release(screens=screens)))

    assert len(store.reads) < 12


def test_the_next_version_writes_only_what_changed(tmp_path: object) -> None:
    many = {f"shop_{number}": {"type": "text", "data": f"{number}"} for number in range(40)}
    store = CountingFiles(tmp_path)
    first = local_layout(sample_release(screens={**sample_screens(), **many}), base_url=None)
    publish_to_store(store, first)
    store.puts.clear()
    store.gets.clear()

    changed = {**sample_screens(), **many, "shop_7": {"type": "text", "data": "changed"}}
    second = local_layout(sample_release(version="1.0.1", screens=changed), base_url=None)
    publish_to_store(store, second)

    assert sorted(set(store.puts)) == [
        "manifests/shop/latest.json",
        "manifests/shop/versions/1.0.1.json",
        "releases/shop/1.0.1.json",
        "screens/shop/1.0.1/shop_7.json",
    ]
    assert len(store.gets) < 12, "what is as it was is not read, either"
    assert_whole(store, second)
    assert_whole(store, first)


class CountingFiles(FilesystemObjectStore):
    def __init__(self, root: object) -> None:
        super().__init__(root, exclusive=True)  # type: ignore[arg-type]
        self.puts: list[str] = []
        self.gets: list[str] = []

    def get(self, key: str) -> StoredObject | None:
        self.gets.append(key)
        return super().get(key)

    def put(self, key: str, body: bytes, **options: object) -> str:  # type: ignore[override]
        self.puts.append(key)
        return super().put(key, body, **options)  # type: ignore[arg-type]


def test_a_first_publish_reads_nothing_but_what_it_writes(tmp_path: object) -> None:
    store, layout = CountingFiles(tmp_path), local_layout(release_of(), base_url=BASE)

    outcome = publish_to_store(store, layout)

    signed = {layout.keys.key(TRUST_TIMESTAMP)}  # whether versions are signed there
    assert {*store.gets} <= {*outcome.written} | signed


def test_a_screen_with_an_address_is_never_reused(tmp_path: object) -> None:
    store = CountingFiles(tmp_path)
    publish_to_store(store, local_layout(release_of(), base_url=BASE))

    layout = local_layout(release_of("1.0.1"), base_url=BASE)
    publish_to_store(store, layout)

    found = store.get("screens/shop/1.0.1/shop_picture.json")
    assert found is not None
    assert b"assets/shop/1.0.1/logo.png" in found.body


def test_another_base_url_writes_the_filled_screens_and_the_record_only() -> None:
    store = FaultyStore()
    publish_to_store(store, local_layout(release_of(), base_url=BASE))
    store.writes.clear()

    publish_to_store(store, local_layout(release_of(), base_url="https://else.example/"))

    assert store.writes == ["screens/shop/1.0.0/shop_picture.json", "releases/shop/1.0.0.json"]


def test_a_change_of_base_url_that_was_killed_is_completed() -> None:
    kept = MemoryObjectStore()
    publish_to_store(kept, local_layout(release_of(), base_url=BASE))
    elsewhere = local_layout(release_of(), base_url="https://else.example/")
    with pytest.raises(StoreError):
        publish_to_store(FaultyStore(kept, fail_at=1), elsewhere)

    publish_to_store(kept, elsewhere)

    assert_whole(kept, elsewhere)
    assert not publish_to_store(kept, elsewhere).changed


def test_a_version_another_tool_published_is_adopted_when_its_bytes_are_the_same() -> None:
    kept, layout = MemoryObjectStore(), local_layout(release_of(), base_url=BASE)
    publish_to_store(kept, layout)
    kept.delete(layout.record_key)

    outcome = publish_to_store(kept, layout)

    assert outcome.written == (layout.record_key,)
    other = local_layout(release_of(text="Other"), base_url=BASE)
    kept.delete(layout.record_key)
    with pytest.raises(PublishError, match="already published"):
        publish_to_store(kept, other)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b'{"version": 7}'], ids=repr)
def test_a_pointer_that_is_broken_is_written_anew(body: bytes) -> None:
    kept, layout = MemoryObjectStore(), local_layout(release_of(), base_url=BASE)
    kept.put(layout.pointers[0].key, body)

    publish_to_store(kept, layout)

    assert served(kept, layout) == "1.0.0"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"bundle": 3}', b'{"bundle": {"digest": 1}}'], ids=repr)
def test_a_broken_record_counts_as_one_without_a_digest(body: bytes) -> None:
    kept, layout = MemoryObjectStore(), local_layout(release_of(), base_url=BASE)
    publish_to_store(kept, layout)
    kept.put(layout.record_key, body)

    assert not plan_to_store(kept, layout).removed
    publish_to_store(kept, layout)
    with pytest.raises(PublishError, match="already published"):
        publish_to_store(kept, local_layout(release_of(text="Other"), base_url=BASE))


@pytest.mark.parametrize("rounds", range(5))
def test_of_many_contents_for_one_version_one_wins_whole(rounds: int) -> None:
    store = MemoryObjectStore()
    layouts = [local_layout(release_of(text=f"by {number}"), base_url=BASE) for number in range(6)]

    won = race(store, layouts)

    winners = [layout for layout, first in zip(layouts, won, strict=True) if first]
    assert len(winners) == 1
    assert_whole(store, winners[0])
    assert json.loads(store.get(winners[0].record_key).body)["bundle"]["digest"] == winners[0].digest  # type: ignore[union-attr]


@pytest.mark.parametrize("write", range(7))
def test_whoever_loses_a_version_is_told_that_it_has_one_content(
    lay_out: Callable[[Release], Layout], write: int
) -> None:
    ours, theirs = lay_out(release_of(text="Ours")), lay_out(release_of(text="Theirs"))
    store = Overtaken(write, lambda kept: publish_to_store(kept, theirs))

    with pytest.raises(PublishError, match="already published") as lost:
        publish_to_store(store, ours)

    assert "raise the version" in (lost.value.hint or "")
    assert_whole(store, theirs)


def test_whoever_meets_a_publish_of_other_content_is_told_what_to_do(
    lay_out: Callable[[Release], Layout],
) -> None:
    ours, theirs = lay_out(release_of(text="Ours")), lay_out(release_of(text="Theirs"))

    def begin(kept: MemoryObjectStore) -> None:
        with pytest.raises(StoreError):
            publish_to_store(FaultyStore(kept, fail_at=3), theirs)

    store = Overtaken(2, begin)

    with pytest.raises(PublishError, match="with other content, and a version has one content") as lost:
        publish_to_store(store, ours)

    assert "if it was given up, run again" in (lost.value.hint or "")
    publish_to_store(store, ours)
    assert_whole(store, ours)


@pytest.mark.parametrize("rounds", range(5))
def test_of_many_versions_at_once_the_highest_is_served(rounds: int) -> None:
    store = MemoryObjectStore()
    layouts = [local_layout(release_of(f"1.{number}.0", text=f"{number}"), base_url=BASE) for number in range(8)]

    race(store, layouts)

    assert served(store, layouts[0]) == "1.7.0"
    assert_whole(store, layouts[-1])


@pytest.mark.parametrize("rounds", range(3))
def test_the_same_content_may_be_published_by_many(rounds: int) -> None:
    store = MemoryObjectStore()
    layouts = [local_layout(release_of(), base_url=BASE) for _ in range(6)]

    assert all(race(store, layouts))
    assert_whole(store, layouts[0])


def test_programs_published_at_once_are_all_in_the_catalogue() -> None:
    store = MemoryObjectStore()
    layouts = [static_layout(sample_release(f"program_{number}")) for number in range(8)]

    assert all(race(store, layouts))

    found = store.get("discovery/mini-programs.json")
    assert found is not None
    assert json.loads(found.body)["entryCount"] == 8


class Overtaken(MemoryObjectStore):
    """Before our write number `write` (the first is 0) somebody else does `act`, all of it."""

    parallel_writes = 1

    def __init__(self, write: int, act: Callable[[MemoryObjectStore], object]) -> None:
        super().__init__()
        self._before, self._act = write, act

    def put(self, key: str, body: bytes, **options: Any) -> str:
        self._before -= 1
        if self._before == -1:
            self._act(self)
        return super().put(key, body, **options)


def race(store: ObjectStore, layouts: list[Layout]) -> list[bool]:
    """Whether each was published, all started at once."""
    start = Barrier(len(layouts))

    def publish(layout: Layout) -> bool:
        start.wait()
        try:
            publish_to_store(store, layout)
        except PublishError:
            return False
        return True

    with ThreadPoolExecutor(len(layouts)) as pool:
        return list(pool.map(publish, layouts))
