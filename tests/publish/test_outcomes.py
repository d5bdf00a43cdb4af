"""What a publish says it did is what happened in the store, and a plan says the same before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from miniprogram.errors import PublishError, StoreError
from miniprogram.publish.layouts.cloud import CloudLocation, cloud_layout
from miniprogram.publish.layouts.layout import Layout
from miniprogram.publish.layouts.local import local_layout
from miniprogram.publish.layouts.static import static_layout
from miniprogram.publish.published_state import is_below
from miniprogram.publish.to_store import plan_to_store, publish_to_store
from miniprogram.seams.object_store import ObjectStore
from miniprogram.seams.publish_target import Release
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import PNG, FaultyStore, image_screen, sample_release, sample_screens

LayOut = Callable[[Release], Layout]
PLACE = CloudLocation("aws", "prod", "b", "eu-west-1", api_base_url="https://api.example/prod/api")
OLD, NEW = "https://old.example/", "https://new.example/"
LAYOUTS: dict[str, LayOut] = {
    "local": lambda release: local_layout(release, base_url=release.base_url),
    "static": static_layout,
    "cloud": lambda release: cloud_layout(release, PLACE),
}


def release(version: str = "1.0.0", text: str = "Welcome", base_url: str = OLD, *, more: bool = False) -> Release:
    screens = {**sample_screens(text=text), "shop_picture": image_screen()}
    if more:
        screens["shop_more"] = {"type": "text", "data": text}
    return sample_release(version=version, screens=screens, assets={"logo.png": PNG}, base_url=base_url)


@dataclass
class Situation:
    """What is in the store, what is published, and what becomes of it: an outcome, or words of the refusal."""

    before: Callable[[MemoryObjectStore, LayOut], None]
    release: Release
    options: dict[str, Any] = field(default_factory=dict)
    refused: str = ""
    is_latest: bool = True
    served_before: str | None = None
    again: Callable[[Layout], set[str]] = lambda _: set()
    """Keys that are written although their bytes stay, to make sure that nobody loads a mixture meanwhile."""


def published(*releases: Release) -> Callable[[MemoryObjectStore, LayOut], None]:
    def act(store: MemoryObjectStore, lay_out: LayOut) -> None:
        for each in releases:
            publish_to_store(store, lay_out(each), allow_older=True)

    return act


def interrupted(given: Release, writes: int) -> Callable[[MemoryObjectStore, LayOut], None]:
    def act(store: MemoryObjectStore, lay_out: LayOut) -> None:
        with pytest.raises(StoreError):
            publish_to_store(FaultyStore(store, fail_at=writes), lay_out(given))

    return act


def without(*which: Callable[[Layout], str]) -> Callable[[MemoryObjectStore, LayOut], None]:
    def act(store: MemoryObjectStore, lay_out: LayOut) -> None:
        layout = lay_out(release())
        publish_to_store(store, layout)
        for key in which:
            store.delete(key(layout))

    return act


HIGH_AND_LOW = published(release("2.0.0"), release("1.0.0"), release("2.0.0"))
SITUATIONS = {
    "nothing": Situation(lambda *_: None, release()),
    "the same": Situation(published(release()), release(), served_before="1.0.0"),
    "an older one": Situation(published(release("0.9.0")), release(), served_before="0.9.0"),
    "a higher one": Situation(published(release("2.0.0")), release(), refused="would take hosts back"),
    "a higher one, said": Situation(
        published(release("2.0.0")), release(), {"allow_older": True}, served_before="2.0.0"
    ),
    "it, and a higher one": Situation(
        published(release("1.0.0"), release("2.0.0")), release(), is_latest=False, served_before="2.0.0"
    ),
    "it, and a higher one, said": Situation(
        published(release("1.0.0"), release("2.0.0")), release(), {"allow_older": True}, served_before="2.0.0"
    ),
    "other content": Situation(published(release(text="other")), release(), refused="with other content"),
    "other content, replaced": Situation(
        published(release(text="other", more=True)),
        release(),
        {"replace": True},
        served_before="1.0.0",
        again=lambda layout: {layout.files[-1].key},
    ),
    "a beginning": Situation(interrupted(release(), 3), release()),
    "a beginning of other content": Situation(interrupted(release(text="other", more=True), 5), release()),
    "other addresses": Situation(published(release(base_url=NEW)), release(), served_before="1.0.0"),
    "no record": Situation(without(lambda layout: layout.record_key), release(), served_before="1.0.0"),
    "no manifest": Situation(
        without(lambda layout: layout.files[-1].key),
        release(),
        served_before="1.0.0",
        again=lambda layout: set() if layout.trusts_records else {layout.record_key},
    ),
    "no screen": Situation(
        without(lambda layout: layout.files[0].key),
        release(),
        served_before="1.0.0",
        again=lambda layout: set() if layout.trusts_records else {layout.record_key},
    ),
    "no record and no screen": Situation(
        without(lambda layout: layout.record_key, lambda layout: layout.files[0].key),
        release(),
        refused="with other content",
    ),
    "a record of nothing": Situation(
        lambda store, lay_out: store.put(lay_out(release()).record_key, b"{}") and None,
        release(),
        refused="with other content",
    ),
    "no pointer": Situation(without(lambda layout: layout.pointers[0].key), release()),
}


def contents(store: ObjectStore) -> dict[str, bytes]:
    return {info.key: store.get(info.key).body for info in store.list("")}  # type: ignore[union-attr]


@pytest.mark.parametrize("lay_out", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("given", SITUATIONS.values(), ids=SITUATIONS)
def test_what_is_said_is_what_happens_and_a_plan_says_it_before(given: Situation, lay_out: LayOut) -> None:
    store = MemoryObjectStore()
    given.before(store, lay_out)
    before, layout = contents(store), lay_out(given.release)
    if given.refused:
        for act in (plan_to_store, publish_to_store):
            with pytest.raises(PublishError, match=given.refused):
                act(store, layout, **given.options)
        assert contents(store) == before
        return

    plan = plan_to_store(store, layout, **given.options)
    assert contents(store) == before
    outcome = publish_to_store(store, layout, **given.options)
    after = contents(store)

    ours = {*(file.key for file in layout.files), layout.record_key, *(pointer.key for pointer in layout.pointers)}
    written = {key for key in after if after[key] != before.get(key)}
    again = given.again(layout) - written
    assert outcome.written == tuple(sorted(written | again))
    assert {*plan.written} | again == {*outcome.written}
    assert (plan.removed, plan.is_latest, plan.served_before) == (
        outcome.removed, outcome.is_latest, outcome.served_before,
    )  # fmt: skip
    assert {*plan.written, *plan.unchanged} == ours == {*outcome.written, *outcome.unchanged}
    assert outcome.removed == tuple(sorted(before.keys() - after.keys()))
    assert outcome.unchanged == tuple(sorted(ours - written - again))
    assert outcome.changed is plan.changed is (after != before)
    assert (outcome.is_latest, outcome.served_before) == (given.is_latest, given.served_before)
    assert (outcome.stays_latest(given.release.bundle) is None) == given.is_latest
    assert plan_to_store(store, layout, **given.options).changed is False


def test_a_refusal_suggests_the_next_version() -> None:
    store = MemoryObjectStore()
    publish_to_store(store, static_layout(release(text="other")))

    with pytest.raises(PublishError) as caught:
        publish_to_store(store, static_layout(release()))

    assert (caught.value.hint or "").endswith("raise the version in manifest.json, for example to 1.0.1.")


@pytest.mark.parametrize(
    ("version", "served", "below"),
    [("1.0.0", "1.0.1", True), ("1.0.1", "1.0.1", False), ("1.1.0", "1.0.1", False), ("1.0.0", None, False),
     ("1.0.0", "whatever", False), ("whatever", "1.0.0", False)],
)  # fmt: skip
def test_a_version_nobody_can_compare_never_says_no(version: str, served: str | None, *, below: bool) -> None:
    assert is_below(version, served) is below


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
