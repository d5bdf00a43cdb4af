"""What an update costs a browser on the wire: `<mini-program offline>` in Chromium, over a real delivery service.

A mini-program of real screens is published four times; each new version changes one sentence of one screen. One
browser does dictionaries by itself (RFC 9842), the other is told that it does not, as Firefox and Safari are, and
loads the files that changed. Counted are the bytes of bodies and of headers, both ways, of everything that a visit
asks of delivery. The floor is the same visit when nothing changed: what it takes to ask for the version.
Run with `PYTHONPATH=tests`; a folder of JSON screens may be named instead of the stored ones.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from browser.offline_site import OfflineSite, Visitor, offline_site
from browser.test_offline import NO_DICTIONARIES
from testbed.browser import open_browser

STORED = Path(__file__).parents[1] / "tests" / "stac" / "screens"
VERSIONS = ("1.0.0", "1.1.0", "1.2.0", "1.3.0")
SOON_MS = 500
"""Until the browser has written a dictionary, and has told of every request."""


def screens_in(folder: Path) -> dict[str, Any]:
    """Screens by id: each object of each file that is a node of Stac, or holds some by name."""
    found: dict[str, Any] = {}
    for path in sorted(folder.rglob("*.json")):
        document = json.loads(path.read_text("utf-8"))
        nodes = {path.stem: document} if "type" in document else document
        for name, node in nodes.items():
            if isinstance(node, dict) and "type" in node:
                found[f"{path.stem}_{name}".replace(".", "_")] = node
    return found


class Counted(Visitor):
    """Adds up bodies and headers, both ways, of what goes to delivery."""

    def __init__(self, browser: Browser, site: OfflineSite) -> None:
        self.total = 0
        super().__init__(browser, site)

    def _note(self, response: Any) -> None:
        if response is not None and response.url.startswith(self.site.api_url):
            sizes = response.request.sizes()
            self.total += sum(sizes.values())

    def cost(self) -> tuple[str | None, int]:
        """How the version came, and how many bytes the visit took."""
        self.page.goto("about:blank")
        self.page.wait_for_timeout(SOON_MS)
        self.total = 0
        told = self.come_by()
        self.page.wait_for_timeout(SOON_MS)
        return told["update"], self.total


def measured(browser: Browser, screens: dict[str, Any], *, dictionaries: bool) -> tuple[int, list[int], int, str]:
    """Bytes of the first visit, of each update, of a visit when nothing changed; how the updates came."""
    with tempfile.TemporaryDirectory() as folder, offline_site(Path(folder)) as site:
        visitor = Counted(browser, site)
        if not dictionaries:
            visitor.context.add_init_script(NO_DICTIONARIES)
        costs, ways = [], []
        for version in VERSIONS:
            site.publish(version, text=f"Welcome to version {version}, which says a little more", **screens)
            way, cost = visitor.cost()
            costs.append(cost)
            ways.append(way)
        _, unchanged = visitor.cost()
        visitor.close()
    assert len(set(ways[1:])) == 1, ways
    return costs[0], costs[1:], unchanged, str(ways[-1])


def main(folder: Path) -> None:
    screens = screens_in(folder)
    size = sum(len(json.dumps(node)) for node in screens.values())
    print(f"{len(screens)} screens besides the changing one, {size:,} bytes of JSON")
    with open_browser() as browser:
        for dictionaries in (True, False):
            first, updates, floor, way = measured(browser, screens, dictionaries=dictionaries)
            update = statistics.median(updates)
            print(
                f"{way}: first visit {first:,} bytes, update {update:,.0f}, of which {floor:,} to ask: "
                f"{update / first:.3f} of the first visit, {(update - floor) / (first - floor):.3f} without asking"
            )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else STORED)
