"""A preview of a small mini-program, and a page of a real browser that looks at it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page

from miniprogram.builtin import miniprogram_screen_sources
from miniprogram.preview.running import Builds, PageWishes, Surroundings, serving_page
from miniprogram.preview.serving.server import PreviewServer
from miniprogram.project.build import build_program
from miniprogram.project.location import ProgramLocation
from miniprogram.project.memory import BuildMemory
from miniprogram_web.preview_page import RuntimePage

MANIFEST = {
    "id": "shop",
    "version": "1.0.0",
    "title": "Corner shop",
    "entry": "shop_home",
    "contractVersion": "1.0.0",
    "sdkVersionRange": ">=1.0.0 <2.0.0",
    "requiredCapabilities": ["analytics"],
}
EXPECTED = ("Failed to load resource", "favicon")
"""What a browser says about answers that are errors on purpose."""


def text(data: str, **more: object) -> dict[str, Any]:
    return {"type": "text", "data": data, **more}


def screen(title: str, *children: dict[str, Any]) -> dict[str, Any]:
    body = {"type": "listView", "padding": 16, "children": list(children)}
    return {"type": "scaffold", "appBar": {"type": "appBar", "title": text(title)}, "body": body}


@dataclass
class PreviewSite:
    """A running preview. `said` is everything the terminal shows."""

    root: Path
    said: list[str] = field(default_factory=list)
    server: PreviewServer | None = None
    stack: ExitStack = field(default_factory=ExitStack)

    @property
    def url(self) -> str:
        assert self.server
        return self.server.page_url_for("127.0.0.1")

    def start(self, *, port: int | None = None, over_lan: bool = False) -> None:
        location = ProgramLocation(self.root, "shop")
        sources = {spec.suffix: spec for spec in miniprogram_screen_sources()}

        memory = BuildMemory()

        def build() -> Any:
            return build_program(location, sources=sources, memory=memory)

        world = Surroundings({"PATH": "/usr/bin:/bin"}, self.root, self.said.append, self.said.append)
        wishes = PageWishes("none", port=port, over_lan=over_lan)
        serving = serving_page(location, RuntimePage(), Builds(build, build), wishes, world)
        self.server = self.stack.enter_context(serving)

    def stop(self) -> None:
        self.stack.close()

    def path(self, name: str) -> Path:
        return self.root / "stac" / "screens" / f"{name}.json"

    def write(self, name: str, document: Any) -> None:
        self.path(name).write_text(document if isinstance(document, str) else json.dumps(document, indent=2))


@contextmanager
def preview_site(folder: Path, screens: dict[str, Any], **manifest: Any) -> Iterator[PreviewSite]:
    root = (folder / "shop").resolve()
    (root / "stac" / "screens").mkdir(parents=True)
    (root / "manifest.json").write_text(json.dumps({**MANIFEST, **manifest}))
    site = PreviewSite(root)
    for name, document in screens.items():
        site.write(name, document)
    site.start()
    try:
        yield site
    finally:
        site.stop()


class Looking:
    """A tab that shows a preview. `complaints` are what the browser found wrong."""

    def __init__(self, browser: Browser, url: str, *, width: int = 1280, query: str = "") -> None:
        self.complaints: list[str] = []
        self.page: Page = browser.new_context(viewport={"width": width, "height": 800}).new_page()
        self.page.set_default_timeout(10_000)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._listen)
        self.page.goto(url + query)
        self.page.locator(".screen .mp-page > *").first.wait_for(state="attached")

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(each in message.text for each in EXPECTED):
            self.complaints.append(message.text)

    @property
    def device(self) -> Locator:
        return self.page.locator(".screen")

    @property
    def overlay(self) -> Locator:
        return self.page.get_by_role("alertdialog", name="What is wrong")

    def press(self, name: str) -> None:
        """A button of the page, not of the mini-program."""
        self.page.locator("#bar, #side, #stage").get_by_role("button", name=name, exact=True).click()
