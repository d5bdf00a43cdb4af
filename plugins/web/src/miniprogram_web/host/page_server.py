"""A folder served to this machine's browser while one works on it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

NAMES = frozenset(["127.0.0.1", "localhost"])
"""Names that this machine is asked by. Another one is a page elsewhere whose name was made to point here."""


class _Handler(SimpleHTTPRequestHandler):
    # written out: on Windows the registry may say something else
    extensions_map = {  # noqa: RUF012 - as the class above has it
        **SimpleHTTPRequestHandler.extensions_map,
        ".css": "text/css",
        ".html": "text/html",
        ".js": "text/javascript",
        ".json": "application/json",
        ".mjs": "text/javascript",
        ".svg": "image/svg+xml",
        ".woff2": "font/woff2",
    }

    def send_head(self):  # type: ignore[no-untyped-def]
        host = urlsplit(f"//{self.headers.get('host', '')}").hostname
        if host not in NAMES:
            return self.send_error(403, "This server answers to localhost only")
        # what begins with a dot is not of the page: .git, .env, the state of this tool
        if any(part.startswith(".") for part in unquote(urlsplit(self.path).path).split("/")):
            return self.send_error(404)
        return super().send_head()

    def list_directory(self, path):  # type: ignore[no-untyped-def]  # noqa: ARG002
        return self.send_error(404)

    def end_headers(self) -> None:
        self.send_header("cache-control", "no-store")
        super().end_headers()

    def log_message(self, *_args: object) -> None:
        """Nothing: the browser's own tools show what a page loads."""


@contextmanager
def serving_folder(folder: Path, port: int) -> Iterator[str]:
    """Serve `folder` on the loopback address until the context ends; the address of its root.

    Port 0 takes any free one. Raises OSError when the port cannot be had.
    """

    def handler(*arguments: object) -> _Handler:
        return _Handler(*arguments, directory=str(folder))  # type: ignore[arg-type]

    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
