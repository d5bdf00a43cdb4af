"""Answers to visitors that are put together from what others got: the same as if each were worked out."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from delivery.conftest import Server
from delivery.policy_server import LATEST, PROFILES, VECTORS, ask, policy_with, start
from miniprogram.delivery.evaluation.ledger import MemoryLedger, ledger_key
from miniprogram.delivery.http.answers import latest
from miniprogram.delivery.http.messages import Request

LONG_S = 3_600.0
HALF = {"step": "grayscale", "release": "new", "basisPoints": 5000, "salt": "s"}
REST = {"step": "full", "release": "old"}


def visitors() -> list[dict[str, str]]:
    """What the vectors ask, and the same from others: known, unknown, with versions and in environments."""
    asked: list[dict[str, str]] = [case["query"] for case in VECTORS["cases"]]
    further = [
        {"userId": "ann@corp.example"},
        {"userId": "mallory"},
        *({"userId": f"user-{number}"} for number in range(12)),
        {"deviceId": "device-1"},
        {"userId": "user-3", "currentVersion": "0.1.0"},
        {"userId": "user-3", "currentVersion": "1.1.0"},
        {"userId": "user-4", "environment": "test"},
        {"userId": "user-5", "country": "de", "custom.tier": "gold"},
    ]
    return [*asked, *({**query, **more} for query in asked for more in further)]


def ledger() -> MemoryLedger:
    made = MemoryLedger()
    for window, keys in VECTORS["admitted"].items():
        for key in keys:
            made.admit(window, ledger_key(window, key), 10, 0)
    return made


def no_decision(*_args: object) -> Any:
    raise AssertionError("worked out")


@pytest.mark.parametrize("profile", PROFILES)
def test_every_visitor_gets_what_nobody_else_would_change(profile: str, tmp_path: Path) -> None:
    fresh = start(tmp_path / "fresh", VECTORS["policy"], profile, ledger=ledger())
    cached = start(tmp_path / "kept", VECTORS["policy"], profile, ledger=ledger(), max_staleness_s=LONG_S)
    asked = visitors()

    for query in [*asked, *reversed(asked)]:
        request = Request("GET", LATEST, urlencode(query))
        expected, found = fresh.service.handle(request), cached.service.handle(request)
        at_once = cached.service.try_from_memory(request)

        assert found == expected, query
        assert at_once in {None, expected}, query


@pytest.mark.parametrize("profile", PROFILES)
def test_every_visitor_is_told_what_is_unchanged_for_them(profile: str, tmp_path: Path) -> None:
    """Each asks with the tag of what somebody gets, their own among them."""
    fresh = start(tmp_path / "fresh", VECTORS["policy"], profile, ledger=ledger())
    cached = start(tmp_path / "kept", VECTORS["policy"], profile, ledger=ledger(), max_staleness_s=LONG_S)
    asked = visitors()[::3]
    tags = [
        dict(fresh.service.handle(Request("GET", LATEST, urlencode(each))).headers).get("etag") for each in asked
    ]
    some = sorted({tag for tag in tags if tag is not None})[:3]
    statuses = set()

    for query, tag in [*zip(asked, tags, strict=True)] * 2:
        for known in (tag, *some):
            request = Request("GET", LATEST, urlencode(query), {} if known is None else {"if-none-match": known})
            expected, found = fresh.service.handle(request), cached.service.handle(request)
            assert found == expected, (query, known)
            statuses.add(found.status)

    assert statuses >= {200, 304}


def test_that_nothing_changed_for_visitors_is_worked_out_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = start(tmp_path, policy_with(HALF, REST), max_staleness_s=LONG_S)
    target = LATEST + "?hostApp=h&userId=user-%d"
    tags = [dict(server.get(target % number).headers)["etag"] for number in range(20)]
    for tag in set(tags):
        assert {server.get(target % number, if_none_match=tag).status for number in range(20)} == {200, 304}
    monkeypatch.setattr(latest, "decide", no_decision)

    for tag in set(tags):
        found = [server.get(target % number, if_none_match=tag).status for number in range(20)]
        assert found == [304 if each == tag else 200 for each in tags]


def test_what_follows_from_the_same_choice_is_worked_out_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = start(tmp_path, policy_with(HALF, REST), max_staleness_s=LONG_S)
    for number in range(20):
        ask(server, hostApp="h", userId=f"user-{number}")
    monkeypatch.setattr(latest, "decide", no_decision)

    versions = {ask(server, hostApp="h", userId=f"user-{number}")[1]["version"] for number in range(20, 200)}

    assert versions == {"1.0.0", "2.0.0"}


def test_so_is_what_depends_on_audiences_versions_and_switches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile, own = next(iter(PROFILES)), {"pinnedVersion", "link"}
    server = start(tmp_path, VECTORS["policy"], profile, ledger=ledger(), max_staleness_s=LONG_S)
    asked = [Request("GET", LATEST, urlencode(query)) for query in visitors() if own.isdisjoint(query)]
    first = [server.service.handle(request) for request in asked]
    monkeypatch.setattr(latest, "decide", no_decision)

    again = [server.service.handle(request) for request in asked]

    known = [one for one, other in zip(first, again, strict=True) if other.status == 200]
    granted = [
        one for one in first if one.status == 200 and "window" not in one.reason and "link" not in one.reason
    ]
    assert {one.reason for one in granted} <= {one.reason for one in known}
    assert len(known) >= len(granted) > 30


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ({"hostApp": "h", "userId": "u", "pinnedVersion": "1.0.0"}, {}),
        ({"hostApp": "h", "userId": "u", "link": "a.b.c"}, {}),
        ({"hostApp": "h", "userId": "u"}, {"x_request_id": "mine"}),
        ({"hostApp": "h", "userId": "u"}, {"origin": "https://a.example"}),
    ],
    ids=["a pin", "a link", "a trace id", "an origin"],
)
def test_what_is_for_one_visitor_is_worked_out(
    query: dict[str, str], headers: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = start(tmp_path, policy_with(REST), max_staleness_s=LONG_S)
    target = f"{LATEST}?{urlencode(query)}"
    assert [server.get(target, **headers).status for _ in range(2)] == [200, 200]
    monkeypatch.setattr(latest, "decide", no_decision)

    assert server.get(target, **headers).status == 500


def test_a_change_of_policy_shows_when_answers_are_too_old(tmp_path: Path) -> None:
    now = [0.0]
    server = start(tmp_path, policy_with(REST), max_staleness_s=4.0, monotonic=lambda: now[0])
    assert ask(server, hostApp="h", userId="a")[1]["version"] == "1.0.0"
    server.write("releases/demo.json", {"policy": policy_with({"step": "full", "release": "new"})})

    now[0] = 0.9
    assert ask(server, hostApp="h", userId="b")[1]["version"] == "1.0.0"
    now[0] = 2.0
    assert ask(server, hostApp="h", userId="b")[1]["version"] == "2.0.0"


def test_a_key_is_not_lent(tmp_path: Path) -> None:
    server = start(tmp_path, policy_with(REST), max_staleness_s=LONG_S)
    server.write("access_keys/demo.json", {"keys": [{"id": "a", "key": "k" * 24}]})

    with_key = server.get(f"{LATEST}?hostApp=h&userId=a", x_mini_program_access_key="k" * 24)
    assert (with_key.status, ask(server, hostApp="h", userId="b")[0].status) == (200, 401)


def test_what_a_policy_wants_to_know_every_visitor_has_to_say(tmp_path: Path) -> None:
    server = start(tmp_path, policy_with(REST), max_staleness_s=LONG_S)
    required = {"requireContextForLatest": True, "requiredQueryParameters": ["hostApp", "city"]}
    server.write("capability-policies/demo.json", required)

    assert ask(server, hostApp="h", userId="a", city="Genoa")[0].status == 200
    assert ask(server, hostApp="h", userId="b")[0].status == 400


def test_times_are_those_of_the_visit(tmp_path: Path) -> None:
    now_ms = [1_000]
    audience = {"attribute": "now", "operator": "date_before", "values": ["1970-01-01T00:00:02Z"]}
    policy = policy_with({"step": "pin", "release": "new", "audience": audience}, REST)
    start(tmp_path, policy)
    server = Server(
        tmp_path, PROFILES["local"][0](), clock_ns=lambda: now_ms[0] * 1_000_000, max_staleness_s=LONG_S
    )
    assert [ask(server, hostApp="h", userId=user)[1]["version"] for user in "ab"] == ["2.0.0", "2.0.0"]

    now_ms[0] = 3_000

    assert ask(server, hostApp="h", userId="a")[1]["version"] == "1.0.0"


def test_answers_do_not_fill_the_memory(tmp_path: Path) -> None:
    rules = [
        {"value": f"t{n}", "audience": {"attribute": "city", "operator": "in", "values": [f"c{n}"]}}
        for n in range(150)
    ]
    switches = {"tier": {"type": "string", "default": "", "rules": rules}}
    server = start(tmp_path, policy_with(REST, switches=switches), max_staleness_s=LONG_S)
    for number in range(150):
        body = ask(server, hostApp="h", city=f"c{number}")[1]
        assert body["deliveryMetadata"]["switches"] == {"tier": f"t{number}"}

    visitors = server.service._responses.answers.visitors
    assert visitors is not None
    (cached, cost) = next(iter(visitors._questions._young.values()))
    assert 1 < len(cached.answers) <= 64
    assert cost <= 64 * 8_000
