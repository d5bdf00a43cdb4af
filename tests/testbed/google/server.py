"""One server for all stand-ins: it reads a request, has it checked, and hands it to the service its path names."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

TOKEN = "access-token-of-the-tests"


@dataclass(frozen=True)
class Call:
    """A request as it came. `path` is decoded; `raw_path` is not."""

    verb: str
    path: str
    raw_path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body) if self.body else None


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


class Service(Protocol):
    prefixes: tuple[str, ...]

    def answer(self, call: Call) -> Reply: ...


def document(value: Any, status: int = 200) -> Reply:
    return Reply(status, json.dumps(value).encode(), {"content-type": "application/json"})


def refusal(status: int, message: str, reason: str = "", **about: str) -> Reply:
    """An error as Google writes it."""
    error: dict[str, Any] = {"code": status, "message": message, "status": reason}
    if about:
        error["details"] = [
            {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "metadata": about}
        ]
    return document({"error": error}, status)


class GoogleStandIn:
    """The server. `calls` are all requests it got; `refuse_next` answers some in place of the services."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.services: list[Service] = []
        self.interruptions: list[Callable[[Call], Reply | None]] = []
        """Asked first, each time; one that answers is done."""
        self._guard = threading.RLock()
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 64 * 1024
            disable_nagle_algorithm = True

            def handle_any(self) -> None:
                split = urlsplit(self.path)
                call = Call(
                    self.command,
                    unquote(split.path),
                    split.path,
                    dict(parse_qsl(split.query, keep_blank_values=True)),
                    {name.lower(): value for name, value in self.headers.items()},
                    self.body(),
                )
                reply = stand_in.answer(call)
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(reply.body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(reply.body)

            def body(self) -> bytes:
                if self.headers.get("transfer-encoding", "") != "chunked":
                    return self.rfile.read(int(self.headers.get("content-length", 0)))
                parts: list[bytes] = []
                while size := int(self.rfile.readline(), 16):
                    parts.append(self.rfile.read(size))
                    self.rfile.readline()
                self.rfile.readline()
                return b"".join(parts)

            do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do_HEAD = handle_any  # noqa: N815 - the base class names them

            def log_message(self, *_: object) -> None:
                """Tests say what they want to see."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, call: Call) -> Reply:
        with self._guard:  # a service sees one request at a time, as its own data needs it
            self.calls.append(call)
            for interruption in list(self.interruptions):
                reply = interruption(call)
                if reply is not None:
                    self.interruptions.remove(interruption)
                    return reply
            for service in self.services:
                if call.path.startswith(service.prefixes):
                    return service.answer(call)
        return refusal(404, f"nothing is at {call.path}")

    @contextmanager
    def running(self) -> Iterator[GoogleStandIn]:
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()
