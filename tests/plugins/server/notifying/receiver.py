"""A receiver of notices that fails in the ways receivers fail, and comes back."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

Behaviour = Callable[["Handler"], None]


class Received(NamedTuple):
    headers: dict[str, str]
    body: bytes

    @property
    def message(self) -> str:
        return self.headers["webhook-id"]


def answer(status: int, **headers: str) -> Behaviour:
    """Answers with `status`; underscores of header names are hyphens."""

    def act(handler: Handler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("content-length", "0")
        handler.end_headers()

    return act


def hang(handler: Handler) -> None:
    """Says nothing until the caller goes away."""
    handler.rfile.read(1)


def drip(handler: Handler) -> None:
    """Sends a byte now and then, so that no single read waits long."""
    for _ in range(100):
        handler.wfile.write(b"H")
        handler.wfile.flush()
        if handler.server.stopped.wait(0.05):
            return


def reset(handler: Handler) -> None:
    """Ends the connection with a reset."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def nonsense(handler: Handler) -> None:
    """Answers something that is no HTTP."""
    handler.wfile.write(b"220 mail ready\r\n\r\n")


class Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.received.append(Received({k.lower(): v for k, v in self.headers.items()}, body))
        behaviour = self.server.script.pop(0) if self.server.script else answer(204)
        with suppress(OSError):
            behaviour(self)
        self.close_connection = True

    def do_GET(self) -> None:
        self.server.followed.append(self.path)
        answer(200)(self)

    def log_message(self, *_: Any) -> None:
        pass


class Receiver(ThreadingHTTPServer):
    """`script` is what it does with the next requests; afterwards it takes everything."""

    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.received: list[Received] = []
        self.followed: list[str] = []
        self.script: list[Behaviour] = []
        self.stopped = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/t0ps3cret"

    def handle_error(self, *_: Any) -> None:
        pass

    @contextmanager
    def running(self) -> Iterator[Receiver]:
        thread = threading.Thread(target=self.serve_forever, args=[0.02], daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.stopped.set()
            self.shutdown()
            self.server_close()
            thread.join()
