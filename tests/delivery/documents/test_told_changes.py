"""Somebody tells that documents changed: they are looked at before their age, whoever looks at the same moment."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from miniprogram.delivery.documents.cache import document_cache
from miniprogram.delivery.documents.cache.document_cache import DocumentCache
from miniprogram.delivery.documents.outage import OutageTolerance
from miniprogram.delivery.documents.profile import cloud_profile
from miniprogram.delivery.evaluation.errors import SourceUnavailable, WouldWait
from miniprogram.delivery.http.answers import latest
from miniprogram.delivery.http.messages import Request
from miniprogram.delivery.http.service import DeliveryService

AGE_S = 60.0


class Source:
    """Objects in memory, with a rival who acts at the next look, after it took the marker."""

    def __init__(self, objects: dict[str, bytes]) -> None:
        self.objects = objects
        self.rival: Callable[[], object] | None = None
        self.is_down = False
        self.looks = 0

    def marker(self, key: str) -> object | None:
        if self.is_down:
            raise SourceUnavailable("down")
        self.looks += 1
        found = tuple(self.list(key)) or None if key.endswith("/") else self.objects.get(key)
        rival, self.rival = self.rival, None
        if rival is not None:
            rival()
        return found

    def read(self, key: str) -> bytes | None:
        return self.objects.get(key)

    def list(self, prefix: str) -> list[str]:
        below = {key.removeprefix(prefix) for key in self.objects if key.startswith(prefix)}
        return sorted({prefix + name.partition("/")[0] + ("/" if "/" in name else "") for name in below})


class World:
    def __init__(self, **objects: bytes) -> None:
        self.now = 1000.0
        self.source = Source({name.replace("_", "/"): body for name, body in objects.items()})
        self.cache = DocumentCache(
            self.source, max_staleness_s=AGE_S, clock=lambda: self.now, tolerance=OutageTolerance(15.0, 3600.0)
        )

    def body(self, key: str) -> bytes | None:
        document = self.cache.document(key)
        return None if document is None else document.body


@pytest.mark.parametrize("keys", [["a/b"], None], ids=["key", "gap"])
@pytest.mark.parametrize("later_s", [0.0, 1.0])
def test_what_is_told_of_is_looked_at_again_and_then_is_as_fresh_as_ever(keys, later_s: float) -> None:
    world = World(a_b=b"1")
    world.body("a/b")
    world.source.objects["a/b"] = b"2"
    assert world.body("a/b") == b"1"

    world.now += later_s
    world.cache.expire(keys)

    assert world.body("a/b") == b"2"
    world.now += 1.0
    world.body("a/b")
    looks = world.source.looks
    world.body("a/b")
    assert world.source.looks == looks


def test_others_stay_as_they_are() -> None:
    world = World(a_b=b"1", a_c=b"1")
    world.body("a/c")
    looks = world.source.looks

    assert not world.cache.expire(["a/b", "x/y"])

    world.body("a/c")
    assert world.source.looks == looks


def test_what_appears_and_the_listings_it_is_in_are_found() -> None:
    world = World(a_b=b"1")
    assert (world.body("a/c/d"), world.cache.listing("a/"), world.cache.listing("a/c/")) == (None, ("a/b",), None)
    world.source.objects["a/c/d"] = b"2"

    assert world.cache.expire(["a/c/d"])

    assert world.body("a/c/d") == b"2"
    assert world.cache.listing("a/") == ("a/b", "a/c/")
    assert world.cache.listing("a/c/") == ("a/c/d",)


@pytest.mark.parametrize("keys", [["a/b"], None], ids=["key", "gap"])
@pytest.mark.parametrize("is_known", [False, True])
def test_a_look_that_began_before_the_change_does_not_hide_it(keys, is_known: bool) -> None:
    """The look took the marker, then the object changed and that was told, then the look came back."""
    world = World(a_b=b"1")
    if is_known:
        world.body("a/b")
        world.now += AGE_S

    def change() -> None:
        world.now += 0.01
        world.source.objects["a/b"] = b"2"
        world.cache.expire(keys)

    world.source.rival = change
    world.body("a/b")

    assert world.body("a/b") == b"2"


@pytest.mark.parametrize("keys", [["a/b"], None], ids=["key", "gap"])
def test_who_may_not_wait_does_not_use_what_is_known_to_be_old(keys) -> None:
    world = World(a_b=b"1")
    world.body("a/b")
    in_memory = world.cache.without_source()
    assert in_memory.document("a/b").body == b"1"

    world.cache.expire(keys)

    with pytest.raises(WouldWait):
        in_memory.document("a/b")
    world.now += 0.01
    world.body("a/b")
    assert in_memory.document("a/b").body == b"1"


@pytest.mark.parametrize("keys", [["a/b"], None], ids=["key", "gap"])
def test_a_source_that_fails_right_after_is_borne_as_ever(keys) -> None:
    world = World(a_b=b"1")
    world.body("a/b")
    world.source.is_down = True

    world.cache.expire(keys)

    assert world.body("a/b") == b"1"
    world.source.is_down, world.source.objects["a/b"] = False, b"2"
    world.now += 10.0
    assert world.body("a/b") == b"2"


def test_objects_that_never_change_are_not_looked_at_again() -> None:
    world = World(a_b=b"1")
    world.cache.document("a/b", immutable=True)
    looks = world.source.looks

    for keys in (["a/b"], None):
        world.cache.expire(keys)
        world.cache.document("a/b", immutable=True)

    assert world.source.looks == looks


def test_a_storm_is_remembered_in_bounded_memory_and_forgets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document_cache, "_MOST_RECENT", 10)
    world = World(a_b=b"1")

    def storm() -> None:
        world.now += 0.01
        world.source.objects["a/b"] = b"2"
        world.cache.expire(["a/b"])
        world.cache.expire([f"s/{number}" for number in range(100)])

    world.source.rival = storm
    world.body("a/b")

    assert world.body("a/b") == b"2"
    assert len(world.cache._cached._changed) <= 10


def published(version: str) -> dict[str, bytes]:
    manifest = f"artifacts/shop/{version}/manifest.json"
    record = f"metadata/releases/shop/{version}.json"
    objects = {
        manifest: {"id": "shop", "version": version, "entry": "home"},
        record: {"artifacts": {"manifestKey": manifest}},
        "metadata/catalog/shop.json": {"releaseKey": record, "latestVersion": version},
    }
    return {key: json.dumps(members).encode() for key, members in objects.items()}


LATEST = Request("GET", "/api/manifests/shop/latest", "hostApp=wallet", {}, b"", "")


def start(objects: dict[str, bytes]) -> tuple[DeliveryService, Source, list[float]]:
    now, source = [1000.0], Source(objects)
    service = DeliveryService(
        source, cloud_profile(), max_staleness_s=4 * AGE_S, monotonic=lambda: now[0], report=lambda *_: None
    )
    return service, source, now


def version(service: DeliveryService, request: Request = LATEST) -> str:
    return json.loads(service.handle(request).body)["version"]


@pytest.mark.parametrize("keys", [["metadata/catalog/shop.json"], None], ids=["key", "gap"])
@pytest.mark.parametrize("query", ["hostApp=wallet", "hostApp=wallet&userId=ann"], ids=["host", "visitor"])
def test_an_answer_that_is_given_again_ends_with_what_it_was_made_of(keys, query: str) -> None:
    service, source, _ = start(published("1.0.0"))
    request = Request("GET", LATEST.path, query, {}, b"", "")
    assert version(service, request) == "1.0.0"
    cached = service.find_cached(request)
    assert cached is not None
    source.objects |= published("1.1.0")
    assert version(service, request) == "1.0.0"

    service.changed(keys)

    assert not service.is_good(cached)
    assert service.find_cached(request) is None
    assert version(service, request) == "1.1.0"


def test_what_nobody_asked_for_ends_no_answer() -> None:
    service, _, _ = start(published("1.0.0"))
    version(service)

    service.changed(["metadata/catalog/other.json"])

    assert service.find_cached(LATEST) is not None


def test_an_answer_worked_out_while_something_changed_is_not_given_again() -> None:
    """The change comes at each look that the answer needs, one after the other."""
    met = 0
    for number in range(20):
        service, source, now = start(published("1.0.0"))
        version(service)
        now[0] += 4 * AGE_S
        left = [number]

        def rival(service=service, source=source, now=now, left=left) -> None:
            nonlocal met
            left[0] -= 1
            if left[0] >= 0:
                source.rival = rival
                return
            met += 1
            source.objects |= published("1.1.0")
            now[0] += 0.01
            service.changed(["metadata/catalog/shop.json", "metadata/releases/shop/1.1.0.json"])

        source.rival = rival
        service.handle(LATEST)

        source.rival = None
        if left[0] < 0:
            assert version(service) == "1.1.0", f"the change at look {number} is not seen"
    assert met >= 3


def test_a_change_between_the_decision_and_its_answer_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    service, source, now = start(published("1.0.0"))
    answer = latest.answer_latest

    def slow_answer(*arguments):
        monkeypatch.setattr(latest, "answer_latest", answer)
        source.objects |= published("1.1.0")
        now[0] += 0.01
        service.changed(["metadata/catalog/shop.json"])
        return answer(*arguments)

    monkeypatch.setattr(latest, "answer_latest", slow_answer)

    assert version(service) == "1.0.0"
    assert version(service) == "1.1.0"
