"""A source that fails: what goes on, for how long, and what operators hear."""

from __future__ import annotations

import json
from typing import Any

import pytest

from delivery.documents.failing_store import (
    ASKED,
    HARD_S,
    KEY,
    KEYS,
    LATEST,
    POINTER,
    POLICY,
    RELEASES,
    RULES,
    SOFT_S,
    STALE_S,
    Store,
    World,
    pointer,
)
from miniprogram.delivery.documents.outage import pause_s
from miniprogram.delivery.documents.profile import cloud_profile
from miniprogram.delivery.http.messages import Request
from miniprogram.delivery.http.service import DeliveryService

AGES = [(1.0, "fresh"), (SOFT_S, "soft"), (HARD_S - 0.1, "soft"), (HARD_S, "stale"), (600.0, "stale")]

AGES += [(HARD_S + STALE_S - 0.1, "stale"), (HARD_S + STALE_S, "over"), (1e6, "over")]


@pytest.mark.parametrize(("age", "phase"), AGES)
@pytest.mark.parametrize("program", ["shop", "locked", "plain", "ruled"])
def test_what_is_known_goes_on_by_age_and_keys_fail_closed(
    world: World, program: str, age: float, phase: str
) -> None:
    key = {"x_mini_program_access_key": KEY} if program == "locked" else {}
    assert world.latest(program, **key) == (200, "1.0.0")

    world.store.is_down = True
    world.now += age

    is_open = phase in ("fresh", "soft") or (phase == "stale" and program != "locked")
    assert world.latest(program, **key) == ((200, "1.0.0") if is_open else (503, None))
    assert bool(world.degraded) is (is_open and phase == "stale")
    if program == "locked":
        assert world.latest(program)[0] in ({401} if is_open else {503}), "without a key it never opens"


@pytest.mark.parametrize("age", [SOFT_S, HARD_S + 1])
@pytest.mark.parametrize(
    "failing",
    [POINTER, RELEASES, RULES, POLICY, KEYS, "metadata/catalog/plain.json", "metadata/rollout-rules/ruled.json",
     "metadata/capability-policies/ruled.json", "metadata/access_keys/plain.json"],
)  # fmt: skip
def test_each_kind_of_document_may_fail_alone(world: World, failing: str, age: float) -> None:
    before = [world.latest(program) for program in ("shop", "plain", "ruled")]
    world.store.failing = {failing}
    world.now += age

    assert [world.latest(program) for program in ("shop", "plain", "ruled")] == before
    assert {error.key for error in world.degraded} == ({failing} if age > HARD_S else set()) & set(
        world.store.asked
    )


def test_a_store_that_fails_is_asked_ever_less_often(world: World) -> None:
    world.latest()
    world.now += SOFT_S
    world.store.is_down, world.store.asked = True, []

    for _ in range(600):
        world.now += 0.1
        assert world.latest() == (200, "1.0.0")

    per_key = len(world.store.asked) / len(set(world.store.asked))
    assert per_key < 40, "one minute of a failing store, ten requests a second"
    assert len(world.degraded) == len({error.key for error in world.degraded}), "told once per document"


def test_what_changed_meanwhile_shows_when_the_store_is_back_and_trouble_is_told_again(world: World) -> None:
    world.latest("plain")
    world.store.is_down = True
    world.now += HARD_S
    world.latest("plain")
    told = len(world.degraded)
    assert told

    world.store.objects["metadata/catalog/plain.json"] = json.dumps(pointer("plain", "1.1.0")).encode()
    world.store.is_down = False
    world.now += 10
    assert world.latest("plain") == (200, "1.1.0")
    world.store.is_down = True
    world.now += HARD_S
    world.latest("plain")
    assert len(world.degraded) == 2 * told


def test_while_the_store_fails_the_loop_answers_from_memory(world: World) -> None:
    request = Request("GET", LATEST.format("plain"), ASKED, {"x-request-id": "t"})
    world.service.handle(request)
    world.store.is_down = True
    world.now += SOFT_S
    assert world.service.try_from_memory(request) is None, "somebody has to look first"
    assert world.service.handle(request).status == 200
    world.store.asked = []

    answer = world.service.try_from_memory(request)

    assert answer is not None
    assert answer.status == 200
    assert world.store.asked == []


def test_an_id_list_that_would_have_to_be_read_is_never_read_from_memory(world: World) -> None:
    request = Request("GET", LATEST.format("shop"), ASKED, {"x-request-id": "t"})
    world.service.handle(request)
    world.service._lists._opened = type(world.service._lists._opened)(10**9)  # what was opened made room
    world.store.asked = []

    assert world.service.try_from_memory(request) is None
    assert world.store.asked == []


def test_without_tolerance_a_failure_is_a_refusal(objects: dict[str, Any]) -> None:
    store = Store(objects)
    service = DeliveryService(store, cloud_profile(), report=lambda *_: None)
    request = Request("GET", LATEST.format("plain"))
    assert service.handle(request).status == 200
    store.is_down = True
    assert service.handle(request).status == 503


def test_pauses_grow_to_a_limit_and_differ_by_key() -> None:
    pauses = [pause_s("a", failures) for failures in range(1, 40)]

    assert all(0.25 <= pause <= 5 for pause in pauses)
    assert min(pauses[10:]) >= 2.5
    assert len({pause_s(f"key-{number}", 3) for number in range(50)}) > 10
