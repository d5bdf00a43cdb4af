"""Three real servers for a page with a mini-program: page and runtime, delivery, the program's own backend."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import uvicorn

from miniprogram.addresses import Address, listen
from miniprogram.clock import utc_now
from miniprogram.delivery.documents.profile import cloud_profile
from miniprogram.keys.lifecycle import PolicyLocation, create_key
from miniprogram.publish.layouts.cloud import CloudLocation, cloud_layout
from miniprogram.publish.to_store import publish_to_store
from miniprogram.stores.delivery_source import StoreSource
from miniprogram.stores.filesystem import FilesystemObjectStore
from miniprogram.testing import sample_release
from miniprogram_server.app import Served, delivery_app
from miniprogram_web.bundle import BUNDLE, bundle
from miniprogram_web.node import RUNTIME

KEY = "mpk_test_0123456789abcdefghij"
PAGE = Path(__file__).parent / "element_page.html"
TYPES = {
    ".js": "text/javascript",
    ".html": "text/html",
    ".json": "application/json",
    ".woff2": "font/woff2",
    ".png": "image/png",
}


@dataclass
class Backend:
    """Answers of a program's own backend by (method, path), and what it was asked."""

    answers: dict[tuple[str, str], tuple[int, Any]] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, str], Any]] = field(default_factory=list)


@dataclass
class ElementSite:
    page_url: str
    api_url: str
    backend_url: str
    backend: Backend
    stop_delivery: Callable[[], None]


def page_handler() -> type[BaseHTTPRequestHandler]:
    """Serves the page, the runtime as modules and as one file."""
    bundled = bundle().encode("utf-8")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.split("?")[0].lstrip("/")
            file = (
                PAGE
                if not path
                else RUNTIME.parent / path.replace("icons/", "runtime/icons/", path.startswith("icons/"))
            )
            body = bundled if path == BUNDLE else file.read_bytes() if file.is_file() else None
            self.send_response(404 if body is None else 200)
            self.send_header("content-type", TYPES.get(file.suffix, "text/plain"))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_args: object) -> None:
            """Nothing: a test is not a log."""

    return Handler


def _backend_handler(backend: Backend) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        allowed: ClassVar[str] = "authorization, content-type, x-mini-program-app-id, x-mini-program-host-app, \
x-mini-program-host-version, x-mini-program-sdk-version, x-mini-program-platform, x-mini-program-locale"

        def answer(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            headers = {name.lower(): value for name, value in self.headers.items()}
            backend.asked.append((self.command, self.path, headers, body))
            status, found = backend.answers.get(
                (self.command, self.path.split("?")[0]), (404, {"errorCode": "not_here"})
            )
            self.reply(status, json.dumps(found).encode("utf-8"))

        def reply(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("access-control-allow-origin", "*")
            self.send_header("access-control-allow-headers", self.allowed)
            self.send_header("access-control-allow-methods", "GET, POST, PUT, PATCH, DELETE")
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        def do_OPTIONS(self) -> None:
            self.reply(204, b"")

        def do_GET(self) -> None:
            self.answer()

        def do_POST(self) -> None:
            self.answer()

        def log_message(self, *_args: object) -> None:
            """Nothing: a test is not a log."""

    return Handler


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def delivering(
    folder: Path, screens: dict[str, Any], *, protected: bool
) -> Iterator[tuple[str, Callable[[], None]]]:
    """A delivery server with `shop`, and what stops it."""
    store = FilesystemObjectStore(folder)
    layout = cloud_layout(
        sample_release("shop", "1.0.0", screens=screens), CloudLocation("team", "dev", "bucket", "here")
    )
    publish_to_store(store, layout, allow_older=False)
    if protected:
        location = PolicyLocation(store, "metadata/access_keys/shop.json", "shop")
        create_key(location, "first", KEY, now=utc_now())
    profile = cloud_profile(artifacts_prefix="artifacts", metadata_prefix="metadata")
    socket = listen(Address("127.0.0.1", 0))
    app = delivery_app(Served(StoreSource(store), profile, "here"))
    server = uvicorn.Server(
        uvicorn.Config(app, log_config=None, ws="none", lifespan="off", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)

    def stop() -> None:
        server.should_exit = True
        thread.join()

    try:
        yield f"http://127.0.0.1:{socket.getsockname()[1]}/api/", stop
    finally:
        stop()


@contextmanager
def element_site(folder: Path, screens: dict[str, Any], *, protected: bool = False) -> Iterator[ElementSite]:
    backend = Backend()
    with (
        serving(page_handler()) as page,
        serving(_backend_handler(backend)) as own,
        delivering(folder, screens, protected=protected) as (api, stop),
    ):
        yield ElementSite(page, api, f"{own}/api/", backend, stop)
