"""A page whose mini-programs are kept whole, delivery on another origin, and what went over the wire."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Response, Route

from browser.element_site import page_handler
from browser.element_site import serving as serving_pages
from browser.serving import serving
from miniprogram.delivery.documents.profile import cloud_profile
from miniprogram.packages.package_file import package_of
from miniprogram.packages.package_options import PackageOptions
from miniprogram.publish.layouts.cloud import CloudLocation, cloud_layout
from miniprogram.publish.to_store import publish_to_store
from miniprogram.seams.publish_target import Release
from miniprogram.stores.delivery_source import StoreSource
from miniprogram.stores.filesystem import FilesystemObjectStore
from miniprogram.testing import PNG, image_screen, sample_release, sample_screens
from miniprogram_server.app import Served, delivery_app

TRUNK = {
    f"shop_page_{number}": {"type": "text", "data": hashlib.sha256(bytes([number])).hexdigest() * 8}
    for number in range(12)
}
"""Screens that stay from version to version."""
SOON_MS = 300
"""Until the browser has told of a request that is over for the page."""
CORS = {"access-control-allow-origin": "*"}


@dataclass
class OfflineSite:
    store: FilesystemObjectStore
    page_url: str
    api_url: str
    forgets: list[bool] = field(default_factory=list)
    """Has a member where browsers have lost their dictionaries: delivery is not told of any."""

    def release(self, version: str, text: str | None = None, **screens: Any) -> Release:
        all_screens = {**sample_screens(text=text or f"Welcome to {version}"), **TRUNK, **screens}
        all_screens["shop_picture"] = image_screen()
        release = sample_release(
            version=version, screens=all_screens, assets={"logo.png": PNG}, base_url=self.api_url
        )
        return replace(release, packages=PackageOptions())

    def publish(
        self, version: str, text: str | None = None, *, packages: PackageOptions | None = None, **screens: Any
    ) -> str:
        """The digest of the version. `packages`: other options; None for the usual ones."""
        release = self.release(version, text, **screens)
        release = release if packages is None else replace(release, packages=packages)
        publish_to_store(self.store, cloud_layout(release, CloudLocation("team", "dev", "bucket", "here")))
        return release.bundle.digest

    def without_package(self, version: str) -> None:
        release = replace(self.release(version), packages=None)
        publish_to_store(self.store, cloud_layout(release, CloudLocation("team", "dev", "bucket", "here")))

    def preset(self, version: str) -> bytes:
        return package_of(self.release(version).bundle).archive


@contextmanager
def offline_site(folder: Path) -> Iterator[OfflineSite]:
    store, forgets = FilesystemObjectStore(folder), list[bool]()
    delivery = delivery_app(Served(StoreSource(store), cloud_profile(), "here"))

    async def app(scope: Any, receive: Any, send: Any) -> None:
        headers = [each for each in scope.get("headers", ()) if not forgets or each[0] != b"available-dictionary"]
        await delivery({**scope, "headers": headers}, receive, send)

    with serving(app) as api, serving_pages(page_handler()) as page:
        yield OfflineSite(store, page, f"{api}/api/", forgets)


class Visitor:
    """A browser profile, and a tab in it.

    `wire` is what came from delivery: path, content coding, bytes of the body.
    """

    def __init__(self, browser: Browser, site: OfflineSite) -> None:
        self.site = site
        self.context: BrowserContext = browser.new_context(viewport={"width": 400, "height": 700})
        self.wire: list[tuple[str, str, int]] = []
        self.page = self.new_tab()

    def new_tab(self) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(8000)
        page.on("requestfinished", lambda request: self._note(request.response()))
        return page

    def _note(self, response: Response | None) -> None:
        if response is None or not response.url.startswith(self.site.api_url):
            return
        path = response.url.removeprefix(self.site.api_url).partition("?")[0]
        size = response.request.sizes()["responseBodySize"]
        self.wire.append((path, response.headers.get("content-encoding", ""), size))

    def go(self, page: Page | None = None, *, script: str = "/runtime/element.js") -> Page:
        page = page or self.page
        page.goto(f"{self.site.page_url}/?script={script}")
        page.wait_for_function("window.ready")
        return page

    def open(self, page: Page | None = None, *, wait: bool = True, **attributes: str) -> dict[str, Any]:
        """The program in the page; what was told of its load once it works, else of the error."""
        page = page or self.page
        given = {"app-id": "shop", "api-base-url": self.site.api_url, "host-app": "site", "offline": ""}
        given |= {name.replace("_", "-"): value for name, value in attributes.items()}
        page.evaluate("attributes => open_program(attributes)", given)
        if not wait:
            return {}
        page.evaluate(
            "until(async () => (await state_of('shop')).trying === null"
            " && ['load', 'error'].includes(outcomes().at(-1)?.[0]))"
        )
        return dict(page.evaluate("outcomes().at(-1)[1]"))

    def come_by(self, **attributes: str) -> dict[str, Any]:
        """As one who comes by: load the page, open the program."""
        self.go(script=attributes.pop("script", "/runtime/element.js"))
        return self.open(**attributes)

    def told(self, name: str, page: Page | None = None) -> list[Any]:
        return [detail for own, detail in (page or self.page).evaluate("told") if own == name]

    def state(self) -> dict[str, Any]:
        return dict(self.page.evaluate("state_of('shop')"))

    def delivered(self, part: str = "") -> list[tuple[str, str, int]]:
        self.page.wait_for_timeout(SOON_MS)
        return [each for each in self.wire if part in each[0]]

    def forget(self) -> None:
        """Count what comes from now on; what came so far is all told of."""
        self.page.goto("about:blank")
        self.page.wait_for_timeout(SOON_MS)
        self.wire.clear()

    def cut(self) -> None:
        """Take the network to delivery away."""
        self.context.route(lambda url: url.startswith(self.site.api_url), lambda route: route.abort())

    def change(self, part: str, change: Callable[[bytes], bytes | None]) -> None:
        """Have the network change what comes from addresses with `part` in them; None is nothing there."""

        def answer(route: Route) -> None:
            body = change(route.fetch().body())
            route.fulfill(status=404 if body is None else 200, headers=CORS, body=body or b"")

        self.context.route(lambda url: part in url, answer)

    def upgrade(self, **upgrade: str) -> None:
        """Have delivery say how hosts are to move to the version it names."""

        def add(body: bytes) -> bytes:
            manifest = json.loads(body)
            metadata = {**manifest.get("deliveryMetadata", {}), "upgrade": upgrade}
            return json.dumps({**manifest, "deliveryMetadata": metadata}).encode()

        self.change("latest.json", add)

    def close(self) -> None:
        self.context.close()
