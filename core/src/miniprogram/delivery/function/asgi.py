"""The delivery service as an ASGI application, for functions and containers that run one.

    function = DeliveryFunction.of(os.environ, objects, max_bytes=30_000_000)
    application = AsgiApp(function.answer, client_header="x-forwarded-for")

Requests are answered in threads of its own, so that a store that waits does not stop the loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from miniprogram.delivery.function.web_requests import client_address, encoded_path, header_map
from miniprogram.delivery.http.messages import Request, Response

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

AT_ONCE = 64
"""Requests answered at once; more wait. A thread mostly waits for the store."""


class AsgiApp:
    """Answers with `answer`, which never raises and may be called from many threads.

    `client_header` (in lower case) is the header to which a front end of yours appends the address of who asks.
    Without it whoever connects is the one who asks. Bodies are not read: the routes of a function take none.
    """

    def __init__(self, answer: Callable[[Request], Response], *, client_header: str = "") -> None:
        self._answer, self._client_header = answer, client_header
        self._threads = ThreadPoolExecutor(AT_ONCE, "delivery")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._respond(scope, send)
        elif scope["type"] == "lifespan":
            await live(receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def _respond(self, scope: Scope, send: Send) -> None:
        request = request_from(scope, self._client_header)
        response = await asyncio.get_running_loop().run_in_executor(self._threads, self._answer, request)
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in response.headers]
        if response.status not in (204, 304):
            headers.append((b"content-length", b"%d" % len(response.body)))
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if request.method == "HEAD" else response.body})


def request_from(scope: Scope, client_header: str = "") -> Request:
    """The request in an HTTP scope, below the path that the application is mounted at. Without its body."""
    headers, query = header_map(scope["headers"]), scope["query_string"].decode("latin-1")
    client = client_address(headers, client_header, peer_address(scope))
    return Request(scope["method"], raw_path(scope), query, headers, b"", client)


def raw_path(scope: Scope) -> str:
    """The path as it was sent, still percent-encoded. Servers may leave it out and give the decoded one."""
    raw: bytes | None = scope.get("raw_path")
    root: str = scope.get("root_path") or ""
    if raw is not None and not root:
        return raw.partition(b"?")[0].decode("latin-1")
    path: str = scope["path"]
    if root and f"{path}/".startswith(f"{root}/"):
        path = path[len(root) :]
    return encoded_path(path.encode("utf-8", "surrogateescape")) or "/"


def peer_address(scope: Scope) -> str:
    """The address that connected; blank where the server does not know."""
    client = scope.get("client")
    return str(client[0]) if client else ""


async def live(receive: Receive, send: Send) -> None:
    """Take part in the start and the end of a server, with nothing to do at either."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
