"""Policies that are wrong are named, and any policy answers any visitor."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from delivery.policy_server import (
    DECISION,
    LATEST,
    PROFILES,
    VECTORS,
    ask,
    policy_with,
    start,
)
from miniprogram.delivery.evaluation.ledger import MemoryLedger
from miniprogram.delivery.evaluation.policy.parse import read_policy
from miniprogram.delivery.evaluation.policy.strict_object import PolicyError
from testbed.examples import examples


def _set(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(policy: dict[str, Any]) -> None:
        place: Any = policy
        *parents, last = path.replace("]", "").replace("[", ".").split(".")
        for name in parents:
            place = place[int(name)] if name.isdigit() else place[name]
        place[int(last) if last.isdigit() else last] = value

    return change


SLIPS = {
    "formatVersion": 2,
    "revision": -1,
    "surprise": True,
    "otherwise": "maybe",
    "withdrawnVersions": ["1"],
    "audiences.bad": {},
    "segments.bad": {"kind": "list", "version": 1},
    "targets": {},
    "targets[0].hostApp": "a/b",
    "targets[0].environment": "prod",
    "targets[0].releases.r1.version": "1.0",
    "targets[0].releases.r1.kind": "beta",
    "targets[0].releases.r1.state": "stopped",
    "targets[0].releases.r1.audience": "nobody",
    "targets[0].releases.r1.upgrade": {"mode": "loud"},
    "targets[0].entries[2].basisPoints": 10_001,
    "targets[0].entries[2].salt": "",
    "targets[0].entries[2].percentage": 5,
    "targets[0].entries[1].release": "r99",
    "targets[0].entries[1].step": "half",
    "targets[0].entries[3].testers": {"ids": ["a"], "segment": "blocked"},
    "targets[0].entries[5].audience": None,
    "targets[2].entries[0].window.maxUsers": 0,
    "targets[2].entries[0].window.end": "2026-03-01T08:00:00Z",
    "targets[2].entries[0].window.start": "tomorrow",
    "switches.limit.default": "ten",
    "switches.dark.type": "flag",
}


@pytest.mark.parametrize("path", SLIPS)
def test_slips_in_a_policy_are_named(path: str, tmp_path: Path) -> None:
    policy = copy.deepcopy(VECTORS["policy"])
    _set(path, SLIPS[path])(policy)

    with pytest.raises(PolicyError) as caught:
        read_policy(policy)

    assert caught.value.path.startswith(f"policy.{path}")


def test_a_test_release_cannot_be_rolled_out() -> None:
    policy = policy_with({"step": "full", "release": "t"}, releases={"t": {"version": "1.0.0", "kind": "test"}})
    with pytest.raises(PolicyError, match="test release"):
        read_policy(policy)


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_a_broken_policy_is_a_structured_failure(tmp_path: Path, profile: str) -> None:
    server = start(tmp_path, policy_with({"step": "full"}), profile)
    response, body = ask(server, hostApp="h")

    assert (response.status, body["errorCode"]) == (500, "invalid_backend_json")
    assert "policy.targets[0].entries[0].release" in body["message"]
    assert server.get("/api/screens/demo/0.1.0/home").status == 500
    assert ask(server, "/api/discovery/mini-programs")[1]["entries"] == []


NAMES = ["hostApp", "platform", "userId", "deviceId", "environment", "currentVersion", "pinnedVersion", "link"]
NAMES += ["custom.a", "custom.", "locale", "country", "capabilities", "tenantId"]


odd = (
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=4) | st.sampled_from([[], {}, "1.0.0", "r1"])
)


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every member and item of a JSON value, as container and key."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [(value, key) for key in keys] + [place for key in keys for place in places(value[key])]


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_any_policy_and_any_visitor_get_an_answer(profile: str, tmp_path: Path) -> None:
    server = start(tmp_path, VECTORS["policy"], profile, ledger=MemoryLedger())
    key = PROFILES[profile][1] + "releases/demo.json"
    values = st.sampled_from(["wallet", "shop", "android", "mallory", "1.1.0", "test", "mpl1.k1.e30.x"]) | st.text(
        max_size=6
    )

    @settings(max_examples=examples(60), suppress_health_check=[HealthCheck.too_slow])
    @given(st.data())
    def check(data: st.DataObject) -> None:
        policy = copy.deepcopy(VECTORS["policy"])
        for _ in range(data.draw(st.integers(0, 2))):
            found = places(policy)
            container, name = found[data.draw(st.integers(0, len(found) - 1))]
            container[name] = data.draw(odd)
        server.write(key, {"policy": policy})
        query = urlencode(data.draw(st.dictionaries(st.sampled_from(NAMES), values, max_size=6)), errors="replace")
        for target in (LATEST, DECISION, "/api/switches/demo", "/api/discovery/mini-programs"):
            response = server.get(f"{target}?{query}")
            assert response.status in {200, 400, 404, 412, 500}
            assert response.status != 500 or b"invalid_backend_json" in response.body
            json.loads(response.body)
        assert server.failures == []

    check()


@pytest.mark.parametrize("value", [10**400, -(10**400), float("inf"), float("-inf"), True, "1", None])
def test_a_switch_number_is_one_that_every_host_can_hold(value: object) -> None:
    policy = {"formatVersion": 1, "revision": 1, "switches": {"s": {"type": "number", "default": value}}}

    with pytest.raises(PolicyError, match=r"policy\.switches\.s\.default"):
        read_policy(policy)


@pytest.mark.parametrize("value", [0, -1, 1.5, 2**60, 1.7e308])
def test_usual_switch_numbers_are_taken(value: float) -> None:
    policy = {"formatVersion": 1, "revision": 1, "switches": {"s": {"type": "number", "default": value}}}

    assert read_policy(policy).switches[0].default == value
