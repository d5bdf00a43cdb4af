"""What every operation owes HTTP: tokens, revisions, repeated requests, bodies, and one envelope."""

from __future__ import annotations

import pytest

API = "/api/admin/v1"
SHOP = f"{API}/programs/shop"
TARGET = f"{SHOP}/targets/wallet/production"
RELEASE = f"{TARGET}/releases/1.0.0"


def test_a_token_says_who_asks(world) -> None:
    answer = world.call("ann", "GET", f"{API}/me")
    assert (answer.status_code, answer.json()["name"]) == (200, "ann")
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "sent",
    [{}, {"authorization": "Bearer mpt_x_y"}, {"authorization": "Basic YTpi"}],
    ids=["none", "unknown", "basic"],
)
def test_without_a_token_that_counts_there_is_401(world, sent) -> None:
    answer = world.client.get(f"{API}/programs", headers=sent)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_revoked_token_counts_for_nothing_and_writes_nothing(world) -> None:
    listed = world.call("cleo", "GET", f"{API}/tokens").json()["tokens"]
    anns = next(each["id"] for each in listed if each["member"] == "ann")
    assert world.call("cleo", "POST", f"{API}/tokens/{anns}/revoke", {}).status_code == 200

    before = [(info.key, world.storage.store.get(info.key).etag) for info in world.storage.store.list("")]
    for _ in range(150):
        assert world.call("ann", "GET", f"{API}/me").status_code == 401
    assert [(info.key, world.storage.store.get(info.key).etag) for info in world.storage.store.list("")] == before


def test_a_token_that_asks_too_often_has_to_wait(slow_world) -> None:
    codes = [slow_world.call("ann", "GET", f"{API}/me").status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    refused = slow_world.call("ann", "GET", f"{API}/me")
    assert int(refused.headers["retry-after"]) > 0
    assert slow_world.call("bob", "GET", f"{API}/me").status_code == 200


def test_whoever_tries_many_tokens_is_slowed_down_by_address(slow_world) -> None:
    sent = [{"authorization": f"Bearer mpt_{number}_x"} for number in range(5)]
    codes = [slow_world.client.get(f"{API}/me", headers=headers).status_code for headers in sent]
    assert codes == [401, 401, 401, 429, 429]


def test_the_maker_is_not_the_checker_and_the_denial_is_audited(world) -> None:
    world.drafted()
    world.do("ann", "apply")
    world.do("ann", "withdraw")
    world.do("ann", "reopen", {"reason": "again"})
    world.do("cleo", "apply")

    answer = world.call("cleo", "POST", f"{RELEASE}/approve", {}, if_match="*")
    assert (answer.status_code, answer.json()["rule"]) == (403, "maker_is_not_checker")
    (denial,) = world.call("bob", "GET", f"{API}/audit/denials").json()["denials"]
    event = denial["event"]
    assert (event["actor"], event["outcome"], event["command"]) == ("cleo", "denied", "release approve")
    assert event["authenticated"] is True
    assert event["tokenCreatedBy"] == "owner"


def test_an_applicant_decides_through_no_token_that_theirs_led_to(world) -> None:
    world.drafted()
    world.do("cleo", "apply")
    given = world.call("cleo", "POST", f"{API}/tokens", {"member": "bob"}).json()["token"]
    world.tokens["bob, by cleo"] = given
    world.tokens["bob, by bob"] = world.call("bob, by cleo", "POST", f"{API}/tokens", {"member": "bob"}).json()[
        "token"
    ]

    for who in ("bob, by cleo", "bob, by bob"):
        answer = world.call(who, "POST", f"{RELEASE}/approve", {}, if_match="*")
        assert (answer.status_code, answer.json()["rule"]) == (403, "maker_is_not_checker"), who
    world.do("bob", "approve")


def test_a_role_that_is_not_held_is_403(world) -> None:
    answer = world.call("bob", "POST", f"{TARGET}/releases", {"version": "1.0.0"})
    assert (answer.status_code, answer.json()["rule"]) == (403, "role")
    assert "code" in answer.json()
    assert answer.headers["x-backend-trace-id"] == answer.json()["traceId"]


@pytest.mark.parametrize(
    ("if_match", "status"), [(None, 428), ('"r0"', 412), ('W/"r2"', 412), ("7", 400), ('"r2"', 200), ("*", 200)]
)
def test_a_write_names_the_revision_it_is_meant_for(world, if_match, status) -> None:
    world.drafted()
    sent = {} if if_match is None else {"if_match": if_match}
    answer = world.call("ann", "POST", f"{RELEASE}/apply", {}, **sent)
    assert answer.status_code == status, answer.text
    if status == 200:
        assert answer.headers["etag"] == f'"r{answer.json()["revision"]}"'


def test_what_was_read_can_be_asked_for_again_cheaply(world) -> None:
    world.drafted()
    first = world.call("ann", "GET", RELEASE)
    again = world.call("ann", "GET", RELEASE, if_none_match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")


def test_a_repeated_request_is_answered_and_not_done_again(world) -> None:
    path, body = f"{TARGET}/releases", {"version": "1.0.0"}
    first = world.call("ann", "POST", path, body, idempotency_key="k1")
    again = world.call("ann", "POST", path, body, idempotency_key="k1")
    other = world.call("ann", "POST", path, {"version": "1.1.0"}, idempotency_key="k1")
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert again.content == first.content
    assert again.headers["idempotent-replayed"] == "true"
    assert other.json()["code"] == "idempotency_key_reused"
    assert world.call("ann", "POST", path, body).status_code == 409


def test_a_refused_request_can_be_repeated_with_its_key(world) -> None:
    path = f"{TARGET}/releases"
    assert world.call("ann", "POST", path, {"version": "9.9.9"}, idempotency_key="k").status_code == 409
    assert world.call("ann", "POST", path, {"version": "1.0.0"}, idempotency_key="k").status_code == 201


def test_new_tokens_are_not_kept_for_repeats(world) -> None:
    made = [
        world.call("cleo", "POST", f"{API}/tokens", {"member": "bob"}, idempotency_key="k").json()["token"]
        for _ in range(2)
    ]
    assert made[0] != made[1]


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"version": 1}', "application/json", 422),
        (b'{"version": "1.0.0", "surprise": 1}', "application/json", 422),
        (b'{"version": "\\ud800"}', "application/json", 422),
        (b'{"version": 1e999}', "application/json", 422),
        (b"[" * 100_000, "application/json", 422),
        (b"{}", "text/plain", 415),
        (b" " * (1024 * 1024 + 1), "application/json", 413),
    ],
    ids=["broken", "wrong-type", "unknown", "half-a-pair", "infinite", "deep", "media-type", "too-large"],
)
def test_a_body_that_cannot_be_taken(world, content, content_type, status) -> None:
    headers = {"authorization": f"Bearer {world.tokens['ann']}", "content-type": content_type}
    answer = world.client.post(f"{TARGET}/releases", content=content, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == f"urn:miniprogram:problem:{answer.json()['code']}"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("PATCH", "/programs", 405),
        ("GET", "/programs/a%20b/releases", 422),
        ("GET", "/programs/none/releases", 404),
        ("GET", "/programs/shop/targets/wallet/moon/releases/1.0.0", 404),
    ],
)
def test_addresses_that_lead_nowhere(world, method, path, status) -> None:
    answer = world.call("ann", method, API + path)
    assert (answer.status_code, answer.json()["status"]) == (status, status)


def test_other_sites_are_told_nothing(world) -> None:
    answer = world.call("ann", "GET", f"{API}/me", origin="https://elsewhere.example")
    assert not [name for name in answer.headers if name.startswith("access-control")]
