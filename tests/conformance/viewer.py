"""A page of a real browser that draws screens, and what it reports about them."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Route

from miniprogram_web.node import RUNTIME

ORIGIN = "http://runtime.example"
HERE = Path(__file__).parent
PAGE = HERE / "view_page.html"
PHONE = {"width": 400, "height": 800}
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
ANSWER = {
    "type": "text",
    "data": "From the network",
    "firstName": "Ada",
    "lastName": "Lovelace",
    "email": "ada@shop.example",
    "phone": "1",
    "age": 36,
    "image": "https://x.example/a.png",
}


def serve(route: Route) -> None:
    """The runtime's own files, a picture for every picture, ANSWER for everything else: no network is asked."""
    url = route.request.url
    path = urlsplit(url).path.lstrip("/")
    if url.startswith(ORIGIN):
        file = PAGE if path == "" else RUNTIME.parent / path
        if file.is_file():
            route.fulfill(path=file)
        else:
            route.fulfill(status=404)
    elif route.request.resource_type == "image":
        route.fulfill(body=PIXEL, content_type="image/png")
    else:
        headers = {"access-control-allow-origin": "*", "access-control-allow-headers": "*"}
        route.fulfill(json=ANSWER, headers=headers)


@dataclass
class Viewer:
    """A running view and its page."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    """Errors and warnings of the browser's console."""

    def show(self, screen: object, screen_id: str = "home") -> None:
        # As text: what a browser is handed directly takes longer with every level.
        script = "([text, screenId]) => { events.length = 0; view.show(JSON.parse(text), { screenId }); }"
        self.page.evaluate(script, [json.dumps(screen), screen_id])
        self.settle()

    def settle(self) -> None:
        self.page.evaluate("drawn()")

    def configure(self, **options: object) -> None:
        self.page.evaluate("options => view.configure(options)", options)
        self.settle()

    def events(self, name: str) -> list[Any]:
        """Details of the events of one name since the last `show`."""
        return [detail for own, detail in self.page.evaluate("events") if own == name]

    def warnings(self, *codes: str) -> list[Any]:
        found = self.events("warning")
        return [each for each in found if each["code"] in codes] if codes else found

    def at(self, path: str) -> Locator:
        return self.page.locator(f"[data-path='{path}']").first

    def box(self, path: str) -> list[float]:
        """Where the node's outermost element stands: left, top, width, height."""
        found = self.at(path).bounding_box()
        assert found, f"nothing is drawn for {path}"
        return [found["x"], found["y"], found["width"], found["height"]]


def open_viewer(chromium: Browser, script: str = "") -> Iterator[Viewer]:
    """A viewer whose page runs the script before anything else."""
    page = chromium.new_page(viewport={"width": PHONE["width"], "height": PHONE["height"]})
    page.add_init_script(script)
    page.set_default_timeout(4000)
    page.emulate_media(reduced_motion="reduce")
    viewer = Viewer(page)

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "favicon" not in message.location.get("url", ""):
            viewer.complaints.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: viewer.complaints.append(str(error)))
    page.route("**/*", serve)
    page.goto(f"{ORIGIN}/")
    page.wait_for_function("window.ready")
    yield viewer
    page.close()


def stored_screens() -> dict[str, Any]:
    """Every screen of this repository: examples, those of the public galleries, and the ones made here."""
    root = HERE.parents[1]
    files = [
        *sorted((root / "tests" / "stac" / "screens").glob("*.json")),
        *sorted((root / "examples").glob("*/*/stac/screens/*.json")),
        *sorted((HERE / "screens").glob("*.json")),
    ]
    read = {file.relative_to(root).as_posix(): json.loads(file.read_text("utf-8")) for file in files}
    return {name: screen for name, screen in read.items() if isinstance(screen, dict) and "type" in screen}
