"""What a visitor says, and what the server knows of it, stays with that visitor."""

from __future__ import annotations

import json
from pathlib import Path

from delivery.policy_server import (
    DECISION,
    LATEST,
    VECTORS,
    ask,
    policy_with,
    start,
)
from miniprogram.delivery.evaluation.conditions.id_list import write_id_list
from miniprogram.delivery.http.messages import Request


def test_no_environment_is_production_to_audiences_too(tmp_path: Path) -> None:
    audience = {"attribute": "environment", "operator": "in", "values": ["production"]}
    server = start(tmp_path, policy_with({"step": "pin", "release": "new", "audience": audience}))

    assert ask(server, hostApp="h")[1]["version"] == "2.0.0"


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
