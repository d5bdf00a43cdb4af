"""What the page that draws screens loads: the runtime, and the files of one version of a mini-program."""

from __future__ import annotations

import mimetypes
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from miniprogram.files import is_inside
from miniprogram_web.node import RUNTIME

PAGE = Path(__file__).parent / "page.html"
_FOLDERS = ("runtime", "vendor", "preview")
_TYPES = {".js": "text/javascript", ".json": "application/json", ".woff2": "font/woff2", ".svg": "image/svg+xml"}


@contextmanager
def serving(files: Mapping[str, bytes]) -> Iterator[str]:
    """Serve the page, the runtime and `files` (path -> content) on the loopback address; the page's address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path).lstrip("/")
            body = _content(path, files)
            self.send_response(404 if body is None else 200)
            self.send_header("content-type", "text/html" if not path else _type(path))
            self.send_header("content-length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_args: object) -> None:
            """Nothing: what could not be loaded is told with the picture."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def _content(path: str, files: Mapping[str, bytes]) -> bytes | None:
    if not path:
        return PAGE.read_bytes()
    if path in files:
        return files[path]
    folder, _, rest = path.partition("/")
    file = RUNTIME.parent / path
    inside = folder in _FOLDERS and rest and is_inside(file, RUNTIME.parent / folder)
    return file.read_bytes() if inside and file.is_file() else None


def _type(path: str) -> str:
    return _TYPES.get(Path(path).suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
