"""The preview server: the routes on a port of this machine, each request on a thread of its own."""

from __future__ import annotations

import secrets
import socketserver
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

from miniprogram.errors import ProcessError
from miniprogram.preview.routes import HEADERS, PreviewRoutes, Reply
from miniprogram.preview.session import PreviewSession

LOOPBACK = "127.0.0.1"
EVERY_INTERFACE = "0.0.0.0"  # noqa: S104 - asked for by devices that come over the network, behind a token
REQUEST_TIMEOUT_S = 10
STOP_POLL_S = 0.05
TOKEN_BYTES = 16
MAX_DRAINED_BYTES = 64 * 1024


class PreviewServer:
    """Serves a session on an ephemeral port from the moment it is made until `close`.

    On loopback its base path is `/preview/`. With `open_to_network` it listens on every interface, and a random
    path segment in front keeps out whoever was not told the address.
    """

    def __init__(self, session: PreviewSession, *, open_to_network: bool) -> None:
        self.base_path = f"/{secrets.token_urlsafe(TOKEN_BYTES)}/preview/" if open_to_network else "/preview/"
        host = EVERY_INTERFACE if open_to_network else LOOPBACK
        self._routes = PreviewRoutes(session, base_path=self.base_path, base_url="")
        try:
            self._server = _Server((host, 0), self._routes)
        except OSError as error:
            raise ProcessError(f"the preview server cannot listen on {host}: {error.strerror or error}") from error
        self.base_url_for(LOOPBACK)
        self._thread = Thread(target=self._server.serve_forever, args=(STOP_POLL_S,), name="preview-server")
        self._thread.start()

    @property
    def port(self) -> int:
        return self._server.server_port

    def base_url_for(self, host: str) -> str:
        """The address for a device that calls this machine `host`; image URLs in screens start with it."""
        self._routes.base_url = f"http://{host}:{self.port}{self.base_path}"
        return self._routes.base_url

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(socketserver.ThreadingMixIn, HTTPServer):
    daemon_threads = True
    allow_reuse_address = False

    def __init__(self, address: tuple[str, int], routes: PreviewRoutes) -> None:
        self.routes = routes
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        # HTTPServer would ask the name service who we are, which takes seconds on some networks
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def handle_error(self, request: object, client_address: object) -> None:
        """A host that hung up is nobody's concern."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = REQUEST_TIMEOUT_S
    server_version = "miniprogram-preview"
    sys_version = ""

    def answer(self) -> None:
        self._drain()
        self._send(self.server.routes.answer(self.command, self.path))

    do_GET = do_OPTIONS = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Called for methods nobody knows, with 501, and for what is no HTTP at all."""
        del message, explain
        if code == 501:
            self.answer()
        else:
            self.request_version = "HTTP/1.0"  # of a request that was not understood it is 0.9, without headers
            self._send(Reply(code, b'{"message": "This is no request we understand."}'))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Nothing: hosts poll every second."""

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        if reply.content_type is not None:
            self.send_header("content-type", reply.content_type)
        if reply.status != 204:
            self.send_header("content-length", str(len(reply.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    def _drain(self) -> None:
        """Read a body nobody wants: a connection closed before that takes the reply with it."""
        length = self.headers.get("content-length", "0")
        if length.isdecimal():
            self.rfile.read(min(int(length), MAX_DRAINED_BYTES))
