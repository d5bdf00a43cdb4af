"""The delivery engine as a raw ASGI application.

No framework: the engine answers from memory in microseconds, and anything between it and the server would cost
more than the answer itself. Nothing here decides anything.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from functools import lru_cache
from time import perf_counter_ns
from typing import Any, NamedTuple

from miniprogram.delivery.http.messages import Request, Response
from miniprogram.delivery.http.service import DeliveryService
from miniprogram_server.sample_feedback import MAX_BODY_BYTES

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Served(NamedTuple):
    """One answered request, for the request log. The query is left out: it may name people."""

    trace_id: str
    route_kind: str
    method: str
    path: str
    status: int
    duration_ms: float


Observer = Callable[[Served], None]


class DeliveryApp:
    """An ASGI 3 application over `service`. `observe` is told about every answered request."""

    def __init__(self, service: DeliveryService, observe: Observer | None = None) -> None:
        self._handle = service.handle
        self._observe = observe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
        elif scope["type"] == "lifespan":
            await _live(receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = perf_counter_ns() if self._observe else 0
        method = scope["method"]
        body = await _body(receive) if method == "POST" else b""
        query = scope["query_string"].decode("latin-1")
        request = Request(method, _path(scope), query, _headers(scope), body, _client(scope))
        response = self._handle(request)
        payload = b"" if method == "HEAD" else response.body
        headers = _encoded(response.headers)
        if response.status not in (204, 304):
            headers = [*headers, (b"content-length", b"%d" % len(response.body))]
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        await send({"type": "http.response.body", "body": payload})
        if self._observe:
            self._observe(_served(request, response, started))


async def _body(receive: Receive) -> bytes:
    """The request body, read no further than the engine's limit: what is longer is refused there."""
    parts: list[bytes] = []
    size = 0
    while size <= MAX_BODY_BYTES:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        part = message.get("body", b"")
        parts.append(part)
        size += len(part)
        if not message.get("more_body", False):
            break
    return b"".join(parts)


def _path(scope: Scope) -> str:
    """The path as it was sent, still percent-encoded. Servers may leave it out and give the decoded one."""
    raw: bytes | None = scope.get("raw_path")
    if raw is not None:
        return raw.partition(b"?")[0].decode("latin-1")
    from urllib.parse import quote

    return quote(scope["path"], safe="/%:@!$&'()*+,;=~")


def _client(scope: Scope) -> str:
    """The address the request came from, for rules about networks."""
    client = scope.get("client")
    return str(client[0]) if client else ""


def _headers(scope: Scope) -> Mapping[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


@lru_cache(maxsize=4096)
def _pair(name: str, value: str) -> tuple[bytes, bytes]:
    return name.encode("latin-1"), value.encode("latin-1")


def _encoded(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [
        # a trace id is new every time and would only push the others out
        (name.encode("latin-1"), value.encode("latin-1")) if name == "x-backend-trace-id" else _pair(name, value)
        for name, value in headers
    ]


def _served(request: Request, response: Response, started_ns: int) -> Served:
    trace_id = next((value for name, value in response.headers if name == "x-backend-trace-id"), "")
    duration_ms = (perf_counter_ns() - started_ns) / 1e6
    return Served(trace_id, response.route_kind, request.method, request.path, response.status, duration_ms)


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
