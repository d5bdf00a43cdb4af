"""What a feed tells reaches delivery, whatever the feed does."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from threading import Event

import pytest

from miniprogram.delivery.documents import kinds
from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.errors import StoreError
from miniprogram.seams.change_feed import GAP, Changes
from miniprogram_server import following
from miniprogram_server.following import ChangeFollower

KEYS = Keys("cloud")
POINTER = KEYS.catalog_pointer_key("shop")
Watch = Callable[[Event], Iterator[Changes]]


class Scripted:
    """A feed: each time it is watched it does the next thing, and the last one from then on."""

    def __init__(self, *watches: Watch) -> None:
        self.watches = list(watches)
        self.times = 0

    def watch(self, stop: Event) -> Iterator[Changes]:
        self.times += 1
        yield from self.watches[min(self.times, len(self.watches)) - 1](stop)


def telling(*items: Changes) -> Watch:
    def watch(stop: Event) -> Iterator[Changes]:
        yield GAP
        yield from items
        stop.wait()

    return watch


def raising(error: Exception) -> Watch:
    def watch(_stop: Event) -> Iterator[Changes]:
        yield GAP
        raise error

    return watch


def ending(_stop: Event) -> Iterator[Changes]:
    yield GAP


class Follower:
    def __init__(self, feed: Scripted, *, busy_s: float = 0.0) -> None:
        self.changed: list[set[str] | None] = []
        self.told: list[tuple[str, str | None]] = []
        self.feed, self._busy_s = feed, busy_s
        self.follower = ChangeFollower(feed, KEYS, self._change, self._tell, first_retry_s=0.01)

    def _change(self, keys: Iterable[str] | None) -> None:
        self.changed.append(None if keys is None else set(keys))
        time.sleep(self._busy_s)

    def _tell(self, event: str, *, level: str, reason: str | None = None) -> None:
        self.told.append((event, reason))

    def until(self, holds: Callable[[], object]) -> bool:
        ends_at = time.monotonic() + 10
        while not holds() and time.monotonic() < ends_at:
            time.sleep(0.005)
        return bool(holds())


@pytest.fixture
def follow() -> Iterator[Callable[..., Follower]]:
    running: list[Follower] = []

    def follow(*watches: Watch, busy_s: float = 0.0) -> Follower:
        started = Follower(Scripted(*watches), busy_s=busy_s)
        running.append(started)
        started.follower.start()
        return started

    yield follow
    for each in running:
        each.follower.stop()


def test_what_delivery_does_not_read_wakes_nobody(follow) -> None:
    """Every visitor of a window writes an object, and every command an event."""
    others = [
        KEYS.key(kind, *values)
        for kind, values in (
            (kinds.AUDIT_EVENT, ("shop", 1)),
            (kinds.ADMISSION, ("shop", "w", "v")),
        )
    ]
    go = Event()

    def watch(stop: Event) -> Iterator[Changes]:
        yield GAP
        go.wait()
        yield Changes(frozenset({*others, "somebody/else's"}))
        yield Changes(frozenset({POINTER}))
        stop.wait()

    world = follow(watch)
    assert world.until(lambda: world.changed == [None])
    go.set()

    assert world.until(lambda: len(world.changed) == 2)
    assert world.changed == [None, {POINTER}]


def test_a_storm_is_passed_on_in_few_pieces(follow) -> None:
    versions = [KEYS.release_record_key("shop", f"1.0.{number}") for number in range(2_000)]
    go = Event()

    def watch(stop: Event) -> Iterator[Changes]:
        yield GAP
        go.wait()
        for key in versions:
            yield Changes(frozenset({key}))
        stop.wait()

    world = follow(watch, busy_s=0.02)
    assert world.until(lambda: world.changed == [None])
    go.set()

    assert world.until(lambda: set().union(*world.changed[1:]) == set(versions))
    assert world.follower.heard == 2_001
    assert len(world.changed) < 20


def test_more_than_can_wait_is_everything(follow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "MOST_PENDING", 10)
    go = Event()

    def watch(stop: Event) -> Iterator[Changes]:
        yield GAP
        go.wait()
        yield Changes(frozenset(KEYS.catalog_pointer_key(f"shop{number}") for number in range(11)))
        stop.wait()

    world = follow(watch)
    assert world.until(lambda: world.changed == [None])
    go.set()

    assert world.until(lambda: world.changed == [None, None])


@pytest.mark.parametrize(
    ("dies", "reason"),
    [
        (raising(StoreError("the store is away: wait")), "the store is away: wait"),
        (raising(RuntimeError("password=hunter2")), "RuntimeError"),
        (ending, "it ended"),
    ],
    ids=["ours", "a plugin's own", "ends"],
)
def test_a_feed_that_dies_is_told_once_and_watched_again_from_a_gap(follow, dies: Watch, reason: str) -> None:
    world = follow(dies, dies, telling(Changes(frozenset({POINTER}))))

    assert world.until(lambda: world.feed.times == 3 and world.follower.problem is None)
    assert world.until(lambda: len(world.told) >= 2)

    assert world.told == [("changes_failed", reason), ("changes_answer", None)]
    assert world.changed[0] is None


def test_a_feed_that_dies_at_once_is_tried_less_and_less(follow) -> None:
    def dies(_stop: Event) -> Iterator[Changes]:
        raise StoreError("nobody may listen here")
        yield GAP

    world = follow(dies)
    assert world.until(lambda: world.feed.times >= 4)
    time.sleep(0.5)

    assert world.feed.times <= 9
    assert world.told == [("changes_failed", "nobody may listen here")]
    assert world.changed == []


def test_it_stops_while_the_feed_is_silent(follow) -> None:
    world = follow(telling())
    assert world.until(lambda: world.changed)

    world.follower.stop()
    time.sleep(0.05)

    assert world.told == []
    assert world.feed.times == 1
