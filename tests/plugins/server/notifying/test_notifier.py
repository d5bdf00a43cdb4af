"""From what happened to who is told: through failures, restarts and rivals, with the tests' clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from miniprogram.delivery.documents.kinds import NOTICE_DISPATCHES
from miniprogram.errors import StoreError
from miniprogram.identity.environment_document import read_environment
from miniprogram.notices.dispatches import CLAIMED_FOR, read_dispatches
from miniprogram.notices.subscribing import add_subscription, read_log, resend, send_test
from miniprogram.seams.object_store import ObjectStore
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import NOON, InterleavingStore
from miniprogram_server.notifying.networks import LOOPBACK
from miniprogram_server.notifying.notifier import Notifier
from miniprogram_server.notifying.webhook import Poster
from plugins.server.notifying.receiver import Behaviour, Receiver, answer, hang, reset
from releases.conftest import World, make_world


class Told:
    """A place with a subscriber, a clock that is moved, and servers that can be restarted."""

    def __init__(self, receiver: Receiver) -> None:
        self.world: World = make_world(MemoryObjectStore())
        self.receiver = receiver
        self.now = NOON
        self.records: list[tuple[str, dict[str, Any]]] = []
        made = add_subscription(self.world.context, receiver.url)
        self.id, self.secret = made.subscription.id, made.secret

    def server(self, store: ObjectStore | None = None) -> Notifier:
        storage = replace(self.world.storage, store=store or self.world.store)
        tell = lambda event, **facts: self.records.append((event, facts))  # noqa: E731
        return Notifier(storage, Poster(LOOPBACK, timeout_s=0.5), tell, now=lambda: self.now, jitter=lambda: 0.5)

    def look(self, after: timedelta = timedelta(), server: Notifier | None = None) -> None:
        self.now += after
        server = server or self.server()
        server.look()
        server.finish()

    @property
    def context(self) -> Any:
        return replace(self.world.context, now=self.now)

    def messages(self) -> list[str]:
        return [each.message for each in self.receiver.received]

    def states(self) -> list[tuple[str, int]]:
        return [(each.state, each.attempts) for each in read_dispatches(self.world.storage, self.id).dispatches]


@pytest.fixture
def told(receiver: Receiver) -> Told:
    return Told(receiver)


def test_what_happened_reaches_the_subscriber_once_and_in_words_that_can_be_read(told: Told) -> None:
    told.world.full("1.0.0")
    told.look()
    told.look(timedelta(minutes=5))

    bodies = [each.body.decode() for each in told.receiver.received]
    assert [body.split('"')[3] for body in bodies] == ["review.waits", "review.approved", "release.full"]
    assert len(set(told.messages())) == 3
    assert told.states() == [("sent", 1)] * 3


@pytest.mark.parametrize(
    "fails", [answer(500), hang, reset, answer(429, retry_after="60")], ids=["fails", "hangs", "resets", "busy"]
)
def test_a_receiver_that_fails_and_comes_back_gets_it_with_the_same_id(told: Told, fails: Behaviour) -> None:
    """Each look is made by a server that was started anew."""
    send_test(told.context, told.id)
    told.receiver.script = [fails, fails]
    told.look()
    told.look(timedelta(seconds=2))
    assert len(told.messages()) == 1, "not before its time"

    told.look(timedelta(seconds=70))
    told.look(timedelta(seconds=130))
    told.look(timedelta(hours=1))
    assert len(told.messages()) == 3
    assert len(set(told.messages())) == 1
    assert told.states() == [("sent", 3)]
    assert len({each.body for each in told.receiver.received}) == 1


def test_a_receiver_that_is_gone_is_switched_off_and_that_is_said(told: Told) -> None:
    send_test(told.context, told.id)
    told.receiver.script = [answer(410)]
    told.look()
    told.look(timedelta(days=2))

    (found,) = read_environment(told.world.storage).subscriptions
    assert "410" in str(found.off_because)
    assert len(told.messages()) == 1
    event = read_environment(told.world.storage).trail.latest[-1]
    assert (event.command, event.actor, event.subject) == ("notice disable", "notices", told.id)
    assert [name for name, _ in told.records] == ["notice_failed", "notices_switched_off"]


def test_a_receiver_that_fails_for_days_is_switched_off(told: Told) -> None:
    told.receiver.script = [answer(500)] * 1_000
    for _ in range(7):
        send_test(told.context, told.id)
        told.look(timedelta(hours=12))

    (found,) = read_environment(told.world.storage).subscriptions
    assert "nothing was taken since" in str(found.off_because)


def test_secrets_and_paths_stand_in_no_record_and_in_no_log_of_what_was_sent(told: Told) -> None:
    told.receiver.script = [answer(500), reset]
    for _ in range(2):
        send_test(told.context, told.id)
    told.look()

    log = read_log(told.context, told.id)
    shown = f"{told.records} {[each.model_dump_json() for each in log.dispatches]}"
    assert "notice_failed" in shown
    assert not [each for each in (told.secret, "t0ps3cret", told.secret[6:]) if each in shown]


def test_one_subscriber_that_hangs_holds_up_no_other(told: Told) -> None:
    with Receiver().running() as other:
        second = add_subscription(told.context, other.url).subscription.id
        told.receiver.script = [hang]
        send_test(told.context, told.id)
        send_test(told.context, second)
        server = told.server()
        server.look()
        for _ in range(200):
            if other.received:
                break
            told.receiver.stopped.wait(0.002)
        assert len(other.received) == 1
        assert told.states() == [("waiting", 0)], "the other one is still being asked"
        server.finish()


def test_of_two_servers_at_the_same_moment_one_sends(told: Told) -> None:
    """The rival finds, claims and sends while the first one is about to write its claim."""
    send_test(told.context, told.id)
    store = InterleavingStore(told.world.store)
    key = told.world.storage.keys.key(NOTICE_DISPATCHES, told.id)
    store.before("put", key, lambda _inner: told.look())

    told.look(server=told.server(store))

    assert store.all_met
    assert len(told.messages()) == 1
    assert told.states() == [("sent", 1)]


def killed_after(store: MemoryObjectStore, key: str, writes: int) -> ObjectStore:
    """`store` as a process sees it that is killed after so many writes of `key`."""
    dying = InterleavingStore(store)

    def die(_inner: ObjectStore) -> None:
        raise StoreError("killed")

    dying.before("put", key, *([lambda _inner: None] * writes), die)
    return dying


@pytest.mark.parametrize("writes", [0, 1, 2], ids=["before-queueing", "before-claiming", "before-recording"])
def test_whoever_is_killed_at_a_moment_loses_nothing(told: Told, writes: int) -> None:
    key = told.world.storage.keys.key(NOTICE_DISPATCHES, told.id)
    told.world.approved("1.1.0")
    store = killed_after(told.world.store, key, writes)  # type: ignore[arg-type]
    try:
        told.look(server=told.server(store))
    except StoreError:
        assert writes == 0
    told.look()
    told.look(CLAIMED_FOR + timedelta(seconds=2))

    assert set(told.states()) == {("sent", 1)}
    assert len(set(told.messages())) == 2
    assert len(told.messages()) == (3 if writes == 2 else 2), "sent again only where nobody could know that it was"


def test_what_was_sent_is_sent_again_on_demand_with_its_id(told: Told) -> None:
    message = send_test(told.context, told.id).message
    told.look()
    resend(told.context, told.id, message)
    told.look(timedelta(seconds=1))

    assert told.messages() == [message, message]


@pytest.fixture
def running(told: Told) -> Iterator[Callable[[Notifier], None]]:
    entered = []

    def run(notifier: Notifier) -> None:
        manager = notifier.notifying()
        manager.__enter__()
        entered.append(manager)

    yield run
    for manager in entered:
        manager.__exit__(None, None, None)


def wait_for(holds: Callable[[], object], told: Told) -> None:
    for _ in range(500):
        if holds():
            return
        told.receiver.stopped.wait(0.02)
    raise AssertionError("it did not come in ten seconds")


def test_the_thread_goes_on_after_a_store_that_failed_and_says_so_once(
    told: Told, running: Callable[[Notifier], None]
) -> None:
    store = InterleavingStore(told.world.store)

    def fail(_inner: ObjectStore) -> None:
        raise StoreError("the store is down")

    store.before("get", told.world.storage.keys.environment_document_key, fail, fail)
    notifier = told.server(store)
    notifier._every_s = 0.02
    send_test(told.context, told.id)
    running(notifier)

    wait_for(told.messages, told)
    wait_for(lambda: len(told.records) == 2, told)
    assert [name for name, _ in told.records] == ["notices_failed", "notices_work"]


def test_a_clock_that_moves_back_sends_nothing_twice(told: Told) -> None:
    send_test(told.context, told.id)
    told.look()
    told.now = datetime.fromisoformat("2030-01-01T00:00:00+00:00")
    told.look()

    assert len(told.messages()) == 1
