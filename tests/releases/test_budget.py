"""The sum of what a policy costs is bounded when it is written; a brake goes through whatever it costs."""

from __future__ import annotations

import time
from typing import Any

import pytest

from miniprogram.delivery.evaluation.conditions.patterns import pattern_work
from miniprogram.refusals import Refused
from miniprogram.releases import budget
from miniprogram.releases.commands.overrides import add_override
from miniprogram.releases.commands.segments import put_ids, put_patterns
from miniprogram.releases.commands.switches import set_switch
from miniprogram.releases.execution import perform
from miniprogram.releases.queries.why import why

HEAVY = "^" + "a.?" * 20
"""A pattern that needs 2**20 steps: as many as one may."""


def _heavy(*operators: str) -> dict[str, Any]:
    return {"any": [{"attribute": "userId", "operator": "regex", "values": [pattern]} for pattern in operators]}


def _switch(world: Any, key: str, *patterns: str) -> Any:
    rules = [{"value": True, "audience": _heavy(*patterns)}]
    return set_switch(world.context, "shop", {"key": key, "type": "boolean", "default": False, "rules": rules})


def test_the_heaviest_pattern_is_a_quarter_of_the_budget() -> None:
    assert pattern_work(HEAVY) * 4 == budget.MAX_WORK


def test_one_pattern_above_the_budget_is_refused_with_the_number(world: Any) -> None:
    world.full("1.0.0")
    _switch(world, "x", *[HEAVY] * 4)
    before = world.document

    with pytest.raises(Refused, match="4,194,560 steps, and 4,194,304") as caught:
        _switch(world, "y", "a")

    assert caught.value.rule == "work_budget"
    assert world.document == before


def test_the_worst_request_at_the_budget_is_answered_soon(world: Any) -> None:
    world.full("1.0.0")
    _switch(world, "x", *[HEAVY + "b"] * 3)

    started = time.perf_counter()
    why(world.storage, "shop", world.target, {"userId": "a" * 256}, now=world.context.now)

    assert time.perf_counter() - started < 1.0


@pytest.mark.parametrize(
    "grow",
    [
        lambda world: put_patterns(world.context, "shop", "p", [HEAVY] * 1 + [HEAVY + "b"]),
        lambda world: add_override(
            world.context,
            "shop",
            world.target,
            kind="deny",
            audience=_heavy(HEAVY, HEAVY),
            version=None,
            reason="x",
        ),
        lambda world: perform(
            world.context, "shop", "configure", "1.1.0", world.target, audience=_heavy(HEAVY, HEAVY)
        ),
        lambda world: _switch(world, "y", HEAVY, HEAVY),
    ],
    ids=["segment", "override", "release", "switch"],
)
def test_every_way_to_add_work_is_counted(world: Any, grow: Any) -> None:
    world.full("1.0.0")
    put_patterns(world.context, "shop", "p", ["^a"])
    segment = {"attribute": "userId", "operator": "segment", "values": ["p"]}
    rules = [{"value": True, "audience": {"any": [segment, *_heavy(*[HEAVY] * 3)["any"]]}}]
    set_switch(world.context, "shop", {"key": "x", "type": "boolean", "default": False, "rules": rules})
    world.drafted("1.1.0")

    with pytest.raises(Refused) as caught:
        grow(world)

    assert caught.value.rule == "work_budget"


def test_values_count_together(world: Any) -> None:
    world.full("1.0.0")
    for number in range(16):
        set_switch(world.context, "shop", {"key": f"s{number}", "type": "string", "default": "x" * 16_000})

    with pytest.raises(Refused, match="bytes of JSON") as caught:
        set_switch(world.context, "shop", {"key": "more", "type": "string", "default": "x" * 16_000})

    assert caught.value.rule == "value_budget"


def test_what_costs_too_much_already_can_be_halted(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    world.full("1.0.0")
    put_ids(world.context, "shop", "vip", ["ann"])
    _switch(world, "x", HEAVY)
    monkeypatch.setattr(budget, "MAX_WORK", 1)

    perform(world.context, "shop", "halt", "1.0.0", world.target, reason="crashes")
    _switch(world, "x", "^a")
    with pytest.raises(Refused):
        _switch(world, "y", "^a")
