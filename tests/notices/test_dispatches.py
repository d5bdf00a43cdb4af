"""The queue of a subscriber: taken once, claimed by one, tried for a day, and bounded."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from miniprogram.clock import to_iso
from miniprogram.delivery.documents.kinds import NOTICE_DISPATCHES
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.identity.subscription import Subscription
from miniprogram.notices import dispatches as dispatches_module
from miniprogram.notices.attempts import DELAYS, Outcome, record_outcome
from miniprogram.notices.dispatches import (
    CLAIMED_FOR,
    Dispatch,
    Dispatches,
    claim_next,
    read_dispatches,
    take_notices,
)
from miniprogram.notices.journal import Journal
from miniprogram.notices.notice import Notice
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import NOON, InterleavingStore

SECOND = timedelta(seconds=1)
TAKEN, REFUSED = Outcome(None, 5, 200), Outcome("it answered 500", 5, 500)


def subscription(**members: object) -> Subscription:
    stamp = to_iso(NOON)
    members = {"created_by": "ann", "created_at": stamp, "since": stamp, **members}
    return Subscription.model_validate({"id": "0a", "url": "https://hooks.example.com/", **members})


def journal(*notices: Notice) -> Journal:
    return Journal().with_notices(list(notices))


def notice(number: int, *, after: timedelta = SECOND, **members: object) -> Notice:
    members = {"type": "release.full", "mini_program_id": "shop", "at": to_iso(NOON + after), **members}
    return Notice.model_validate({"id": f"msg_{number}", **members})


@pytest.fixture
def storage() -> EnvironmentStorage:
    return EnvironmentStorage(MemoryObjectStore(), environment="dev")


def taken(storage: EnvironmentStorage, *notices: Notice, **members: object) -> Dispatches:
    wanted = subscription(**members)
    return take_notices(storage, wanted, journal(*notices), read_dispatches(storage, "0a"), NOON)


def claimed(storage: EnvironmentStorage, claim: str = "me", now: timedelta = SECOND) -> Dispatch | None:
    return claim_next(storage, "0a", read_dispatches(storage, "0a"), NOON + now, claim)


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({}, ["msg_1", "msg_2", "msg_3", "msg_4"]),
        ({"events": ["release.halted"]}, ["msg_2"]),
        ({"program": "shop"}, ["msg_1", "msg_2"]),
        ({"program": "acme_*"}, ["msg_3"]),
        ({"since": to_iso(NOON + timedelta(seconds=30))}, ["msg_4"]),
    ],
    ids=["all", "events", "program", "programs", "since"],
)
def test_a_subscriber_gets_what_it_asked_for(
    storage: EnvironmentStorage, members: dict[str, object], expected: list[str]
) -> None:
    found = taken(
        storage,
        notice(1),
        notice(2, type="release.halted"),
        notice(3, mini_program_id="acme_1"),
        notice(4, type="token.expires", mini_program_id=None, after=timedelta(minutes=1)),
        **members,
    )

    assert [each.id for each in found.dispatches] == expected
    assert found.taken == 4


def test_what_was_taken_is_not_taken_again_though_its_log_is_gone(storage: EnvironmentStorage) -> None:
    taken(storage, notice(1))
    for at in range(dispatches_module.MAX_FINISHED + 5):
        taken(storage, *(notice(each) for each in range(1, at + 2)))
        mine = claimed(storage)
        if mine is not None:
            record_outcome(storage, "0a", mine, TAKEN, now=NOON, jitter=lambda: 0.5)
    found = read_dispatches(storage, "0a")

    assert len(found.dispatches) == dispatches_module.MAX_FINISHED
    assert (found.find("msg_1"), found.waiting) == (None, 0)


def test_more_than_may_wait_stay_in_the_journal_and_what_was_lost_there_is_said(
    storage: EnvironmentStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatches_module, "MAX_WAITING", 2)
    first = taken(storage, notice(1), notice(2), notice(3))
    assert (first.waiting, first.taken, first.missed) == (2, 2, 0)

    for _ in range(2):
        mine = claimed(storage)
        assert mine is not None
        record_outcome(storage, "0a", mine, TAKEN, now=NOON, jitter=lambda: 0.5)
    left = journal(notice(1), notice(2), notice(3), notice(4), notice(5)).without_taken(4)
    found = take_notices(storage, subscription(), left, read_dispatches(storage, "0a"), NOON)
    assert (found.taken, found.missed, found.waiting) == (5, 2, 1)


def test_a_notice_is_claimed_by_one_of_two_at_the_same_moment() -> None:
    """The rival claims after the first one has read that the notice is free, and before it writes."""
    store = InterleavingStore()
    mine = EnvironmentStorage(store)
    theirs = replace(mine, store=store.inner)
    taken(theirs, notice(1))
    got: list[Dispatch | None] = []
    key = mine.keys.key(NOTICE_DISPATCHES, "0a")
    store.before("put", key, lambda _inner: got.append(claimed(theirs, "rival")))

    assert claimed(mine, "me") is None
    assert store.all_met
    assert [each.id for each in got if each] == ["msg_1"]


def test_a_claim_ends_by_itself_and_who_held_it_then_changes_nothing(storage: EnvironmentStorage) -> None:
    taken(storage, notice(1))
    killed = claimed(storage, "killed")
    assert killed is not None
    assert claimed(storage, "early", CLAIMED_FOR) is None

    heir = claimed(storage, "heir", CLAIMED_FOR + 2 * SECOND)
    assert heir is not None
    assert (heir.id, heir.body) == (killed.id, killed.body)
    record_outcome(storage, "0a", killed, TAKEN, now=NOON + CLAIMED_FOR, jitter=lambda: 0.5)
    assert read_dispatches(storage, "0a").waiting == 1


@pytest.mark.parametrize("jitter", [0.0, 1.0])
def test_it_is_tried_again_over_a_day_and_given_up_then(storage: EnvironmentStorage, jitter: float) -> None:
    taken(storage, notice(1))
    now, waits = NOON, []
    while (mine := claim_next(storage, "0a", read_dispatches(storage, "0a"), now, "me")) is not None:
        record_outcome(storage, "0a", mine, REFUSED, now=now, jitter=lambda: jitter)
        (found,) = read_dispatches(storage, "0a").dispatches
        if found.state != "waiting":
            break
        waits.append(found.next_at)
        early = claim_next(
            storage, "0a", read_dispatches(storage, "0a"), now + DELAYS[len(waits) - 1] * 0.79, "me"
        )
        assert early is None
        now += DELAYS[len(waits) - 1] * 1.21

    assert sum(DELAYS, timedelta()) > timedelta(hours=23)
    assert len(waits) == len(DELAYS)
    assert (found.state, found.attempts, found.last_status) == ("given_up", len(DELAYS) + 1, 500)


@pytest.mark.parametrize(("asked_s", "waits_s"), [(1.0, 5.0), (600.0, 600.0), (1e9, 86_400.0)])
def test_what_a_receiver_asks_for_is_waited_but_for_no_longer_than_a_day(
    storage: EnvironmentStorage, asked_s: float, waits_s: float
) -> None:
    taken(storage, notice(1))
    mine = claimed(storage)
    assert mine is not None
    outcome = Outcome("it answered 429", 5, 429, asked_s)
    record_outcome(storage, "0a", mine, outcome, now=NOON, jitter=lambda: 0.5)

    assert read_dispatches(storage, "0a").dispatches[0].next_at == to_iso(NOON + timedelta(seconds=waits_s))


def test_a_receiver_that_is_gone_or_takes_nothing_for_days_is_to_be_switched_off(
    storage: EnvironmentStorage,
) -> None:
    def said(outcome: Outcome, days: float) -> str | None:
        now = NOON + timedelta(days=days)
        fresh = notice(int(days * 10) + 1)
        known = read_dispatches(storage, "0a")
        merged = journal(*([notice(0)] * known.taken), fresh)
        take_notices(storage, subscription(), merged, known, now)
        mine = claim_next(storage, "0a", read_dispatches(storage, "0a"), now, "me")
        assert mine is not None
        return record_outcome(storage, "0a", mine, outcome, now=now, jitter=lambda: 0.5)

    assert said(REFUSED, 0) is None
    assert said(REFUSED, 2.9) is None
    assert "it answered 500" in str(said(REFUSED, 3))
    assert said(TAKEN, 3.5) is None
    assert read_dispatches(storage, "0a").failing_since is None
    assert said(REFUSED, 4) is None
    assert "410" in str(said(Outcome("it answered 410", 5, 410), 4.5))
