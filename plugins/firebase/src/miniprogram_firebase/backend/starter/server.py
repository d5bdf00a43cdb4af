"""The function as a server, with the standard library only: `python3 server.py`, on the port that PORT names."""

from __future__ import annotations

import os
import signal
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from main import answer
from publisher_routes import MAX_BODY_BYTES, Request


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60
    """Seconds a connection may be idle."""

    def handle_request(self) -> None:
        length = self.headers.get("content-length", "0")
        size = int(length) if length.isascii() and length.isdigit() else MAX_BODY_BYTES + 1
        body = self.rfile.read(min(size, MAX_BODY_BYTES + 1))
        status, headers, content = answer(Request(self.command, self.path, body))
        if size > MAX_BODY_BYTES or "transfer-encoding" in self.headers:
            self.close_connection = True  # what follows on it is the rest of a body that nobody reads
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = handle_request  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
        """Google writes the log of requests."""


class Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True


def main() -> None:
    server = Server(("0.0.0.0", int(os.environ.get("PORT", "8080"))), Handler)  # noqa: S104 - a container's own
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever()
    server.server_close()


if __name__ == "__main__":
    main()
