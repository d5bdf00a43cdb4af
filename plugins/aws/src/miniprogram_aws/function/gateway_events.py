"""Gateway events as requests of the delivery service, and its responses as what a gateway sends."""

from __future__ import annotations

from binascii import Error as Base64Error
from binascii import a2b_base64, b2a_base64
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from miniprogram.delivery.http.messages import Request, Response

Event = Mapping[str, Any]

MAX_PLAIN_TEXT_BYTES = 1_000_000
"""Longer texts go as base64: quotes and line ends would double them, and an answer has room for six megabytes."""

_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def read_event(event: Event) -> Request:
    """The request in an event of an HTTP API (2.0), a function URL (2.0) or a REST API (1.0).

    Its client is whoever connected; no header says otherwise.
    """
    return _read_2(event) if _member(event, "requestContext", "http") else _read_1(event)


def to_result(response: Response) -> dict[str, Any]:
    """`response` as gateways take it: text as it is, anything else as base64."""
    headers = dict(response.headers)
    text = None if "content-encoding" in headers else _as_text(response.body)
    return {
        "statusCode": response.status,
        "headers": headers,
        "body": b2a_base64(response.body, newline=False).decode("ascii") if text is None else text,
        "isBase64Encoded": text is None,
    }


def _read_2(event: Event) -> Request:
    context = event["requestContext"]
    headers = _headers(event.get("headers"))
    path = _text(event.get("rawPath")) or _text(context["http"].get("path")) or "/"
    return Request(
        _text(context["http"].get("method")).upper(),
        _own_path(event, path) or without_stage(path, _text(context.get("stage"))),
        _text(event.get("rawQueryString")),
        headers,
        _body(event),
        _text(context["http"].get("sourceIp")),
    )


def _read_1(event: Event) -> Request:
    """Paths come without stage; names and values of the query come decoded."""
    path = _text(event.get("path")) or "/"
    many = event.get("multiValueQueryStringParameters")
    single = event.get("queryStringParameters") or {}
    pairs = many.items() if many else ((name, [value]) for name, value in single.items())
    query = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, values in pairs for value in values or [])
    several = event.get("multiValueHeaders") or {}
    headers = _headers(
        event.get("headers") or {name: ",".join(map(_text, many)) for name, many in several.items()}
    )
    return Request(
        _text(event.get("httpMethod")).upper(),
        _own_path(event, path) or path,
        query,
        headers,
        _body(event),
        _text(_member(event, "requestContext", "identity", "sourceIp")),
    )


def _own_path(event: Event, path: str) -> str | None:
    """What of `path` the route matched: without stage, and without the path that a domain is mapped to.

    None where the gateway does not say, or says something else: a function URL has no routes.
    """
    proxy = _text(_member(event, "pathParameters", "proxy")).strip("/")
    if not proxy:
        return None
    whole = path.rstrip("/")
    tail = whole.split("/")[-proxy.count("/") - 1 :]
    if proxy not in ("/".join(tail), "/".join(map(unquote, tail))):
        return None
    return f"/{'/'.join(tail)}{path[len(whole) :]}"


def without_stage(path: str, stage: str) -> str:
    """`path` without the stage an HTTP API puts before it; a custom domain's path has none."""
    prefix = f"/{stage}"
    if not stage or stage == "$default" or not path.startswith(prefix):
        return path
    rest = path[len(prefix) :]
    return rest or "/" if not rest or rest.startswith("/") else path


def _headers(found: Any) -> dict[str, str]:
    pairs = found.items() if isinstance(found, Mapping) else ()
    return {str(name).lower(): _text(value) for name, value in pairs}


def _body(event: Event) -> bytes:
    body = _text(event.get("body"))
    if not event.get("isBase64Encoded"):
        return body.encode("utf-8", "surrogatepass")
    try:
        return a2b_base64(body)
    except (Base64Error, ValueError):
        return b""


def _as_text(body: bytes) -> str | None:
    if len(body) > MAX_PLAIN_TEXT_BYTES:
        return None
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _quoted(text: Any) -> str:
    raw = _text(text).encode("utf-8", "replace")
    return "".join(chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in raw)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _member(event: Event, *names: str) -> Any:
    found: Any = event
    for name in names:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found
