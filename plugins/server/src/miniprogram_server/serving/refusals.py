"""What a client is told whose request never reaches the application."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import NamedTuple

from miniprogram.delivery.evaluation.refusals import ROUTE_ERROR, Refusal
from miniprogram.delivery.http.responses.error_bodies import error_body

JSON = b"application/json; charset=utf-8"


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


def headers_and_body(refused: RefusedRequest, trace: str) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """The response's headers and its body, in delivery's envelope."""
    refusal = Refusal(refused.status, refused.code, refused.message, ROUTE_ERROR)
    body = error_body(refusal, trace, trace_everywhere=False)
    headers = [
        (b"content-type", JSON),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
        (b"x-backend-trace-id", trace.encode()),
    ]
    if refused.retry_after_s:
        headers.append((b"retry-after", b"%d" % refused.retry_after_s))
    return headers, body


def closing_response(refused: RefusedRequest) -> bytes:
    """The whole response, for a connection that is closed behind it."""
    headers, body = headers_and_body(refused, trace_id())
    lines = [status_line(refused.status), *(name + b": " + value for name, value in headers), b"connection: close"]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def status_line(status: int) -> bytes:
    """Without the line break."""
    return f"HTTP/1.1 {status} {HTTPStatus(status).phrase}".encode()
