"""How files are sent to a store, and what a refusal to store them suggests."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from threading import Condition
from typing import Any

import pytest

from miniprogram.errors import PublishError, StoreError
from miniprogram.publish import to_store
from miniprogram.publish.layouts.static import static_layout
from miniprogram.publish.published_state import is_below
from miniprogram.publish.to_store import plan_to_store, publish_to_store
from miniprogram.seams.object_store import ObjectStore
from miniprogram.stores.backoff import Backoff
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import (
    InterleavingStore,
    sample_release,
    sample_screens,
)
from publish.versions import release


class FullStore(MemoryObjectStore):
    """Takes several files at once, and not this one."""

    def __init__(self, full: str) -> None:
        super().__init__()
        self._full = full

    def put(self, key: str, body: bytes, **options: Any) -> str:
        if key == self._full:
            raise StoreError("the disk is full")
        return super().put(key, body, **options)


def test_one_of_many_files_that_cannot_be_stored_ends_it() -> None:
    layout = static_layout(release())
    store = FullStore(layout.files[0].key)

    with pytest.raises(StoreError, match="the disk is full"):
        publish_to_store(store, layout)

    assert store.get(layout.pointers[0].key) is None
    assert store.get(layout.files[-1].key) is None


class Crowded(MemoryObjectStore):
    """Takes `at_once` files at once, and stores none before so many came."""

    def __init__(self, at_once: int) -> None:
        super().__init__()
        self.parallel_writes = at_once
        self._changed, self._inside = Condition(), 0
        self.most = 0

    def put(self, key: str, body: bytes, **options: Any) -> str:
        if not key.startswith("screens/"):
            return super().put(key, body, **options)
        with self._changed:
            self._inside += 1
            self.most = max(self.most, self._inside)
            self._changed.notify_all()
            if not self._changed.wait_for(lambda: self.most >= self.parallel_writes, timeout=5):
                raise StoreError("they do not come together")
            self._inside -= 1
        return super().put(key, body, **options)


@pytest.mark.parametrize("at_once", [1, 2, 3])
def test_a_store_is_sent_as_many_files_at_once_as_it_takes(at_once: int) -> None:
    store = Crowded(at_once)

    publish_to_store(store, static_layout(release(more=True)))

    assert store.most == at_once


class Failing(MemoryObjectStore):
    """Fails with the first screen, and takes a while for each other."""

    def __init__(self, at_once: int) -> None:
        super().__init__()
        self.parallel_writes = at_once
        self.screens: list[str] = []

    def put(self, key: str, body: bytes, **options: Any) -> str:
        if key.startswith("screens/"):
            self.screens.append(key)
            if len(self.screens) == 1:
                raise StoreError("the disk is full")
            time.sleep(0.005)
        return super().put(key, body, **options)


@pytest.mark.parametrize(("at_once", "most"), [(1, 1), (2, 200)])
def test_after_a_failure_no_other_file_is_sent(at_once: int, most: int) -> None:
    """But for those that were on their way, where several are."""
    many = {f"shop_{number}": {"type": "text", "data": f"{number}"} for number in range(400)}
    store = Failing(at_once)

    with pytest.raises(StoreError, match="the disk is full"):
        publish_to_store(store, static_layout(sample_release(screens={**sample_screens(), **many})))

    assert len(store.screens) <= most


def test_whoever_is_overtaken_all_the_time_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Others publish the same content, and write its claim anew before each of our writes of it."""
    monkeypatch.setattr(to_store, "Backoff", partial(Backoff, sleep=lambda _: None))
    layout = static_layout(release())
    written = count(1)

    def overtake(inner: ObjectStore) -> None:
        inner.put(layout.record_key, layout.claim_body() + b" " * next(written))

    store = InterleavingStore()
    store.before("put", layout.record_key, *[overtake] * 1000)

    with pytest.raises(StoreError, match="is being changed by others all the time"):
        publish_to_store(store, layout)

    assert store.inner.get(layout.pointers[0].key) is None
    assert not store.all_met, "it gave up, and not the others"


def test_a_pointer_moves_within_what_is_around_it() -> None:
    entered: list[bool] = []
    store, layout = MemoryObjectStore(), static_layout(release())

    @contextmanager
    def around() -> Iterator[None]:
        entered.append(store.get(layout.pointers[0].key) is None)
        yield

    for _ in range(2):
        publish_to_store(store, layout, around=around)

    assert entered == [True], "before it moves, and not when it stays"


class Unconditional(MemoryObjectStore):
    """A store that finds out that it cannot write on condition."""

    def require_conditions(self) -> None:
        raise StoreError("no conditional writes here")


def test_a_plan_asks_the_store_whether_it_can_write_on_condition() -> None:
    with pytest.raises(StoreError, match="no conditional writes here"):
        plan_to_store(Unconditional(), static_layout(release()))


def test_a_refusal_suggests_the_next_version() -> None:
    store = MemoryObjectStore()
    publish_to_store(store, static_layout(release(text="other")))

    with pytest.raises(PublishError) as caught:
        publish_to_store(store, static_layout(release()))

    assert (caught.value.hint or "").endswith("raise the version in manifest.json, for example to 1.0.1.")


def test_a_refusal_suggests_nothing_where_the_next_version_cannot_be_told() -> None:
    store = MemoryObjectStore()
    publish_to_store(store, static_layout(release("01.0.0", text="other")))

    with pytest.raises(PublishError) as caught:
        publish_to_store(store, static_layout(release("01.0.0")))

    assert (caught.value.hint or "").endswith("raise the version in manifest.json.")


@pytest.mark.parametrize(
    ("version", "served", "below"),
    [("1.0.0", "1.0.1", True), ("1.0.1", "1.0.1", False), ("1.1.0", "1.0.1", False), ("1.0.0", None, False),
     ("1.0.0", "whatever", False), ("whatever", "1.0.0", False)],
)  # fmt: skip
def test_a_version_nobody_can_compare_never_says_no(version: str, served: str | None, *, below: bool) -> None:
    assert is_below(version, served) is below
