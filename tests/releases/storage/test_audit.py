from __future__ import annotations

import json
from typing import Any

import pytest

from miniprogram.documents.audit_event import Event
from miniprogram.identity.denials import read_denials
from miniprogram.progress import listening
from miniprogram.refusals import Denied
from miniprogram.releases.execution import perform
from miniprogram.releases.queries.history import history, verify_trail


def found(world: Any) -> list[tuple[int, str]]:
    return [(each.position, each.problem) for each in verify_trail(world.storage, "shop").findings]


def edit(world: Any, seq: int, *, reseal: bool = False, **members: Any) -> None:
    key = world.storage.keys.audit_event_key("shop", seq)
    document = {**json.loads(world.store.get(key).body), **members}
    if reseal:
        document = Event.model_validate(document).sealed().model_dump(mode="json", by_alias=True)
    world.store.put(key, json.dumps(document).encode())


def test_an_untouched_trail_is_sound(world: Any) -> None:
    world.full("1.0.0")

    report = verify_trail(world.storage, "shop")

    assert (report.sound, report.events, report.findings) == (True, 6, ())
    assert verify_trail(world.storage, None).sound


@pytest.mark.parametrize("seq", [1, 3, 6], ids=["first", "middle", "last"])
def test_an_edited_event_is_found(world: Any, seq: int) -> None:
    world.full("1.0.0")
    edit(world, seq, actor="mallory")

    assert found(world) == [(seq, "changed")]


@pytest.mark.parametrize("seq", [1, 3, 6], ids=["first", "middle", "last"])
def test_an_edited_event_with_a_fitting_hash_is_found(world: Any, seq: int) -> None:
    world.full("1.0.0")
    edit(world, seq, actor="mallory", reseal=True)

    assert found(world) == [(seq, "changed")]


@pytest.mark.parametrize("seq", [1, 3, 6], ids=["first", "middle", "last"])
def test_a_dropped_event_is_found(world: Any, seq: int) -> None:
    world.full("1.0.0")
    world.store.delete(world.storage.keys.audit_event_key("shop", seq))

    assert found(world) == [(seq, "missing")]


def test_swapped_events_are_found(world: Any) -> None:
    world.full("1.0.0")
    keys = [world.storage.keys.audit_event_key("shop", seq) for seq in (2, 4)]
    second, fourth = (world.store.get(key).body for key in keys)
    world.store.put(keys[0], fourth)
    world.store.put(keys[1], second)

    assert found(world) == [(2, "reordered"), (4, "reordered")]


def test_an_event_that_does_not_belong_is_found(world: Any) -> None:
    world.full("1.0.0")
    world.store.put(world.storage.keys.audit_event_key("shop", 7), b"{}")

    assert found(world) == [(7, "surplus")]


def test_an_unreadable_event_is_found(world: Any) -> None:
    world.full("1.0.0")
    world.store.put(world.storage.keys.audit_event_key("shop", 2), b"not JSON")

    assert found(world) == [(2, "unreadable")]


def test_what_is_there_is_never_overwritten(world: Any) -> None:
    world.full("1.0.0")
    edit(world, 6, actor="mallory")
    world.drafted("1.1.0")

    assert (6, "changed") in found(world)


def test_history_says_who_did_what_newest_first(world: Any) -> None:
    world.full("1.0.0")

    events = history(world.storage, "shop", limit=2).events

    assert [(each.seq, each.command, each.from_state, each.to_state) for each in events] == [
        (6, "release finish", "prepared", "full"),
        (5, "release pilot skip", "approved", "prepared"),
    ]
    assert {each.actor for each in events} == {"ann"}


def test_a_denial_is_put_on_record(world: Any) -> None:
    world.drafted("1.0.0")
    perform(world.context, "shop", "apply", "1.0.0", world.target)
    nobody = world.as_person("eve")

    with pytest.raises(Denied, match="eve may not approve"):
        perform(nobody, "shop", "approve", "1.0.0", world.target)

    (denial,) = read_denials(world.storage).denials
    event = denial.event
    assert (event.outcome, event.actor, event.command) == ("denied", "eve", "release approve")
    assert (event.subject, event.target, event.version) == ("shop", "wallet:production", "1.0.0")
    assert event.details == {"rule": "role"}
    assert history(world.storage, "shop", limit=1).events[0].command == "release apply"


def test_a_denial_about_an_unknown_program_makes_no_document(world: Any) -> None:
    with pytest.raises(Denied):
        perform(world.as_person("eve"), "other", "create", "1.0.0", world.target)

    assert world.store.get(world.storage.keys.release_document_key("other")) is None


def test_whoever_waits_for_a_long_trail_hears_how_far_it_is(world: Any) -> None:
    world.full("1.0.0")
    told: list[tuple[str, int, int | None]] = []

    with listening(lambda *said: told.append(said)):
        found = verify_trail(world.storage, "shop")

    assert told == [("reading events", number, found.events) for number in range(found.events + 1)]
    assert found.sound
