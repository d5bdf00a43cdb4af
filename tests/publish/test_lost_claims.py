"""A publisher who loses the version while writing it stops, and takes nothing from whoever won it.

Somebody began the version and gave up, so there are files to replace and to remove. `ours` comes, then `theirs`.
"""

from __future__ import annotations

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
from miniprogram.testing import InterleavingStore, interleavings, sample_release, sample_screens

PLACE = CloudLocation("aws", "prod", "b", "eu-west-1", api_base_url="https://api.example/prod/api")
LAYOUTS: dict[str, Callable[[Release], Layout]] = {
    "local": lambda release: local_layout(release, base_url=None),
    "static": static_layout,
    "cloud": lambda release: cloud_layout(release, PLACE),
}
REMAINS = b"of what was given up"


def release(text: str, *surplus: str) -> Release:
    """The first file is the same whatever the text."""
    more = {name: {"type": "text", "data": text} for name in surplus}
    screens = {**sample_screens(text=text), "shop_common": {"type": "text", "data": "the same"}, **more}
    return sample_release(version="1.0.0", screens=screens)


class Race:
    """What was given up, ours and theirs, in a store where they meet."""

    def __init__(self, lay_out: Callable[[Release], Layout]) -> None:
        self.ours, self.theirs = lay_out(release("ours")), lay_out(release("theirs", "shop_surplus"))
        self.given_up = lay_out(release("given up"))
        self.record = self.ours.record_key
        self.common, _, self.home, _ = (file.key for file in self.ours.files)
        (self.surplus,) = {file.key for file in self.theirs.files} - {file.key for file in self.ours.files}
        self.memory = MemoryObjectStore()
        self.store = InterleavingStore(self.memory)
        self.memory.put(self.record, self.given_up.claim_body())
        files = {file.key: file for file in self.theirs.files}
        for key in (self.common, self.home, self.surplus):
            self.memory.put(key, REMAINS, **files[key].headers)

    def they_claim(self, inner: ObjectStore) -> None:
        inner.put(self.record, self.theirs.claim_body())

    def they_publish(self, inner: ObjectStore) -> None:
        publish_to_store(inner, self.theirs)

    def lose(self, match: str = "somebody else is publishing") -> PublishError:
        with pytest.raises(PublishError, match=match) as caught:
            publish_to_store(self.store, self.ours)
        assert self.store.all_met
        return caught.value

    def body(self, key: str) -> bytes | None:
        found = self.memory.get(key)
        return found.body if found is not None else None

    @property
    def changes(self) -> list[tuple[str, str]]:
        """What we did to the files, in order."""
        changing = [(method, key) for method, key in self.store.calls if method in {"put", "delete"}]
        return [(method, key) for method, key in changing if key != self.record]


@pytest.fixture(params=list(LAYOUTS))
def race(request: pytest.FixtureRequest) -> Race:
    return Race(LAYOUTS[request.param])


def holds_exactly(store: ObjectStore, layout: Layout) -> bool:
    """Whether every file of the release is there, and no other one in its folders."""
    bodies = {file.key: file.body for file in layout.files}
    found = {key: each.body for key in bodies if (each := store.get(key)) is not None}
    present = {info.key for prefix in layout.owned for info in store.list(prefix)}
    return found == bodies and present <= bodies.keys()


def test_a_file_replaced_too_late_is_as_it_was_and_nothing_else_is_written(race: Race) -> None:
    headers = race.memory.headers[race.home]
    race.store.before("put", race.home, race.they_claim)

    error = race.lose("with other content, and a version has one content")

    assert "if it was given up, run again" in (error.hint or "")
    assert (race.body(race.home), race.memory.headers[race.home]) == (REMAINS, headers)
    assert race.changes[-2:] == [("put", race.home)] * 2
    race.they_publish(race.memory)
    assert holds_exactly(race.memory, race.theirs)


def test_a_file_removed_too_late_is_there_again_and_nothing_else_is_written(race: Race) -> None:
    headers = race.memory.headers[race.surplus]
    race.store.before("delete", race.surplus, race.they_claim)

    race.lose()

    assert (race.body(race.surplus), race.memory.headers[race.surplus]) == (REMAINS, headers)
    assert race.changes[-2:] == [("delete", race.surplus), ("put", race.surplus)]


