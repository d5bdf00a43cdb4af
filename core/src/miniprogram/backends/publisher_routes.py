"""The routes of a publisher backend: from a request and a store to a reply.

This file imports the standard library only and is copied, as it is, into every generated backend: the mock server,
a cloud function, your own server. It never touches the network or the disk; the store does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple, Protocol

MAX_BODY_BYTES = 64 * 1024
"""Largest request body, in bytes."""

CORS_HEADERS: Mapping[str, str] = {
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET, POST, PUT, PATCH, DELETE, OPTIONS",
    "access-control-allow-headers": ", ".join(
        [
            "content-type",
            "x-mini-program-access-key",
            "x-mini-program-app-id",
            "x-mini-program-host-app",
            "x-mini-program-host-version",
            "x-mini-program-id",
            "x-mini-program-sdk-version",
            "x-mini-program-platform",
            "x-mini-program-locale",
            "authorization",
        ]
    ),
    "access-control-max-age": "600",
}


class Request(NamedTuple):
    """What came in. `path` may carry a query string, which plays no part in matching."""

    method: str
    path: str
    body: bytes = b""


class Reply(NamedTuple):
    """What goes out. `document` is sent as JSON; None means an empty body."""

    status: int
    document: Mapping[str, Any] | None


class Redemption(NamedTuple):
    """A redeemed coupon. `first` is false when this user had redeemed it before, at `redeemed_at`."""

    first: bool
    redeemed_at: str
    """ISO 8601, UTC."""


class PublisherStore(Protocol):
    """Where a backend keeps its data. Documents are JSON objects; None means there is none."""

    def home(self) -> Mapping[str, Any] | None: ...

    def session(self) -> Mapping[str, Any] | None: ...

    def coupons(self) -> list[Mapping[str, Any]] | None:
        """All coupons in display order."""
        ...

    def coupon(self, coupon_id: str) -> Mapping[str, Any] | None: ...

    def redeem(self, user_id: str, coupon_id: str, at: str) -> Redemption:
        """Record the redemption unless there is one. One conditional write: of two at once, one is first."""
        ...


class Backend(NamedTuple):
    """A publisher backend. `extra_routes` adds routes by `(method, path)`; each takes the parsed JSON body."""

    store: PublisherStore
    service: str
    """Name in `/health`, so that a probe knows who answers."""
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    missing_code: str = "backend_data_missing"
    missing_codes: Mapping[str, str] = {}
    """Codes for a missing `home`, `session` or `coupon` where they are not `missing_code`."""
    default_user: str = "anonymous"
    health: Mapping[str, str] = {}
    """Members added to `/health`, such as the storage mode."""
    extra_routes: Mapping[tuple[str, str], Callable[[Mapping[str, Any]], Reply]] = {}


def handle(backend: Backend, request: Request) -> Reply:
    """The reply to `request`. Anything the store raises comes through."""
    method, path = request.method.upper(), _route(request.path)
    if method == "OPTIONS":
        return Reply(204, None)
    if len(request.body) > MAX_BODY_BYTES:
        return _error(413, "body_too_large", f"The body may have {MAX_BODY_BYTES} bytes.")
    if method == "GET" and path in _READS:
        return _READS[path](backend)
    return _write(backend, method, path, request.body)


def encode(reply: Reply) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body bytes of `reply`, CORS headers included."""
    headers = dict(CORS_HEADERS)
    if reply.document is None:
        return reply.status, headers, b""
    headers["content-type"] = "application/json; charset=utf-8"
    return reply.status, headers, json.dumps(reply.document, ensure_ascii=False).encode()


def _health(backend: Backend) -> Reply:
    now = _iso(backend.clock())
    return Reply(200, {"status": "ok", "service": backend.service, "generatedAtUtc": now, **backend.health})


def _home(backend: Backend) -> Reply:
    return _document(backend, backend.store.home(), "home")


def _session(backend: Backend) -> Reply:
    return _document(backend, backend.store.session(), "session")


def _coupons(backend: Backend) -> Reply:
    coupons = backend.store.coupons()
    return _document(backend, None if coupons is None else {"coupons": coupons}, "coupon")


def _redeem(backend: Backend, body: Mapping[str, Any]) -> Reply:
    coupon_id = _text(body.get("couponId"))
    if not coupon_id:
        return _error(400, "missing_coupon_id", "The body must name a couponId.")
    if "/" in coupon_id:
        return _error(400, "invalid_coupon_id", "A couponId has no slash in it.")
    user = body.get("user")
    nested = user.get("id") if isinstance(user, dict) else None
    user_id = _text(body.get("userId")) or _text(nested) or backend.default_user
    if backend.store.coupon(coupon_id) is None:
        missing = _error(404, "coupon_not_found", f"There is no coupon {coupon_id}.")
        return Reply(404, {**(missing.document or {}), "couponId": coupon_id})
    redemption = backend.store.redeem(user_id, coupon_id, _iso(backend.clock()))
    return Reply(
        200,
        {
            "status": "redeemed" if redemption.first else "already_redeemed",
            "couponId": coupon_id,
            "userId": user_id,
            "redeemedAtUtc": redemption.redeemed_at,
            "message": f"{coupon_id} is redeemed." if redemption.first else f"{coupon_id} was redeemed before.",
        },
    )


def _write(backend: Backend, method: str, path: str, raw: bytes) -> Reply:
    write = _WRITES.get(path) if method == "POST" else None
    extra = backend.extra_routes.get((method, path))
    body = _object(raw)
    if write is None and extra is None:
        return _error(404, "not_found", f"There is no route {method} {path}.")
    if body is None:
        return _error(400, "invalid_json", "The body must be a JSON object.")
    return extra(body) if extra else write(backend, body) if write else Reply(204, None)


_READS: Mapping[str, Callable[[Backend], Reply]] = {
    "/health": _health,
    "/home/bootstrap": _home,
    "/coupons/list": _coupons,
    "/auth/session": _session,
}
_WRITES: Mapping[str, Callable[[Backend, Mapping[str, Any]], Reply]] = {"/coupon/redeem": _redeem}

EXPECTED_ROUTES = (
    "GET /health",
    "GET /home/bootstrap",
    "GET /coupons/list",
    "GET /auth/session",
    "POST /coupon/redeem",
)


def _document(backend: Backend, document: Mapping[str, Any] | None, what: str) -> Reply:
    if document is None:
        return _error(
            404, backend.missing_codes.get(what, backend.missing_code), f"This backend has no {what} data."
        )
    return Reply(200, document)


def _error(status: int, code: str, message: str) -> Reply:
    return Reply(status, {"errorCode": code, "message": message})


def _route(path: str) -> str:
    return path.partition("?")[0].rstrip("/") or "/"


def _object(body: bytes) -> Mapping[str, Any] | None:
    """The JSON object in `body`; an empty body is an empty object, anything else is None."""
    if not body.strip():
        return {}
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _text(value: object) -> str:
    if value is None or isinstance(value, bool | dict | list):
        return ""
    return str(value).strip()


def _iso(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
