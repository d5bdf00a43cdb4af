"""The delivery function as a web server of its own, for clouds that run containers: HTTP/1.1 over threads.

    server = HttpServer(function.answer, port=int(os.environ["PORT"]), client_header="x-forwarded-for")
    server.run_until_terminated()

It stands behind the front end of a cloud, which speaks TLS and HTTP/2 with the world. The standard library's
`http.server` would do, but importing it takes as long as importing the whole engine, at every cold start.
"""

from __future__ import annotations

import socket

# what signal is made of: signal itself makes enumerations, which cost a cold start a twentieth
from _signal import SIGTERM, signal  # type: ignore[import-not-found]
from collections.abc import Callable
from contextlib import suppress
from threading import BoundedSemaphore, Event, Lock, Thread

from miniprogram.delivery.function.http_messages import (
    READ_AT_ONCE,
    BadRequest,
    head_of,
    read_body,
    read_head,
    request_of,
)
from miniprogram.delivery.http.messages import Request, Response

MOST_CONNECTIONS = 256
IDLE_S = 300.0
"""How long a connection may be silent, and how long a request or an answer may stop on its way."""
DRAIN_S = 8.0
"""How long requests under way are waited for when this instance is stopped: clouds give ten seconds."""
LOOK_S = 0.5
"""How often the server looks whether it is to stop."""
MOST_READ_OUT = 16

Answer = Callable[[Request], Response]


class HttpServer:
    """Answers requests with `answer`, which is called from many threads and never raises.

    `client_header` is the header to which the front end appends the address of who asks; without it, and for
    requests that lack it, nobody's address is known. Binds at once; an empty `host` is every address, `port` 0 a
    free one. Raises OSError.
    """

    def __init__(self, answer: Answer, *, port: int, host: str = "", client_header: str = "") -> None:
        self._answer, self._client_header = answer, client_header
        self._listening = socket.create_server((host, port), backlog=128)
        self._listening.settimeout(LOOK_S)
        self.port: int = self._listening.getsockname()[1]
        self._room = BoundedSemaphore(MOST_CONNECTIONS)
        self._stopping, self._idle, self._lock = Event(), Event(), Lock()
        self._idle.set()
        self._under_way = 0

    def run_until_terminated(self) -> None:
        """Serve until the process is told to end. For the main thread."""
        signal(SIGTERM, lambda *_: self.stop())
        self.run()

    def stop(self) -> None:
        """Take no more requests; `run` returns when those under way are answered, or have had their time."""
        self._stopping.set()

    def run(self) -> None:
        """Serve until `stop` is called."""
        with self._listening:
            while not self._stopping.is_set():
                try:
                    connection, _ = self._listening.accept()
                except OSError:  # nobody came, or who came has gone
                    continue
                if self._room.acquire(blocking=False):
                    Thread(target=self._serve, args=(connection,), daemon=True).start()
                else:
                    with connection, suppress(OSError):
                        connection.sendall(_refusal(503))
        self._idle.wait(DRAIN_S)

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection:
                connection.settimeout(IDLE_S)
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._converse(connection)
        except OSError:
            return  # the other side went away
        finally:
            self._room.release()

    def _converse(self, connection: socket.socket) -> None:
        """Requests one after another, until either side has enough."""
        rest, goes_on = b"", True
        while goes_on and not self._stopping.is_set():
            try:
                raw, rest = read_head(connection, rest)
                if not raw:
                    return
                head = head_of(raw)
                body, rest = read_body(connection, head, rest)
            except BadRequest as error:
                connection.sendall(_refusal(error.status))
                _read_out(connection)
                return
            self._count(1)
            try:
                response = self._answer(request_of(head, body, self._client_header))
                goes_on = head.keeps_open and not self._stopping.is_set()
                connection.sendall(_as_bytes(response, sends_body=head.method != "HEAD", goes_on=goes_on))
            finally:
                self._count(-1)

    def _count(self, change: int) -> None:
        with self._lock:
            self._under_way += change
            (self._idle.clear if self._under_way else self._idle.set)()


def _refusal(status: int) -> bytes:
    """A refusal by this server itself, which the engine never sees."""
    return _as_bytes(Response(status, (), b""), sends_body=False, goes_on=False)


def _read_out(connection: socket.socket) -> None:
    """Give the other side the time to read an answer: what is closed with something unread is reset at once."""
    connection.shutdown(socket.SHUT_WR)
    connection.settimeout(LOOK_S)
    for _ in range(MOST_READ_OUT):
        if not connection.recv(READ_AT_ONCE):
            return


def _as_bytes(response: Response, *, sends_body: bool, goes_on: bool) -> bytes:
    lines = [f"HTTP/1.1 {response.status} "]
    lines += [f"{name}: {value}" for name, value in response.headers]
    if response.status not in (204, 304):
        lines.append(f"content-length: {len(response.body)}")
    lines.append(f"connection: {'keep-alive' if goes_on else 'close'}")
    head = "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n"
    return head + response.body if sends_body else head
