"""Releases through the routes: the vectors, and what they cannot say."""

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

from delivery.conftest import Server, settle
from miniprogram.delivery.documents.profile import Profile, cloud_profile, local_profile
from miniprogram.delivery.evaluation.conditions.id_list import write_id_list
from miniprogram.delivery.evaluation.conditions.operators import epoch_ms
from miniprogram.delivery.evaluation.context.evaluation_context import EvaluationContext
from miniprogram.delivery.evaluation.errors import SourceUnavailable
from miniprogram.delivery.evaluation.explain import explain
from miniprogram.delivery.evaluation.ledger import MemoryLedger, ledger_key
from miniprogram.delivery.evaluation.policy.choose import choose_release
from miniprogram.delivery.evaluation.policy.parse import read_policy
from miniprogram.delivery.evaluation.policy.strict_object import PolicyError
from miniprogram.delivery.evaluation.rules.strictness import COMPATIBLE
from miniprogram.delivery.http.messages import Request, Response
from testbed.examples import examples

VECTORS = json.loads((Path(__file__).parent / "vectors" / "releases.json").read_text("utf-8"))
NOW_MS = epoch_ms(VECTORS["now"])
PROFILES = {"local": (local_profile, ""), "cloud": (cloud_profile, "metadata/")}
LATEST = "/api/manifests/demo/latest"
DECISION = "/api/debug/manifests/demo/decision"


def publish(server: Server, versions: set[str], *, is_local: bool) -> None:
    """The versions' manifests and a pointer to 0.1.0."""
    for version in versions | {"0.1.0"}:
        key = f"manifests/demo/versions/{version}.json" if is_local else f"artifacts/demo/{version}/manifest.json"
        server.write(key, {"id": "demo", "version": version, "entry": "home"})
    if is_local:
        server.write("manifests/demo/latest.json", {"version": "0.1.0"})
    else:
        server.write("metadata/catalog/demo.json", {"releaseKey": "metadata/r.json", "latestVersion": "0.1.0"})
        server.write("metadata/r.json", {"artifacts": {"manifestKey": "artifacts/demo/0.1.0/manifest.json"}})


def versions_of(policy: dict[str, Any]) -> set[str]:
    return {release["version"] for target in policy["targets"] for release in target["releases"].values()}


def start(folder: Path, policy: Any, profile: str = "local", **options: Any) -> Server:
    make, prefix = PROFILES[profile]
    found: Profile = make(**options.pop("profile_options", {}))
    server = Server(folder, found, clock_ns=lambda: NOW_MS * 1_000_000, **options)
    publish(server, versions_of(policy) if isinstance(policy, dict) else set(), is_local=found.is_local)
    server.write(f"{prefix}releases/demo.json", {"id": "demo", "releases": [], "policy": policy})
    server.write(f"{prefix}link_keys/demo.json", VECTORS["linkKeys"])
    settle(folder)
    return server


def ask(server: Server, target: str = LATEST, **query: str) -> tuple[Response, Any]:
    response = server.get(f"{target}?{urlencode(query)}")
    return response, json.loads(response.body)


def policy_with(
    *entries: dict[str, Any], releases: dict[str, Any] | None = None, **members: Any
) -> dict[str, Any]:
    """A policy for host `h` in production."""
    releases = releases or {"new": {"version": "2.0.0"}, "old": {"version": "1.0.0"}}
    target = {"hostApp": "h", "environment": "production", "releases": releases, "entries": list(entries)}
    return {"formatVersion": 1, "revision": 1, "targets": [target], **members}


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


def test_no_environment_is_production_to_audiences_too(tmp_path: Path) -> None:
    audience = {"attribute": "environment", "operator": "in", "values": ["production"]}
    server = start(tmp_path, policy_with({"step": "pin", "release": "new", "audience": audience}))

    assert ask(server, hostApp="h")[1]["version"] == "2.0.0"


def window_policy(**members: Any) -> dict[str, Any]:
    window = {"id": "w", "start": "2026-01-01T00:00:00Z", "end": "2027-01-01T00:00:00Z", "maxUsers": 1, **members}
    return policy_with({"step": "window", "release": "new", "window": window}, {"step": "full", "release": "old"})


def test_looking_takes_no_place(tmp_path: Path) -> None:
    ledger = MemoryLedger()
    server = start(tmp_path, window_policy(), ledger=ledger)
    for target in (DECISION, "/api/discovery/mini-programs", "/api/switches/demo"):
        assert ask(server, target, hostApp="h", userId="a")[0].status == 200
    assert ledger.count("w") == 0

    assert ask(server, hostApp="h", userId="b")[1]["version"] == "2.0.0"
    assert ask(server, hostApp="h", userId="a")[1]["version"] == "1.0.0"
    entry = ask(server, DECISION, hostApp="h", userId="a")[1]["rollout"]["entries"][0]
    assert (entry["matches"], entry["reason"]) == (False, "window_full")


def test_a_host_the_manifest_turns_away_takes_no_place(tmp_path: Path) -> None:
    ledger = MemoryLedger()
    server = start(tmp_path, window_policy(), ledger=ledger)
    manifest = {"id": "demo", "version": "2.0.0", "entry": "home", "sdkVersionRange": "^2.0.0"}
    server.write("manifests/demo/versions/2.0.0.json", manifest)

    assert ask(server, hostApp="h", userId="a", sdkVersion="1.0.0")[0].status == 412
    assert ledger.count("w") == 0


