"""A page of a real browser that lays out and paints."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Route

from miniprogram_web.node import RUNTIME

ORIGIN = "http://runtime.example"
PAGE = Path(__file__).parent / "paint_page.html"


def serve(route: Route) -> None:
    """The runtime's own files; anything else is not there, and no network is asked."""
    path = urlsplit(route.request.url).path.lstrip("/")
    file = PAGE if path == "" else RUNTIME.parent / path
    if route.request.url.startswith(ORIGIN) and file.is_file():
        route.fulfill(path=file)
    else:
        route.fulfill(status=404)


@pytest.fixture(scope="module")
def painter(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page(viewport={"width": 400, "height": 300})
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.route("**/*", serve)
    page.goto(f"{ORIGIN}/")
    page.wait_for_function("window.ready")
    yield page
    page.close()
    assert [each for each in complaints if "favicon" not in each] == []
