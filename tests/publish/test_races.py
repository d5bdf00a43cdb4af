"""Two people publishing at once, at every moment of each other: no work is lost, no version is a mixture."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from miniprogram.errors import PublishError
from miniprogram.publish.layouts.cloud import CloudLocation, cloud_layout
from miniprogram.publish.layouts.layout import Layout
from miniprogram.publish.layouts.local import local_layout
from miniprogram.publish.layouts.static import static_layout
from miniprogram.publish.to_store import publish_to_store
from miniprogram.seams.object_store import ObjectStore
from miniprogram.seams.publish_target import Release
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.strict_json import to_pretty_json
from miniprogram.testing import (
    PNG,
    InterleavingStore,
    image_screen,
    interleavings,
    sample_release,
    sample_screens,
)

LayOut = Callable[[Release], Layout]
PLACE = CloudLocation("aws", "prod", "b", "eu-west-1", api_base_url="https://api.example/prod/api")
LAYOUTS: dict[str, LayOut] = {
    "local": lambda release: local_layout(release, base_url=None),
    "static": static_layout,
    "cloud": lambda release: cloud_layout(release, PLACE),
}


@pytest.fixture(params=list(LAYOUTS))
def lay_out(request: pytest.FixtureRequest) -> LayOut:
    return LAYOUTS[request.param]


def version(number: str, text: str = "Welcome") -> Release:
    return sample_release(version=number, screens=sample_screens(text=text))


def publisher(layout: Layout, outcomes: list[tuple[Layout, bool]]) -> Callable[[ObjectStore], None]:
    """Publish `layout`, and note whether that went well."""

    def publish(store: ObjectStore) -> None:
        try:
            publish_to_store(store, layout)
        except PublishError:
            outcomes.append((layout, False))
        else:
            outcomes.append((layout, True))

    return publish


def with_published(*layouts: Layout) -> Callable[[], ObjectStore]:
    def make() -> ObjectStore:
        store = MemoryObjectStore()
        for layout in layouts:
            publish_to_store(store, layout)
        return store

    return make


def body_of(store: ObjectStore, key: str) -> bytes:
    found = store.get(key)
    assert found is not None, key
    return found.body


def served(store: ObjectStore, layout: Layout) -> list[str | None]:
    """The version each pointer names that names one."""
    versions = [layout.served(body_of(store, pointer.key)) for pointer in layout.pointers]
    return [found for found in versions if found is not None]


def assert_whole(store: ObjectStore, layout: Layout) -> None:
    for file in layout.files:
        assert body_of(store, file.key) == file.body, file.key
    assert json.loads(body_of(store, layout.record_key))["bundle"]["digest"] == layout.digest


@pytest.mark.parametrize("before", [(), ("1.0.0",)], ids=["first publish", "later publish"])
@pytest.mark.parametrize(
    ("ours", "theirs"), [("1.1.0", "1.2.0"), ("1.2.0", "1.1.0")], ids=["they are higher", "we are higher"]
)
def test_the_highest_of_two_versions_is_served_and_each_that_was_published_is_whole(
    lay_out: LayOut, before: tuple[str, ...], ours: str, theirs: str
) -> None:
    mine, other = lay_out(version(ours, "ours")), lay_out(version(theirs, "theirs"))
    start = with_published(*(lay_out(version(each)) for each in before))
    outcomes: list[tuple[Layout, bool]] = []

    for store in interleavings(start, publisher(mine, outcomes), publisher(other, outcomes)):
        # of the undisturbed run and the one at hand only the latter counts
        published = [layout for layout, done in outcomes[-2:] if done]
        assert {layout.version for layout in published} >= {max(ours, theirs)}
        assert set(served(store, mine)) == {max(ours, theirs)}
        for layout in published:
            assert_whole(store, layout)


def test_two_contents_of_one_version_are_never_mixed(lay_out: LayOut) -> None:
    mine, other = lay_out(version("1.0.0", "ours")), lay_out(version("1.0.0", "theirs"))
    outcomes: list[tuple[Layout, bool]] = []

    for store in interleavings(MemoryObjectStore, publisher(mine, outcomes), publisher(other, outcomes)):
        winners = [layout for layout, done in outcomes[-2:] if done]
        assert len(winners) == 1
        assert_whole(store, winners[0])


def test_the_same_content_published_twice_at_once_is_published(lay_out: LayOut) -> None:
    mine, other = lay_out(version("1.0.0")), lay_out(version("1.0.0"))
    outcomes: list[tuple[Layout, bool]] = []

    for store in interleavings(MemoryObjectStore, publisher(mine, outcomes), publisher(other, outcomes)):
        assert [done for _, done in outcomes[-2:]] == [True, True]
        assert_whole(store, mine)


@pytest.mark.parametrize("files", ["none", "first", "all but manifest", "all"])
@pytest.mark.parametrize("text", ["abandoned", "theirs"], ids=["other files", "files that are as theirs"])
def test_an_abandoned_publish_is_taken_over_by_one_of_two(lay_out: LayOut, files: str, text: str) -> None:
    """Somebody began other content and gave up; two others come at once, each with content of their own.

    What was left may be, byte for byte, what one of them wants, so an entity tag alone does not tell whose it is.
    """
    surplus = {"shop_extra": {"type": "text", "data": "theirs"}}
    ours = lay_out(version("1.0.0", "ours"))
    screens = {**sample_screens(text="theirs"), **surplus}
    theirs = lay_out(sample_release(version="1.0.0", screens=screens))
    remains = {**screens, **sample_screens(text=text), "shop_extra": {"type": "text", "data": text}, "shop_x": {}}
    abandoned = lay_out(sample_release(version="1.0.0", screens=remains))
    left = {"none": 0, "first": 1, "all but manifest": -1, "all": None}[files]
    outcomes: list[tuple[Layout, bool]] = []

    def start() -> ObjectStore:
        store = MemoryObjectStore()
        store.put(abandoned.record_key, abandoned.claim_body())
        for file in abandoned.files[:left]:
            store.put(file.key, file.body)
        return store

    for one, other in ((ours, theirs), (theirs, ours)):
        for store in interleavings(start, publisher(one, outcomes), publisher(other, outcomes)):
            winners = [layout for layout, done in outcomes[-2:] if done]
            assert len(winners) == 1
            assert_whole(store, winners[0])


def test_whoever_lost_the_claim_does_not_write_over_a_file(lay_out: LayOut) -> None:
    """Not even for a moment: somebody may be reading it."""
    ours, theirs = lay_out(version("1.0.0", "ours")), lay_out(version("1.0.0", "theirs"))
    store = InterleavingStore()
    key = ours.files[0].key
    store.inner.put(ours.record_key, lay_out(version("1.0.0", "given up")).claim_body())
    store.inner.put(key, b"of what was given up")
    store.after("get", key, lambda inner: inner.put(ours.record_key, theirs.claim_body()))

    with pytest.raises(PublishError, match="somebody else is publishing"):
        publish_to_store(store, ours)

    assert store.all_met
    assert ("put", key) not in store.calls


def test_two_programs_published_at_once_are_both_listed() -> None:
    shop, cafe = static_layout(sample_release("shop")), static_layout(sample_release("cafe"))
    outcomes: list[tuple[Layout, bool]] = []

    for store in interleavings(MemoryObjectStore, publisher(shop, outcomes), publisher(cafe, outcomes)):
        listed = json.loads(body_of(store, "discovery/mini-programs.json"))
        assert listed["entryCount"] == 2


def test_what_a_person_adds_to_a_pointer_meanwhile_stays(lay_out: LayOut) -> None:
    """A note is added at every moment; where the pointer keeps members it does not know, it keeps this one."""
    old, new = lay_out(version("1.0.0")), lay_out(version("1.1.0"))
    pointers = [each.key for each in new.pointers if new.served(body_of(with_published(old)(), each.key))]

    for key in pointers:

        def annotate(inner: ObjectStore, key: str = key) -> None:
            document = json.loads(body_of(inner, key))
            inner.put(key, to_pretty_json({**document, "note": "mine"}))

        start = with_published(old)
        store = InterleavingStore(start())
        annotate(store.inner)
        publish_to_store(store.inner, new)
        keeps = "note" in json.loads(body_of(store.inner, key))

        for after in interleavings(start, lambda store: publish_to_store(store, new), annotate):
            document = json.loads(body_of(after, key))
            assert new.served(body_of(after, key)) == "1.1.0"
            assert ("note" in document) or not keeps


def test_two_new_addresses_for_one_version_end_with_one_of_them() -> None:
    """Files that hold an address are written anew; the record must name the one they hold."""
    screens = {**sample_screens(), "shop_picture": image_screen(), "shop_other": image_screen()}
    release = sample_release(screens=screens, assets={"logo.png": PNG})
    old, mine, other = (
        local_layout(release, base_url=f"https://{name}.example/") for name in ("old", "ours", "theirs")
    )
    outcomes: list[tuple[Layout, bool]] = []

    for store in interleavings(with_published(old), publisher(mine, outcomes), publisher(other, outcomes)):
        assert [done for _, done in outcomes[-2:]] == [True, True]
        held = {
            name
            for name in ("old", "ours", "theirs")
            for file in mine.files
            if f"https://{name}.example/".encode() in body_of(store, file.key)
        }
        assert len(held) == 1
        assert f"https://{held.pop()}.example/" in body_of(store, mine.record_key).decode()
