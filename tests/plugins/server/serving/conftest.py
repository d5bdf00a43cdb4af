"""A real server in a thread, with limits short enough for tests, and raw sockets to annoy it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from miniprogram_server.serving.limits import Limits
from miniprogram_server.serving.notices import Notices
from miniprogram_server.serving.server import BoundedServer

SHORT = Limits(
    connections=40,
    connections_per_address=30,
    head_bytes=8 * 1024,
    head_fields=40,
    handshake_s=1.0,
    head_s=1.0,
    keep_alive_s=1.0,
    body_s=1.0,
    body_rate=100_000,
    send_s=1.0,
    linger_s=0.6,
    drain_s=2.0,
)


async def echo(scope: dict[str, Any], receive: Callable[[], Any], send: Callable[[Any], Any]) -> None:
    """Answers what it was asked; `/slow` takes a while, `/large` is large, `/early` does not read the body."""
    if scope["type"] != "http":
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
    size = 0
    more = scope["path"] != "/early"
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    if scope["path"] == "/slow":
        await asyncio.sleep(0.7)
    body = b"x" * 8_000_000 if scope["path"] == "/large" else json.dumps([scope["path"], size]).encode()
    headers = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@dataclass
class Running:
    """A server that runs; `events` are what it told its operator."""

    server: BoundedServer
    port: int
    events: list[dict[str, Any]]
    clients: list[socket.socket] = field(default_factory=list)

    def connect(self, source: str = "127.0.0.1") -> socket.socket:
        client = socket.socket()
        client.settimeout(5)
        client.bind((source, 0))
        client.connect(("127.0.0.1", self.port))
        self.clients.append(client)
        return client

    def ask(self, sent: bytes, *, source: str = "127.0.0.1") -> bytes:
        """Send it, and whatever comes back until the server ends the connection."""
        client = self.connect(source)
        with contextlib.suppress(ConnectionError):
            client.sendall(sent)
        return read_all(client)

    def is_answering(self, source: str = "127.0.0.1") -> bool:
        """Whether an ordinary client gets its answer, and soon."""
        began = time.monotonic()
        answer = self.ask(b"GET /quick HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", source=source)
        return answer.startswith(b"HTTP/1.1 200") and time.monotonic() - began < 1.0

    def noted(self, reason: str) -> int:
        return self.server._notices.totals[reason]


def read_all(client: socket.socket) -> bytes:
    parts = []
    with contextlib.suppress(ConnectionError):
        while part := client.recv(65536):
            parts.append(part)
    return b"".join(parts)


Serve = Callable[..., Running]


@pytest.fixture
def serve() -> Iterator[Serve]:
    running: list[tuple[Running, threading.Thread]] = []

    def serve(app: Any = echo, limits: Limits = SHORT, **options: Any) -> Running:
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        events: list[dict[str, Any]] = []
        notices = Notices(lambda event, **facts: events.append({"event": event, **facts}))
        server = BoundedServer(app, limits, notices, **options)
        thread = threading.Thread(target=lambda: server.run(sockets=[listener]), daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        made = Running(server, listener.getsockname()[1], events)
        running.append((made, thread))
        return made

    yield serve
    for made, thread in running:
        made.server.should_exit = True
        for client in made.clients:
            client.close()
        thread.join(10)
        assert not thread.is_alive()
