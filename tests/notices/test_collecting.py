"""What happened is told once, whichever door did it and however often, late, or by how many it is looked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from miniprogram.delivery.documents.kinds import NOTICE_JOURNAL
from miniprogram.identity.environment_document import read_environment
from miniprogram.identity.members import add_member
from miniprogram.identity.roles import Grant, Role
from miniprogram.identity.subscription import CHOSEN_TYPES
from miniprogram.identity.tokens import create_token
from miniprogram.notices import journal as journal_module
from miniprogram.notices.collecting import collect
from miniprogram.notices.notice import Notice
from miniprogram.notices.subscribing import add_subscription
from miniprogram.releases.execution import perform
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import NOON, InterleavingStore
from notices.conftest import HOOK, at
from releases.conftest import World, make_world

Told = Callable[..., list[Notice]]
Step = Callable[[World], object]


def types(notices: list[Notice]) -> list[str]:
    return [each.type for each in notices]


def do(verb: str, version: str = "1.0.0", **arguments: object) -> Step:
    return lambda world: perform(world.context, "shop", verb, version, world.target, **arguments)


def target_wide(verb: str, **arguments: object) -> Step:
    return lambda world: perform(world.context, "shop", verb, None, world.target, **arguments)


CASES: list[tuple[str, Step, Step, list[str]]] = [
    ("applied", lambda world: world.drafted("1.0.0"), do("apply"), ["review.waits"]),
    ("approved", lambda world: (world.drafted("1.0.0"), do("apply")(world)), do("approve"), ["review.approved"]),
    (
        "rejected",
        lambda world: (world.drafted("1.0.0"), do("apply")(world)),
        do("reject", reason="No."),
        ["review.rejected"],
    ),
    ("piloted", lambda world: world.piloted("1.0.0", "u-1"), do("pilot complete"), ["pilot.completed"]),
    ("skipped", lambda world: world.approved("1.0.0"), do("pilot skip"), []),
    ("full", lambda world: world.prepared("1.0.0"), do("finish", final=True), ["release.full"]),
    ("halted", lambda world: world.full("1.0.0"), do("halt", reason="Broken."), ["release.halted"]),
    (
        "resumed",
        lambda world: (world.full("1.0.0"), do("halt", reason="Broken.")(world)),
        do("resume"),
        ["release.resumed"],
    ),
    (
        "rolled back",
        lambda world: world.full("1.0.0", "1.1.0"),
        target_wide("rollback", reason="Broken."),
        ["release.rolled_back"],
    ),
    ("offline asked", lambda world: world.full("1.0.0"), do("offline", reason="Over."), ["review.waits"]),
    (
        "offline refused",
        lambda world: (world.full("1.0.0"), do("offline", reason="Over.")(world)),
        do("reject", reason="Not yet."),
        ["review.rejected"],
    ),
    (
        "offline",
        lambda world: (world.full("1.0.0"), do("offline", reason="Over.")(world)),
        do("approve"),
        ["release.removed"],
    ),
    ("removed", lambda world: world.full("1.0.0"), do("force-remove", reason="Spies."), ["release.removed"]),
    ("created", lambda _world: None, do("create"), []),
]


@pytest.mark.parametrize(("before", "step", "expected"), [each[1:] for each in CASES], ids=[c[0] for c in CASES])
def test_each_step_tells_what_it_is(
    world: World, told: Told, before: Step, step: Step, expected: list[str]
) -> None:
    before(world)
    earlier = told()
    step(world)

    assert types(told()[len(earlier) :]) == expected
    assert types(told()[len(earlier) :]) == expected, "a second look tells nothing new"


def test_the_cases_show_every_event_of_a_trail() -> None:
    by_clock = {"window.ended", "token.expires"}

    assert {each for case in CASES for each in case[3]} == set(CHOSEN_TYPES) - by_clock


def test_a_notice_says_what_happened_to_what_and_by_whom(world: World, told: Told) -> None:
    world.drafted("1.0.0")
    do("apply")(world)
    do("reject", reason="The title is wrong.")(world)
    rejected = told()[-1]

    assert rejected.mini_program_id == "shop"
    assert rejected.about == {
        "version": "1.0.0", "hostApp": "wallet", "stage": "production", "release": "r-1", "state": "rejected",
        "command": "release reject", "actor": "ann", "reason": "The title is wrong.",
    }  # fmt: skip


def test_what_happened_before_the_first_subscription_is_not_told() -> None:
    world = make_world(MemoryObjectStore())
    world.full("1.0.0")
    later = at(world, NOON + timedelta(hours=1))
    add_subscription(later.context, HOOK)
    do("halt", reason="Broken.")(later)

    found = collect(world.storage, read_environment(world.storage), NOON + timedelta(hours=2), taken=0)
    assert types(list(found.notices)) == ["release.halted"]


def test_many_changes_between_two_looks_are_told_in_their_order(world: World, told: Told) -> None:
    told()
    world.full("1.0.0", "1.1.0")

    assert types(told()) == ["review.waits", "review.approved", "release.full"] * 2
    assert [each.number for each in told()] == [1, 2, 3, 4, 5, 6]


def test_of_two_who_look_at_once_each_notice_is_told_once() -> None:
    """The rival looks after the first one has read everything, and before it writes."""
    store = InterleavingStore()
    world = make_world(store.inner)
    add_subscription(world.context, HOOK)
    world.full("1.0.0")
    environment = read_environment(world.storage)
    seen: list[list[Notice]] = []

    def rival(inner: object) -> None:
        do("halt", reason="Broken.")(world)
        seen.append(list(collect(world.storage, environment, NOON, taken=0).notices))

    key = world.storage.keys.key(NOTICE_JOURNAL)
    store.before("put", key, rival)
    mine = collect(replace(world.storage, store=store), environment, NOON, taken=0)

    assert store.all_met
    assert types(seen[0]) == ["review.waits", "review.approved", "release.full", "release.halted"]
    assert list(mine.notices) == seen[0]


def test_a_window_ends_once_by_the_clock_also_for_who_looks_late_or_twice(world: World, told: Told) -> None:
    window = {"start": "2030-01-02T12:00:00Z", "end": "2030-01-02T14:00:00Z", "max_users": 10}
    world.approved("1.0.0", window=window)
    assert "window.ended" not in types(told(NOON + timedelta(minutes=119)))

    late = told(NOON + timedelta(hours=9))
    assert types(late).count("window.ended") == 1
    assert types(told(NOON + timedelta(hours=10))).count("window.ended") == 1
    ended = next(each for each in late if each.type == "window.ended")
    assert (ended.at, ended.about["release"]) == ("2030-01-02T14:00:00.000Z", "r-1")


def test_a_window_that_nobody_looked_at_before_it_ended_is_told(world: World, told: Told) -> None:
    """The server was down from before the release was made until after its window."""
    world.approved(
        "1.0.0", window={"start": "2030-01-02T12:00:00Z", "end": "2030-01-02T14:00:00Z", "max_users": 10}
    )

    assert types(told(NOON + timedelta(hours=9))).count("window.ended") == 1


def test_the_window_of_a_release_that_was_taken_back_ends_unsaid(world: World, told: Told) -> None:
    world.approved(
        "1.0.0", window={"start": "2030-01-02T12:00:00Z", "end": "2030-01-02T14:00:00Z", "max_users": 10}
    )
    told()
    do("cancel")(world)

    assert "window.ended" not in types(told(NOON + timedelta(hours=9)))


def test_two_clocks_that_see_a_window_end_at_once_tell_it_once() -> None:
    store = InterleavingStore()
    world = make_world(store.inner)
    add_subscription(world.context, HOOK)
    world.approved(
        "1.0.0", window={"start": "2030-01-02T12:00:00Z", "end": "2030-01-02T14:00:00Z", "max_users": 10}
    )
    environment, later = read_environment(world.storage), NOON + timedelta(hours=3)
    collect(world.storage, environment, NOON, taken=0)

    key = world.storage.keys.key(NOTICE_JOURNAL)
    store.before("put", key, lambda _inner: collect(world.storage, environment, later, taken=0))
    mine = collect(replace(world.storage, store=store), environment, later, taken=0)

    assert store.all_met
    assert types(list(mine.notices)).count("window.ended") == 1


def test_a_token_is_told_of_once_a_week_before_its_end(world: World, told: Told) -> None:
    add_member(world.context, "bot", [Grant(role=Role.OPERATOR)])
    made = create_token(world.context, "bot", grants=[], days=90)

    def told_of(days: float) -> list[str | None]:
        return [each.about["token"] for each in told(NOON + timedelta(days=days)) if each.type == "token.expires"]

    assert told_of(82) == []
    assert told_of(83.5) == [made.id]
    assert told_of(84) == [made.id]
    assert told_of(91) == [made.id]


def test_what_all_have_taken_leaves_the_journal_and_what_nobody_takes_does_not_grow_for_ever(
    world: World, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "MAX_NOTICES", 4)
    world.full("1.0.0", "1.1.0")
    assert [each.number for each in told()] == [3, 4, 5, 6]

    do("halt", "1.1.0", reason="Broken.")(world)
    found = collect(world.storage, read_environment(world.storage), NOON, taken=6)
    assert [each.number for each in found.notices] == [7]


def test_without_an_index_the_documents_themselves_are_looked_at(world: World, told: Told) -> None:
    world.full("1.0.0")
    world.store.delete(world.storage.keys.program_index_key)

    assert "release.full" in types(told())


def test_a_document_that_nobody_can_read_holds_up_no_other(world: World, told: Told) -> None:
    world.drafted("1.0.0")
    do("apply")(world)
    world.store.put(world.storage.keys.release_document_key("broken"), b"{", content_type=None, cache_control=None)
    world.store.delete(world.storage.keys.program_index_key)

    assert types(told()) == ["review.waits"]