def test_a_ledger_out_of_reach_admits_nobody_and_expels_nobody(tmp_path: Path) -> None:
    class Down(MemoryLedger):
        def has_admitted(self, window_id: str, key: str) -> bool:
            raise SourceUnavailable("down")

    server = start(tmp_path, window_policy(), ledger=Down())

    assert ask(server, hostApp="h", userId="a")[1]["version"] == "1.0.0"
    assert ask(server, hostApp="h", userId="a", currentVersion="2.0.0")[1]["version"] == "2.0.0"
    assert server.failures == []


def test_windows_without_a_ledger_admit_nobody(tmp_path: Path) -> None:
    server = start(tmp_path, window_policy())

    assert ask(server, hostApp="h", userId="a")[1]["version"] == "1.0.0"
    entries = ask(server, DECISION, hostApp="h", userId="a")[1]["rollout"]["entries"]
    assert entries[0]["reason"] == "no_ledger"


@given(st.text(min_size=1, max_size=20), st.integers(0, 10_000), st.integers(0, 10_000))
def test_raising_a_percentage_takes_the_release_from_nobody(user: str, one: int, other: int) -> None:
    def gets(basis_points: int) -> bool:
        entry = {"step": "grayscale", "release": "new", "salt": "s", "basisPoints": basis_points}
        policy = read_policy(policy_with(entry, {"step": "full", "release": "old"}))
        target = policy.targets["h", "production"]
        return (
            choose_release(
                policy, target, EvaluationContext.from_attributes({"userId": user, "now": 0})
            ).entry.release.id
            == "new"
        )

    low, high = sorted((one, other))
    assert not gets(low) or gets(high)


def test_a_long_list_decides(tmp_path: Path) -> None:
    audience = {"attribute": "userId", "operator": "segment", "values": ["vip"]}
    policy = policy_with(
        {"step": "pin", "release": "new", "audience": audience},
        {"step": "full", "release": "old"},
        segments={"vip": {"version": 1, "kind": "ids", "key": "segments/demo/vip/1.ids"}},
    )
    server = start(tmp_path, policy)
    broken = ask(server, hostApp="h", userId="user-7")[1]
    assert (broken["errorCode"], "segments/demo/vip/1.ids" in broken["message"]) == ("invalid_backend_json", True)
    (tmp_path / "segments/demo/vip").mkdir(parents=True)
    write_id_list(str(tmp_path / "segments/demo/vip/1.ids"), (f"user-{number}" for number in range(0, 20_000, 7)))

    versions = [ask(server, hostApp="h", userId=f"user-{number}")[1]["version"] for number in (7, 8, 19_999)]

    assert versions == ["2.0.0", "1.0.0", "2.0.0" if 19_999 % 7 == 0 else "1.0.0"]
    before = server.source.reads
    ask(server, hostApp="h", userId="user-7")
    assert server.source.reads == before


def test_visitors_do_not_fill_the_memory(tmp_path: Path) -> None:
    server = start(tmp_path, policy_with({"step": "full", "release": "old"}))
    ask(server, hostApp="h")
    kept = server.service._contexts._parsed
    before = kept._cost

    for number in range(200):
        ask(server, hostApp="h", userId=f"user-{number}", city=f"city {number}", noise=str(number))

    assert kept._cost - before <= 4_000


def test_what_visitors_say_stays_theirs(tmp_path: Path) -> None:
    server = start(tmp_path, VECTORS["policy"])
    for target in (LATEST, DECISION, "/api/switches/demo", "/api/discovery/mini-programs"):
        response, _ = ask(server, target, hostApp="wallet", userId="zoe@private.example", city="Qaqortoq")
        text = response.body.decode() + str(response.headers)
        assert "zoe" not in text
        assert "Qaqortoq" not in text
        assert "mallory" not in text
        assert "ann@corp" not in text
    response, _ = ask(server, hostApp="wallet", userId="a")
    assert dict(response.headers)["cache-control"] == "private, no-cache"


def test_the_tag_changes_with_the_visitor(tmp_path: Path) -> None:
    server = start(tmp_path, VECTORS["policy"])
    one, _ = ask(server, hostApp="wallet", platform="ios")
    etag = dict(one.headers)["etag"]

    same = server.get(f"{LATEST}?hostApp=wallet&platform=ios", if_none_match=etag)
    other = server.get(f"{LATEST}?hostApp=wallet&platform=ios&currentVersion=0.1.0", if_none_match=etag)

    assert (same.status, other.status) == (304, 200)


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


def test_the_peer_address_is_the_servers_view(tmp_path: Path) -> None:
    audience = {"attribute": "ip", "operator": "cidr", "values": ["10.0.0.0/8"]}
    releases = {"new": {"version": "2.0.0", "audience": audience}, "old": {"version": "1.0.0"}}
    server = start(
        tmp_path,
        policy_with({"step": "full", "release": "new"}, {"step": "fallback", "release": "old"}, releases=releases),
    )

    answers = [
        json.loads(server.service.handle(Request("GET", LATEST, query, client=client)).body)["version"]
        for query, client in [("hostApp=h", "10.1.1.1"), ("hostApp=h", "8.8.8.8"), ("hostApp=h&ip=10.1.1.1", "")]
    ]

    assert answers == ["2.0.0", "1.0.0", "1.0.0"]


def test_extras_that_cannot_be_used_count_as_not_sent(tmp_path: Path) -> None:
    server = start(tmp_path, policy_with({"step": "full", "release": "old"}))
    custom = {f"custom.c{number}": "x" for number in range(100)}
    query = {"userId": "x" * 257, "city": "a\nb", "country": " ", "region": "São Paulo", **custom}

    attributes = ask(server, DECISION, hostApp="h", **query)[1]["rollout"]["attributes"]

    assert "region" in attributes
    assert not {"userId", "city", "country"} & set(attributes)
    assert sum(name.startswith("custom.") for name in attributes) == 32


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
