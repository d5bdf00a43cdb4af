"""What a client is told whose request never reaches the application."""

from __future__ import annotations

import json
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any, NamedTuple

from miniprogram.delivery.evaluation.refusals import ROUTE_ERROR, Refusal
from miniprogram.delivery.http.responses.error_bodies import error_body

JSON = b"application/json; charset=utf-8"
PROBLEM = b"application/problem+json"
PROBLEM_TYPE = "urn:miniprogram:problem:"
"""What the type of a problem starts with; its code follows."""
API = "/api/admin/"
"""Below it, refusals are problem documents (RFC 9457)."""


Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class RefusedRequest(NamedTuple):
    """Status, code and a sentence; `retry_after_s` where the same request may be answered later."""

    status: int
    code: str
    message: str
    retry_after_s: int = 0


HEAD_TOO_LARGE = RefusedRequest(431, "request_head_too_large", "The head of the request is too large.")
MALFORMED = RefusedRequest(400, "invalid_request", "That is no HTTP request.")
NO_HOST = RefusedRequest(400, "invalid_request", "A request must name exactly one Host.")
TOO_SLOW = RefusedRequest(408, "request_timeout", "The request did not arrive in time.")
TOO_MANY = RefusedRequest(503, "server_busy", "The server has too many connections.", 1)
BODY_TOO_LARGE = RefusedRequest(413, "payload_too_large", "The body of the request is too large.")
BUSY = RefusedRequest(503, "server_busy", "The server has too much to do.", 1)


def trace_id() -> str:
    """An id for a request nobody else has named."""
    return f"server-{secrets.token_hex(8)}"


def headers_and_body(refused: RefusedRequest, trace: str, path: str) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """The response's headers and its body: for the API a problem document, elsewhere delivery's envelope."""
    if path.startswith(API):
        kind, body = PROBLEM, _problem(refused, trace)
    else:
        refusal = Refusal(refused.status, refused.code, refused.message, ROUTE_ERROR)
        kind, body = JSON, error_body(refusal, trace, trace_everywhere=False)
    headers = [
        (b"content-type", kind),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
        (b"x-backend-trace-id", trace.encode()),
    ]
    if refused.retry_after_s:
        headers.append((b"retry-after", b"%d" % refused.retry_after_s))
    return headers, body


async def refuse(send: Send, refused: RefusedRequest, trace: str, path: str) -> None:
    """Send the refusal as an ASGI application does."""
    headers, body = headers_and_body(refused, trace, path)
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _problem(refused: RefusedRequest, trace: str) -> bytes:
    members = {
        "type": PROBLEM_TYPE + refused.code,
        "title": HTTPStatus(refused.status).phrase,
        "status": refused.status,
        "detail": refused.message,
        "code": refused.code,
        "traceId": trace,
    }
    return json.dumps(members, separators=(",", ":")).encode()


def closing_response(refused: RefusedRequest, path: str = "") -> bytes:
    """The whole response, for a connection that is closed behind it. `path`: what was asked for, if known."""
    headers, body = headers_and_body(refused, trace_id(), path)
    lines = [status_line(refused.status), *(name + b": " + value for name, value in headers), b"connection: close"]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def status_line(status: int) -> bytes:
    """Without the line break."""
    return f"HTTP/1.1 {status} {HTTPStatus(status).phrase}".encode()
