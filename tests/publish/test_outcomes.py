"""What a publish says it did is what happened in the store, and a plan says the same before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from miniprogram.errors import PublishError, StoreError
from miniprogram.publish.layouts.cloud import CloudLocation, cloud_layout
from miniprogram.publish.layouts.layout import Layout
from miniprogram.publish.layouts.local import local_layout
from miniprogram.publish.layouts.static import static_layout
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


def without(which: Callable[[Layout], str]) -> Callable[[MemoryObjectStore, LayOut], None]:
    def act(store: MemoryObjectStore, lay_out: LayOut) -> None:
        layout = lay_out(release())
        publish_to_store(store, layout)
        store.delete(which(layout))

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
