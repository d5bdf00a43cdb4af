"""Every route, method and error of a publisher backend, without a server."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniprogram.backends.publisher_routes import (
    CORS_HEADERS,
    EXPECTED_ROUTES,
    MAX_BODY_BYTES,
    Backend,
    Redemption,
    Reply,
    Request,
    encode,
    handle,
)

NOON = datetime(2030, 1, 2, 12, 0, 0, tzinfo=UTC)
COUPONS: list[Mapping[str, Any]] = [{"id": "coupon-10"}, {"id": "coupon-20"}]


class MemoryStore:
    def __init__(self, *, empty: bool = False) -> None:
        self.empty = empty
        self.redeemed: dict[tuple[str, str], str] = {}

    def home(self) -> Mapping[str, Any] | None:
        return None if self.empty else {"title": "Hello"}

    def session(self) -> Mapping[str, Any] | None:
        return None if self.empty else {"authenticated": True}

    def coupons(self) -> list[Mapping[str, Any]] | None:
        return None if self.empty else COUPONS

    def coupon(self, coupon_id: str) -> Mapping[str, Any] | None:
        return next((one for one in self.coupons() or [] if one["id"] == coupon_id), None)

    def redeem(self, user_id: str, coupon_id: str, at: str) -> Redemption:
        first = (user_id, coupon_id) not in self.redeemed
        return Redemption(first, self.redeemed.setdefault((user_id, coupon_id), at))


@pytest.fixture
def backend() -> Backend:
    return Backend(MemoryStore(), service="shop_backend", clock=lambda: NOON)


def ask(backend: Backend, method: str, path: str, body: object = None) -> Reply:
    raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    return handle(backend, Request(method, path, raw))


@pytest.mark.parametrize(
    ("path", "document"),
    [
        ("/health", {"status": "ok", "service": "shop_backend", "generatedAtUtc": "2030-01-02T12:00:00.000Z"}),
        ("/home/bootstrap", {"title": "Hello"}),
        ("/home/bootstrap/", {"title": "Hello"}),
        ("/home/bootstrap?locale=de", {"title": "Hello"}),
        ("/coupons/list", {"coupons": COUPONS}),
        ("/auth/session", {"authenticated": True}),
    ],
)
def test_reads_answer_200(backend: Backend, path: str, document: object) -> None:
    assert ask(backend, "GET", path) == Reply(200, document)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/Home/bootstrap"),
        ("HEAD", "/health"),
        ("PUT", "/coupon/redeem"),
        ("POST", "/home/bootstrap"),
        ("GET", "/coupon/redeem"),
        ("GET", "//health"),
    ],
)
def test_everything_else_is_not_found(backend: Backend, method: str, path: str) -> None:
    reply = ask(backend, method, path)
    assert reply.status == 404
    assert reply.document is not None
    assert reply.document["errorCode"] == "not_found"


@pytest.mark.parametrize("path", ["/home/bootstrap", "/coupons/list", "/auth/session"])
def test_missing_data_says_so(path: str) -> None:
    reply = ask(Backend(MemoryStore(empty=True), "s", missing_code="mock_data_missing"), "GET", path)
    assert reply.status == 404
    assert reply.document is not None
    assert reply.document["errorCode"] == "mock_data_missing"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (None, 400, "missing_coupon_id"),
        ({}, 400, "missing_coupon_id"),
        ({"couponId": "  "}, 400, "missing_coupon_id"),
        ({"couponId": True}, 400, "missing_coupon_id"),
        ({"couponId": "a/b"}, 400, "invalid_coupon_id"),
        ({"couponId": "moon"}, 404, "coupon_not_found"),
        (b"{bad", 400, "invalid_json"),
        (b"[1]", 400, "invalid_json"),
        (b"\xff\xfe", 400, "invalid_json"),
        (b"[" * 60_000, 400, "invalid_json"),
        (b"x" * (MAX_BODY_BYTES + 1), 413, "body_too_large"),
    ],
)
def test_bad_redemptions_are_refused(backend: Backend, body: object, status: int, code: str) -> None:
    reply = ask(backend, "POST", "/coupon/redeem", body)
    assert reply.document is not None
    assert (reply.status, reply.document["errorCode"]) == (status, code)


@pytest.mark.parametrize(
    ("body", "user"),
    [
        ({"couponId": " coupon-10 "}, "anonymous"),
        ({"couponId": "coupon-10", "userId": "u1"}, "u1"),
        ({"couponId": "coupon-10", "userId": " ", "user": {"id": "u2"}}, "u2"),
        ({"couponId": "coupon-10", "user": ["u2"]}, "anonymous"),
    ],
)
def test_a_coupon_is_redeemed_once_per_user(backend: Backend, body: object, user: str) -> None:
    first, second = (ask(backend, "POST", "/coupon/redeem", body).document for _ in range(2))
    assert first is not None
    assert second is not None
    assert (first["status"], second["status"]) == ("redeemed", "already_redeemed")
    assert {first["userId"], second["userId"]} == {user}
    assert first["redeemedAtUtc"] == second["redeemedAtUtc"] == "2030-01-02T12:00:00.000Z"


def test_preflight_answers_204_anywhere(backend: Backend) -> None:
    assert encode(ask(backend, "OPTIONS", "/nowhere")) == (204, dict(CORS_HEADERS), b"")


def test_every_reply_carries_cors_headers(backend: Backend) -> None:
    _, headers, body = encode(ask(backend, "GET", "/nowhere"))
    assert CORS_HEADERS.items() <= headers.items()
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert json.loads(body)["errorCode"] == "not_found"


def test_own_routes_are_asked_after_ours() -> None:
    backend = Backend(
        MemoryStore(), "s", extra_routes={("PUT", "/profile"): lambda body: Reply(200, {"got": body})}
    )
    assert ask(backend, "PUT", "/profile", {"a": 1}) == Reply(200, {"got": {"a": 1}})


def test_expected_routes_exist(backend: Backend) -> None:
    for route in EXPECTED_ROUTES:
        method, _, path = route.partition(" ")
        assert ask(backend, method, path, {"couponId": "coupon-10"} if method == "POST" else None).status == 200


@given(method=st.text(max_size=8), path=st.text(max_size=40), body=st.binary(max_size=80))
def test_nothing_a_client_sends_raises(method: str, path: str, body: bytes) -> None:
    status, _, _ = encode(handle(Backend(MemoryStore(), "s"), Request(method, path, body)))
    assert status in {200, 204, 400, 404, 413}
