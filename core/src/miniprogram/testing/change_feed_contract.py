"""What every change feed must do, as tests to inherit."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from queue import Empty, Queue
from threading import Event, Thread
from typing import ClassVar

import pytest

from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.errors import MiniProgramError
from miniprogram.seams.change_feed import ChangeFeed, Changes
from miniprogram.seams.object_store import ObjectStore
from miniprogram.testing.contract import Contract, needs, require_sentence

FAILING = "failing"


class ChangeFeedContract(Contract):
    """Inherit, and override `make_store`, `make_feed` and `make_broken_feed`.

    `within_s` is how long a change may take to be told, in seconds, and `many` how many make a storm: more than
    the feed remembers, where it remembers so many. `cannot` may name `failing`, for a store that is always there.
    """

    can_be_missing = (FAILING,)
    within_s: ClassVar[float] = 10.0
    many: ClassVar[int] = 500

    def make_store(self) -> ObjectStore:
        """The store of this test, without objects at first. Called again, it opens the same one."""
        raise NotImplementedError

    def make_feed(self) -> ChangeFeed:
        """The feed of what `make_store` opens."""
        raise NotImplementedError

    def make_broken_feed(self) -> ChangeFeed:
        """A feed that cannot be watched."""
        raise NotImplementedError

    def attempts(self, missing: str) -> Sequence[Callable[[], object]]:
        del missing  # that a store is always there cannot be tried
        return []

    def test_it_begins_with_a_gap(self) -> None:
        self.make_store().put(key(0), b"before anybody watched")

        with watching(self.make_feed()) as watched:
            assert watched.next(self.within_s).has_gap

    def test_what_is_written_replaced_and_deleted_is_told(self) -> None:
        store = self.make_store()
        with watching(self.make_feed()) as watched:
            watched.next(self.within_s)
            for change in (
                lambda: store.put(key(1), b"1"),
                lambda: store.put(key(1), b"2"),
                lambda: store.delete(key(1)),
            ):
                change()
                assert watched.hears_of({key(1)}, self.within_s)

    def test_a_change_right_behind_the_first_gap_is_told(self) -> None:
        with watching(self.make_feed(), stops_listening=True) as watched:
            watched.next(self.within_s)
            self.make_store().put(key(2), b"2")

            watched.listen.set()

            assert watched.hears_of({key(2)}, self.within_s)

    def test_everybody_who_watches_is_told(self) -> None:
        with watching(self.make_feed()) as one, watching(self.make_feed()) as other:
            for watched in (one, other):
                watched.next(self.within_s)

            self.make_store().put(key(3), b"3")

            assert one.hears_of({key(3)}, self.within_s)
            assert other.hears_of({key(3)}, self.within_s)

    def test_of_a_storm_everything_is_told_or_a_gap(self) -> None:
        """Nobody listens for as long as it lasts."""
        store, keys = self.make_store(), {key(number) for number in range(self.many)}
        with watching(self.make_feed(), stops_listening=True) as watched:
            watched.next(self.within_s)
            for each in keys:
                store.put(each, b"")

            watched.listen.set()

            assert watched.hears_of(keys, 6 * self.within_s)

    def test_it_ends_soon_after_it_was_told_to(self) -> None:
        with watching(self.make_feed()) as watched:
            watched.next(self.within_s)
            started = time.monotonic()

            watched.stop.set()
            watched.thread.join(self.within_s)

            assert not watched.thread.is_alive()
            assert time.monotonic() - started < 2.0

    @needs(FAILING)
    def test_what_cannot_be_watched_is_refused_with_a_sentence(self) -> None:
        with pytest.raises(MiniProgramError) as refusal:
            next(self.make_broken_feed().watch(Event()))

        require_sentence(str(refusal.value))


def key(number: int) -> str:
    """The key of a document that delivery knows, and that is in no index."""
    return Keys("cloud").rollout_rules_key(f"shop-{number}")


class _Watched:
    """A feed read in a thread: its first item, and once `listen` is set the others."""

    def __init__(self, feed: ChangeFeed, *, stops_listening: bool) -> None:
        self.stop, self.listen = Event(), Event()
        if not stops_listening:
            self.listen.set()
        self._feed = feed
        self._heard: Queue[Changes | Exception] = Queue()
        self.thread = Thread(target=self._read, daemon=True)

    def next(self, within_s: float) -> Changes:
        """The next item. Raises what the feed raises, and AssertionError when there is none in time."""
        try:
            found = self._heard.get(timeout=max(within_s, 0.0))
        except Empty:
            raise AssertionError(f"nothing was told within {within_s:g} s") from None
        if isinstance(found, Exception):
            raise found
        return found

    def hears_of(self, keys: set[str], within_s: float) -> bool:
        """Whether all of `keys` are told, or a gap is. Raises AssertionError when they are not in time."""
        missing, ends_at = set(keys), time.monotonic() + within_s
        while missing:
            changes = self.next(ends_at - time.monotonic())
            missing = set() if changes.has_gap else missing - changes.keys
        return True

    def _read(self) -> None:
        try:
            for changes in self._feed.watch(self.stop):
                self._heard.put(changes)
                self.listen.wait()
        except Exception as error:  # noqa: BLE001 - whoever waits for the next item raises it
            self._heard.put(error)


@contextmanager
def watching(feed: ChangeFeed, *, stops_listening: bool = False) -> Iterator[_Watched]:
    """`feed` read in a thread for as long as this lasts. With `stops_listening` only its first item at first."""
    watched = _Watched(feed, stops_listening=stops_listening)
    watched.thread.start()
    try:
        yield watched
    finally:
        watched.stop.set()
        watched.listen.set()
        watched.thread.join(5.0)
