"""How long a new screen takes in the browser: about 500 nodes, beside lit-html with as many elements.

Both draw into a page of Chromium whose fonts are there, both show texts that were never shown before, and the time
ends when the browser has laid out what they made. lit-html only makes elements, and the browser's flexbox arranges
them; the runtime measures texts, computes Flutter's layout and makes the same number of elements.
"""

from __future__ import annotations

import json
import statistics
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from conformance.viewer import ORIGIN, PAGE, PHONE
from miniprogram_web.node import RUNTIME
from testbed.browser import open_browser

RUNS = 40
HERE = Path(__file__).parent
LIT = HERE.parent / ".testbed" / "lit-html" / "package"
DRAWING = "drawing.mjs"


def serve(route: Route) -> None:
    path = route.request.url.removeprefix(f"{ORIGIN}/")
    if path == DRAWING:
        file = HERE / "peers" / "first_render.mjs"
    elif path.startswith("lit/"):
        file = LIT / path.removeprefix("lit/")
    else:
        file = RUNTIME.parent / path if path else PAGE
    if file.is_file():
        route.fulfill(path=file)
    else:
        route.fulfill(status=404)


def measured(page: Page, name: str) -> tuple[list[float], int]:
    page.goto(f"{ORIGIN}/")
    page.wait_for_function("window.ready")
    script = f"async (runs) => (await import('/{DRAWING}')).{name}(runs)"
    times, elements = page.evaluate(script, RUNS)
    print(f"{name}: first {times[0]:.1f} ms, then {warm(times):.2f} ms, {elements} elements")
    return times, elements


def nodes_in(value: Any) -> int:
    if isinstance(value, list):
        return sum(map(nodes_in, value))
    if isinstance(value, dict):
        return ("type" in value) + sum(map(nodes_in, value.values()))
    return 0


def warm(times: list[float]) -> float:
    return statistics.median(times[RUNS // 2 :])


def main() -> None:
    if not (LIT / "lit-html.js").is_file():
        print("lit-html is not there: make .testbed/lit-html/.ready")
        return
    with open_browser() as browser:
        page = browser.new_page(viewport={"width": PHONE["width"], "height": PHONE["height"]})
        page.route("**/*", serve)
        ours, _ = measured(page, "runtime")
        lit, _ = measured(page, "lit")
        text = page.evaluate(f"async () => JSON.stringify((await import('/{DRAWING}')).screen('x'))")
    ratio = f"first {ours[0] / lit[0]:.2f}, then {warm(ours) / warm(lit):.2f}"
    print(f"{nodes_in(json.loads(text))} nodes; runtime / lit-html: {ratio}")


if __name__ == "__main__":
    main()
