"""The delivery engine as a raw ASGI application.

No framework: the engine answers from memory in microseconds, and anything between it and the server would cost
more than the answer itself. What is not in memory is answered in threads, so that a store that waits stops nobody
else. Nothing here decides anything.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable
from functools import lru_cache, partial
from time import perf_counter_ns

from miniprogram.delivery.function.asgi import Receive, Scope, Send, live, peer_address, raw_path
from miniprogram.delivery.function.web_requests import header_map
from miniprogram.delivery.http.messages import HeaderPairs, Request, Response
from miniprogram.delivery.http.service import DeliveryService
from miniprogram.delivery.log_records import AnsweredRequest
from miniprogram_server.request_log import Observer
from miniprogram_server.sample_feedback import MAX_BODY_BYTES
from miniprogram_server.serving.protocol import Answer, RawHeaders
from miniprogram_server.serving.threads import Overdue, TooBusy, WorkerThreads

App = Callable[[Scope, Receive, Send], Awaitable[None]]

TRACE_HEADER = "x-backend-trace-id"
_TRACE_NAME = TRACE_HEADER.encode()


class DeliveryApp:
    """An ASGI 3 application over `service`. `observe` is told about every answered request."""

    def __init__(
        self, service: DeliveryService, observe: Observer | None = None, threads: WorkerThreads | None = None
    ) -> None:
        self._service = service
        self._from_memory = service.try_from_memory
        self._observe = observe
        self._threads = threads or WorkerThreads("delivery")
        self._refreshing: dict[str, asyncio.Task[None]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
        elif scope["type"] == "lifespan":
            await live(receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})

    def answer_now(self, target: bytes, headers: RawHeaders, client: str) -> Answer | None:
        """The response to a GET that can be given without waiting; None where it cannot."""
        started = perf_counter_ns() if self._observe else 0
        path, _, query = target.partition(b"?")
        if path[:1] != b"/" or b"#" in target:
            return None
        request = Request("GET", path.decode("latin-1"), query.decode("latin-1"), header_map(headers), b"", client)
        response = self._from_memory(request)
        if response is None:
            return None
        if self._service.take_due():
            self._refresh(request)
        if self._observe:
            self._observe(_served(request, response, started))
        head = _head(response.headers)
        if response.status not in (204, 304):
            head += b"content-length: %d\r\n" % len(response.body)
        return response.status, head, response.body

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = perf_counter_ns() if self._observe else 0
        method = scope["method"]
        body = await _body(receive) if method == "POST" else b""
        query = scope["query_string"].decode("latin-1")
        request = Request(method, raw_path(scope), query, header_map(scope["headers"]), body, peer_address(scope))
        response = await self._response(request)
        payload = b"" if method == "HEAD" else response.body
        headers = _encoded(response.headers)
        if response.status not in (204, 304):
            headers = [*headers, (b"content-length", b"%d" % len(response.body))]
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        await send({"type": "http.response.body", "body": payload})
        if self._observe:
            self._observe(_served(request, response, started))

    async def _response(self, request: Request) -> Response:
        response = self._from_memory(request)
        if response is not None:
            if self._service.take_due():
                self._refresh(request)
            return response
        work, shortcut = partial(self._service.handle, request), partial(self._from_memory, request)
        try:
            return await self._threads.run(_subject(request.path), work, shortcut=shortcut)
        except (TooBusy, Overdue):
            return self._service.unavailable(request)

    def _refresh(self, request: Request) -> None:
        """Have somebody look again at what `request` needs, once at a time for what it is about."""
        subject = _subject(request.path)
        if subject in self._refreshing:
            return

        async def refresh() -> None:
            with contextlib.suppress(TooBusy, Overdue):
                await self._threads.run(subject, partial(self._service.refresh, request))

        task = asyncio.get_running_loop().create_task(refresh())
        self._refreshing[subject] = task
        task.add_done_callback(lambda _task: self._refreshing.pop(subject, None))


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


def _subject(path: str) -> str:
    """What a request is about, for sharing out threads: `/api/manifests/shop/latest` is about shop."""
    parts = path.split("/", 5)[2:]
    if parts[:1] == ["debug"]:
        parts = parts[1:]
    return parts[1] if len(parts) > 1 else ""


@lru_cache(maxsize=4096)
def _pair(name: str, value: str) -> tuple[bytes, bytes]:
    return name.encode("latin-1"), value.encode("latin-1")


def _encoded(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [
        # a trace id is new every time and would only push the others out
        (name.encode("latin-1"), value.encode("latin-1")) if name == TRACE_HEADER else _pair(name, value)
        for name, value in headers
    ]


def _head(headers: HeaderPairs) -> bytes:
    """Header lines. Only the trace id is new every time: what stands before and behind it is kept."""
    for index, (name, value) in enumerate(headers):
        if name == TRACE_HEADER:
            before, after = _lines(headers[:index]), _lines(headers[index + 1 :])
            return b"%b%b: %b\r\n%b" % (before, _TRACE_NAME, value.encode("latin-1"), after)
    return _lines(headers)


@lru_cache(maxsize=1024)
def _lines(headers: HeaderPairs) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in headers).encode("latin-1")


def _served(request: Request, response: Response, started_ns: int) -> AnsweredRequest:
    trace_id = next((value for name, value in response.headers if name == TRACE_HEADER), "")
    duration_ms = (perf_counter_ns() - started_ns) / 1e6
    kind, status = response.route_kind, response.status
    return AnsweredRequest(
        trace_id,
        kind,
        request.method,
        request.path,
        status,
        duration_ms,
        reason=response.reason,
        parent=request.headers.get("traceparent", ""),
    )