def test_what_the_winner_does_not_have_is_not_put_back(race: Race) -> None:
    """They find nothing to remove, because we removed it before."""
    junk = race.surplus.replace("shop_surplus", "shop_junk")
    race.memory.put(junk, REMAINS)
    race.store.before("delete", junk, race.they_claim)
    race.store.after("delete", junk, race.they_publish)

    race.lose("already published")

    assert holds_exactly(race.memory, race.theirs)


def test_what_the_winner_found_as_it_wants_it_is_not_put_back(race: Race) -> None:
    """They claim the version before our write, and find what we wrote to be what they would write."""
    race.store.before("put", race.common, race.they_claim)
    race.store.after("put", race.common, race.they_publish)

    race.lose("already published")

    assert holds_exactly(race.memory, race.theirs)


def test_what_somebody_wrote_after_us_is_not_put_back(race: Race) -> None:
    race.store.before("put", race.home, race.they_claim)
    race.store.after("put", race.home, lambda inner: inner.put(race.home, b"theirs"))

    race.lose()

    assert race.body(race.home) == b"theirs"


@pytest.mark.parametrize(("method", "which"), [("put", "home"), ("delete", "surplus")])
def test_what_somebody_writes_while_we_put_back_stays(race: Race, method: str, which: str) -> None:
    key = getattr(race, which)
    race.store.before(method, key, race.they_claim)  # type: ignore[arg-type]
    race.store.before("put", key, lambda inner: inner.put(key, b"theirs"))

    race.lose()

    assert race.body(key) == b"theirs"


def test_whoever_lost_the_claim_does_not_remove_a_file(race: Race) -> None:
    """Not even for a moment: somebody may be reading it."""
    race.store.after("get", race.surplus, race.they_claim)

    race.lose()

    assert ("delete", race.surplus) not in race.changes


@pytest.mark.parametrize("left", [None, b"broken"], ids=["removed", "broken"])
@pytest.mark.parametrize(("side", "method"), [("after", "get"), ("before", "put")], ids=["found", "written"])
def test_whoever_finds_no_claim_any_more_stops_and_says_so(
    race: Race, side: str, method: str, left: bytes | None
) -> None:
    def disturb(inner: ObjectStore) -> None:
        inner.delete(race.record) if left is None else inner.put(race.record, left)

    getattr(race.store, side)(method, race.home, disturb)

    error = race.lose()

    assert error.hint
    assert race.body(race.home) == REMAINS


def test_whoever_writes_where_a_file_went_meanwhile_is_told_who_won(race: Race) -> None:
    race.store.before("get", race.home, lambda inner: inner.delete(race.home))
    race.store.before("put", race.home, race.they_claim)

    race.lose()


def test_what_somebody_else_removed_is_not_called_removed_by_us(race: Race) -> None:
    race.store.before("get", race.surplus, lambda inner: inner.delete(race.surplus))

    assert publish_to_store(race.store, race.ours).removed == ()
    assert race.store.all_met


def test_what_is_written_to_a_leftover_before_it_is_removed_does_not_keep_it(race: Race) -> None:
    """Somebody who lost to us puts back what was there."""
    race.store.before("delete", race.surplus, lambda inner: inner.put(race.surplus, b"put back"))

    assert publish_to_store(race.store, race.ours).removed == (race.surplus,)
    assert race.store.all_met
    assert holds_exactly(race.memory, race.ours)


def test_whoever_is_overtaken_by_the_same_content_has_nothing_left_to_write(race: Race) -> None:
    race.store.after("put", race.common, lambda inner: publish_to_store(inner, race.ours))

    publish_to_store(race.store, race.ours)

    assert race.store.all_met
    assert race.changes == [("put", race.common)]
    assert holds_exactly(race.memory, race.ours)


def test_what_was_given_up_is_finished_by_two_with_the_same_content(race: Race) -> None:
    def start() -> ObjectStore:
        store = MemoryObjectStore()
        for info in race.memory.list(""):
            store.put(info.key, race.body(info.key) or b"")
        return store

    def publish(store: ObjectStore) -> None:
        publish_to_store(store, race.ours)

    for store in interleavings(start, publish, publish):
        assert holds_exactly(store, race.ours)
