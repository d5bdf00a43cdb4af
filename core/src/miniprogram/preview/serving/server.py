"""The preview server: what apps and pages ask, on a port of this machine, each request on a thread of its own."""

from __future__ import annotations

import secrets
import socketserver
import sys
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import urlsplit

from miniprogram.addresses import LOOPBACK
from miniprogram.errors import ProcessError
from miniprogram.preview.serving.page_routes import PageRoutes
from miniprogram.preview.serving.requests import Reply, Request, failure
from miniprogram.preview.serving.routes import PreviewRoutes
from miniprogram.preview.serving.site import DEVICE, PreviewSite
from miniprogram.preview.session import PreviewSession

EVERY_INTERFACE = "0.0.0.0"  # noqa: S104 - asked for by devices that come over the network, behind a token
REQUEST_TIMEOUT_S = 10
STOP_POLL_S = 0.05
TOKEN_BYTES = 16
MOST_BODY_BYTES = 5 * 1024 * 1024
HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}
"""On every reply, errors included."""


class PreviewServer:
    """Serves a session from the moment it is made until `close`.

    Below a random path everything may be asked by whoever was told it, from any origin as far as apps need it.
    On loopback the same lies below `/` as well, for pages of its own origin. With `open_to_network` the server
    listens on every interface, and the random path is the only way in. The server answers to the names it gave
    out, and to no other. The first free one of `ports` is taken; 0 is any.
    """

    def __init__(
        self,
        session: PreviewSession,
        *,
        open_to_network: bool,
        page: PageRoutes | None = None,
        ports: Sequence[int] = (0,),
    ) -> None:
        self.token = secrets.token_urlsafe(TOKEN_BYTES)
        self.open_to_network = open_to_network
        self._session = session
        site = PreviewSite(PreviewRoutes(session), page, self.token, is_open=open_to_network)
        self._site = site
        self._server = _bound(EVERY_INTERFACE if open_to_network else LOOPBACK, ports, site.answer)
        self.base_url_for(LOOPBACK)
        self._thread = Thread(target=self._server.serve_forever, args=(STOP_POLL_S,), name="preview-server")
        self._thread.start()

    @property
    def port(self) -> int:
        return self._server.server_port

    def base_url_for(self, host: str) -> str:
        """The address for an app that calls this machine `host`; image URLs in screens start with it."""
        self._site.names.add(host.strip("[]").lower())
        self._site.device.base_url = f"http://{host}:{self.port}/{self.token}/{DEVICE}"
        return self._site.device.base_url

    def page_url_for(self, host: str) -> str:
        """The address of the page for a browser that calls this machine `host`."""
        self._site.names.add(host.strip("[]").lower())
        return f"http://{host}:{self.port}/{f'{self.token}/' if self.open_to_network else ''}"

    def close(self) -> None:
        self._session.channel.close()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _bound(host: str, ports: Sequence[int], answer: Callable[[Request], Reply]) -> _Server:
    refused: OSError | None = None
    for port in ports:
        try:
            return _Server((host, port), answer)
        except OSError as error:
            refused = error
    reason = refused.strerror if refused and refused.strerror else refused
    where = f"port {ports[-1]} of {host}" if ports and ports[-1] else host
    raise ProcessError(
        f"the preview server cannot listen on {where}: {reason}", hint="Choose another one with --port."
    ) from refused


class _Server(socketserver.ThreadingMixIn, HTTPServer):
    daemon_threads = True
    allow_reuse_address = sys.platform != "win32"
    """So that a preview that is started again finds its port. On Windows it would let two servers have one."""

    def __init__(self, address: tuple[str, int], answer: Callable[[Request], Reply]) -> None:
        self.answer = answer
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
        address = urlsplit(self.path) if self.path.startswith("/") and self.path[1:2] != "/" else None
        body = self._body()
        if address is None:
            self._send(failure(404, "There is nothing here."))
        elif body is None:
            self._send(failure(413, "The request is too large."))
        else:
            headers = {name.lower(): value for name, value in self.headers.items()}
            is_local = self.client_address[0].startswith("127.")
            asked = Request(self.command, address.path, address.query, headers, body, is_local)
            self._send(self.server.answer(asked))

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
        for name, value in {**HEADERS, **reply.headers}.items():
            self.send_header(name, value)
        if reply.content_type is not None:
            self.send_header("content-type", reply.content_type)
        if reply.status != 204 and reply.stream is None:
            self.send_header("content-length", str(len(reply.body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        if reply.stream is None:
            self.wfile.write(reply.body)
            return
        for part in reply.stream:
            self.wfile.write(part)

    def _body(self) -> bytes | None:
        """All of the body, wanted or not: a connection closed before takes the reply with it. None: too large."""
        length = self.headers.get("content-length", "0")
        if not length.isdecimal() or len(length) > 12:
            return None
        if int(length) > MOST_BODY_BYTES:
            self.rfile.read(64 * 1024)
            return None
        return self.rfile.read(int(length))
