"""The delivery engine as a raw ASGI application.

No framework: the engine answers from memory in microseconds, and anything between it and the server would cost
more than the answer itself. What is not in memory is answered in threads, so that a store that waits stops nobody
else. Nothing here decides anything.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import partial
from time import perf_counter_ns

from miniprogram.delivery.function.asgi import Receive, Scope, Send, live, peer_address, raw_path
from miniprogram.delivery.function.web_requests import header_map
from miniprogram.delivery.http.messages import Request, Response
from miniprogram.delivery.http.responses.cached_response import TRACE_HEADER, CachedResponse
from miniprogram.delivery.http.service import DeliveryService
from miniprogram.delivery.log_records import AnsweredRequest
from miniprogram_server.request_log import Observer
from miniprogram_server.response_bytes import cached_answer, header_fields, whole_answer
from miniprogram_server.sample_feedback import MAX_BODY_BYTES
from miniprogram_server.serving.plain_requests import Answer, PlainRequest
from miniprogram_server.serving.threads import Overdue, TooBusy, WorkerThreads

App = Callable[[Scope, Receive, Send], Awaitable[None]]


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

    def changed(self, keys: Iterable[str] | None) -> None:
        """Look again at `keys` of the source, or at everything, before they are used; by one thread at a time."""
        self._service.changed(keys)

    def answer_now(self, asked: PlainRequest, client: str) -> Answer | None:
        """The response to a GET that can be given without waiting; None where it cannot."""
        started = perf_counter_ns() if self._observe else 0
        service = self._service
        cached: CachedResponse | None = asked.answer
        if cached is None or not service.is_good(cached):
            request = _plain(asked, client)
            if request is None:
                return None
            cached = service.find_cached(request)
            if cached is None:
                return self._answer_at_once(request, started)
            asked.answer = cached if cached.good_until else None
        trace_id = service.new_trace_id()
        if self._observe:
            self._observe(_served_again(asked, cached, trace_id, started))
        return cached_answer(cached, trace_id)

    def _answer_at_once(self, request: Request, started: int) -> Answer | None:
        response = self._service.try_at_once(request)
        if response is None:
            return None
        if self._service.take_due():
            self._refresh(request)
        if self._observe:
            self._observe(_served(request, response, started))
        return whole_answer(response)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = perf_counter_ns() if self._observe else 0
        method = scope["method"]
        body = await _body(receive) if method == "POST" else b""
        query = scope["query_string"].decode("latin-1")
        request = Request(method, raw_path(scope), query, header_map(scope["headers"]), body, peer_address(scope))
        response = await self._response(request)
        payload = b"" if method == "HEAD" else response.body
        headers = header_fields(response.headers)
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


def _plain(asked: PlainRequest, client: str) -> Request | None:
    """`asked` as the engine knows requests; None for a target that is no path."""
    target, head = asked.target, asked.head
    if target[:1] != b"/" or b"#" in target:
        return None
    headers = head.rendered
    if headers is None:
        headers = head.rendered = header_map(head.fields)
    path, _, query = target.decode("latin-1").partition("?")
    return Request("GET", path, query, headers, b"", client)


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


def _served_again(asked: PlainRequest, cached: CachedResponse, trace_id: str, started_ns: int) -> AnsweredRequest:
    headers: Mapping[str, str] = asked.head.rendered
    return AnsweredRequest(
        trace_id,
        cached.kind,
        "GET",
        asked.target.partition(b"?")[0].decode("latin-1"),
        cached.status,
        (perf_counter_ns() - started_ns) / 1e6,
        reason=cached.reason,
        parent=headers.get("traceparent", ""),
    )
