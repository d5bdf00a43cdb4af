"""`rollback --to embedded`: hosts are directed to the version that they were built with."""

from __future__ import annotations

from typing import Any

import pytest

from miniprogram.delivery.documents.profile import cloud_profile
from miniprogram.delivery.http.messages import Request
from miniprogram.delivery.http.service import DeliveryService
from miniprogram.refusals import NotFound, Refused
from miniprogram.releases.execution import perform
from miniprogram.releases.lint.lint import lint
from miniprogram.releases.model.states import State
from miniprogram.releases.queries.listing import list_releases
from miniprogram.releases.queries.why import why
from miniprogram.releases.simulation.simulate import Proposal, simulate
from miniprogram.stores.delivery_source import StoreSource
from miniprogram.strict_json import parse_json
from miniprogram.testing import NOON

QUERY = "hostApp=wallet&sdkVersion=1.0.0&capabilities=analytics"


def answered(world: Any, more: str = "") -> tuple[int, Any]:
    service = DeliveryService(StoreSource(world.store), cloud_profile())
    response = service.handle(Request("GET", "/api/manifests/shop/latest", f"{QUERY}{more}"))
    return response.status, parse_json(response.body, name="the answer")


def code(world: Any, more: str = "") -> str:
    status, body = answered(world, more)
    return str(body["version"] if status == 200 else body["errorCode"])


def go_back(world: Any, to: str = "embedded") -> Any:
    return perform(world.context, "shop", "rollback", None, world.target, to=to, reason="it breaks")


@pytest.fixture
def rolled_back(world: Any) -> Any:
    world.full("1.0.0", "1.1.0")
    go_back(world)
    return world


def test_hosts_are_directed_to_what_they_were_built_with(world: Any) -> None:
    world.full("1.0.0", "1.1.0")
    report = go_back(world)

    assert (report.release.state, report.instead, report.embedded) == (State.ARCHIVED, None, True)
    status, body = answered(world)
    assert (status, body["errorCode"]) == (412, "roll_back_to_embedded")
    assert body["details"]["decisionReason"] == "rolled_back_to_embedded"
    assert "run the version this host was built with" in body["message"]
    assert world.document.record(world.target).fallback is None


def test_a_pinned_version_gets_the_same_answer(rolled_back: Any) -> None:
    assert code(rolled_back, "&pinnedVersion=1.1.0") == "roll_back_to_embedded"


def test_other_targets_go_on(rolled_back: Any) -> None:
    assert code(rolled_back, "&environment=test") == "1.2.0"


def test_who_is_in_a_pilot_keeps_it(rolled_back: Any) -> None:
    rolled_back.approved("1.2.0")
    perform(rolled_back.context, "shop", "pilot start", "1.2.0", rolled_back.target, testers=["tess"])

    assert code(rolled_back, "&userId=tess") == "1.2.0"
    assert code(rolled_back, "&userId=other") == "roll_back_to_embedded"


@pytest.mark.parametrize("way", ["a new full release", "a rollback"])
def test_it_ends_when_a_release_is_full_again(way: str, rolled_back: Any) -> None:
    if way == "a rollback":
        go_back(rolled_back, to="1.0.0")
        assert code(rolled_back) == "1.0.0"
    else:
        rolled_back.full("1.2.0")
        assert code(rolled_back) == "1.2.0"
    go_back(rolled_back, to="none")

    assert code(rolled_back) == "delivery_rule_disabled", "the directive does not come back by itself"


def test_where_nothing_is_full_the_way_is_named(world: Any) -> None:
    world.full("1.0.0")
    go_back(world, to="none")

    with pytest.raises(NotFound, match="no full release") as caught:
        go_back(world)

    assert caught.value.hint is not None
    assert "`release rollback --to VERSION`" in caught.value.hint
    go_back(world, to="1.0.0")
    go_back(world)
    assert code(world) == "roll_back_to_embedded"


def test_why_list_lint_and_trail_say_it(rolled_back: Any) -> None:
    world = rolled_back
    found = why(world.storage, "shop", world.target, {}, now=NOON)
    assert (found.version, found.decision_reason) == (None, "rolled_back_to_embedded")
    assert list_releases(world.storage, "shop").directed_to_embedded == (str(world.target),)
    (finding,) = lint(world.storage, "shop", now=NOON).findings
    assert finding.code == "directed-to-embedded"
    assert str(world.target) in finding.subject
    go_back(world, to="1.0.0")
    assert list_releases(world.storage, "shop").directed_to_embedded == ()
    assert not lint(world.storage, "shop", now=NOON).findings


def test_it_can_be_counted_before(world: Any) -> None:
    world.full("1.0.0", "1.1.0")
    people = [{"userId": f"u{number}"} for number in range(20)]

    found = simulate(world.storage, "shop", Proposal("1.1.0", world.target, embedded=True), people, now=NOON)

    assert (found.before, found.after) == ({"1.1.0": 20}, {"embedded": 20})
    go_back(world)
    assert code(world) == "roll_back_to_embedded"


def test_taking_it_offline_is_no_directive(world: Any) -> None:
    world.full("1.0.0")
    with pytest.raises(Refused):
        go_back(world, to="9.9.9")
    go_back(world, to="none")

    assert code(world) == "delivery_rule_disabled"
