"""Releases as hosts get them: the vectors, what is live when, and the reasons that are told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from delivery.conftest import Server
from delivery.policy_server import (
    DECISION,
    PROFILES,
    VECTORS,
    ask,
    policy_with,
    start,
)
from miniprogram.delivery.evaluation.explain import explain
from miniprogram.delivery.evaluation.ledger import MemoryLedger, ledger_key
from miniprogram.delivery.evaluation.rules.strictness import COMPATIBLE


@pytest.fixture(scope="module", params=sorted(PROFILES))
def vectors_server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Server:
    ledger = MemoryLedger()
    for window, keys in VECTORS["admitted"].items():
        for key in keys:
            ledger.admit(window, ledger_key(window, key), 10, 0)
    return start(tmp_path_factory.mktemp("releases"), VECTORS["policy"], request.param, ledger=ledger)


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_releases_come_out_as_the_vectors_say(case: dict[str, Any], vectors_server: Server) -> None:
    server, expect = vectors_server, dict(case["expect"])
    if case["name"].startswith("a window: ") and case["name"] != "a window: first":
        for user in ("a", "b"):  # the cases of this window follow each other
            ask(server, hostApp="events", userId=user)

    _, inspected = ask(server, DECISION, **case["query"])
    response, body = ask(server, **case["query"])

    metadata = body.get("deliveryMetadata") or body["details"]
    assert response.status == expect.pop("status")
    if "version" in expect:
        assert (body["version"], metadata["resolvedVersion"]) == (expect["version"], expect.pop("version"))
    if "errorCode" in expect:
        assert body["errorCode"] == expect.pop("errorCode")
    assert {name: metadata.get(name) for name in expect} == expect
    # What inspections say is what hosts get.
    assert inspected["simulatedStatusCode"] == response.status
    if response.status == 200:
        assert inspected["decision"]["matchedReleaseId"] == metadata["matchedReleaseId"]
        first = next(
            entry for entry in inspected["rollout"]["entries"] if entry["matches"] and entry["step"] != "deny"
        )
        assert "pinnedVersion" in case["query"] or first["releaseId"] == metadata["matchedReleaseId"]
    assert server.failures == []


def test_no_policy_means_rules_and_pointer(tmp_path: Path) -> None:
    server = start(tmp_path, None)
    assert ask(server, hostApp="h")[1]["deliveryMetadata"]["selectionMode"] == "static_latest"
    server.write("rollout-rules/demo.json", {"defaultVersion": "0.1.0"})
    assert ask(server, hostApp="h", userId="u")[1]["deliveryMetadata"]["selectionMode"] == "default_version"
    server.write("releases/demo.json", {"policy": policy_with(otherwise="legacy")})
    assert ask(server, hostApp="other")[1]["deliveryMetadata"]["selectionMode"] == "default_version"
    assert ask(server, hostApp="h")[0].status == 412


def test_a_policy_is_live_at_the_next_request(tmp_path: Path) -> None:
    server = start(tmp_path, policy_with({"step": "full", "release": "old"}))
    assert ask(server, hostApp="h")[1]["version"] == "1.0.0"
    server.write("releases/demo.json", {"policy": policy_with({"step": "full", "release": "new"})})
    assert ask(server, hostApp="h")[1]["version"] == "2.0.0"


def test_withdrawn_versions_have_no_address(tmp_path: Path) -> None:
    policy = policy_with({"step": "full", "release": "old"}, withdrawnVersions=["2.0.0"], otherwise="legacy")
    server = start(
        tmp_path, policy, profile_options={"strictness": COMPATIBLE._replace(direct_reads_obey_rules=True)}
    )

    statuses = [server.get(f"/api/manifests/demo/versions/{version}").status for version in ("1.0.0", "2.0.0")]

    assert statuses == [200, 412]
    assert ask(server, hostApp="h", pinnedVersion="2.0.0")[0].status == 412
    assert ask(server, hostApp="other", pinnedVersion="2.0.0")[0].status == 412


def test_files_are_not_for_hosts_without_a_target(tmp_path: Path) -> None:
    server = start(tmp_path, policy_with({"step": "full", "release": "old"}))
    path = "/api/manifests/demo/versions/1.0.0"

    statuses = [server.get(path).status, *(server.get(path, x_host_app=host).status for host in ("h", "other"))]

    assert statuses == [200, 200, 412]


def test_switches_have_a_route(tmp_path: Path) -> None:
    server = start(tmp_path, VECTORS["policy"])
    response, body = ask(server, "/api/switches/demo.json", hostApp="wallet", platform="android")

    assert (response.status, body["policyRevision"]) == (200, 42)
    assert body["switches"]["dark"] == {"value": True, "type": "boolean", "reason": "rule", "rule": 0}
    assert body["switches"]["off"] == {"value": "a", "type": "string", "reason": "disabled"}
    assert "shop-only" not in body["switches"]
    assert ask(server, "/api/switches/nobody")[0].status == 404
    assert ask(server, "/api/switches/..%2f")[0].status == 400
    server.write("releases/demo.json", {})
    assert ask(server, "/api/switches/demo")[1]["switches"] == {}
    server.write("access_keys/demo.json", {"keys": ["k"]})
    assert ask(server, "/api/switches/demo")[0].status == 401


EXPLAINED = {
    "hostApp=wallet": ("demo 1.1.0: release r2 is the full release.", "[skip]  pilot r4 -> 1.3.0 (not a tester)"),
    "hostApp=wallet&platform=android": (
        "demo 1.1.0: release r2",
        "[skip]  grayscale r3 -> 1.2.0 (neither userId nor deviceId was sent)",
    ),
    "hostApp=wallet&userId=u": (
        "demo 1.1.0: release r2",
        "[skip]  grayscale r3 -> 1.2.0 (the audience does not hold: audiences.android asks platform in, which",
    ),
    "hostApp=wallet&userId=mallory": ("demo: refused with 412 delivery_rule_disabled.", "[match] deny everything"),
    "hostApp=wallet&userId=ann@corp.example": (
        "demo 1.3.0: the visitor is a tester of release r4.",
        "[match] pilot",
    ),
    "hostApp=wallet&link=mpl1.k1.e30.x": ("demo 1.1.0", "[skip]  link t1 -> 2.0.0-dev.1 (link wrong signature)"),
}


@pytest.mark.parametrize("query", EXPLAINED)
def test_release_decisions_are_told_in_sentences(query: str, tmp_path: Path) -> None:
    server = start(tmp_path, VECTORS["policy"])

    lines = list(explain(json.loads(server.get(f"{DECISION}?{query}").body)))

    outcome, entry = EXPLAINED[query]
    assert lines[0].startswith(outcome)
    assert any(entry in line for line in lines)
