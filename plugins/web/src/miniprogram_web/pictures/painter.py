"""Screens as pictures: one browser for all of them, each drawn afresh by the runtime that web pages use."""

from __future__ import annotations

import json
import time
from base64 import b64decode
from collections.abc import Iterator, Mapping
from typing import Any

from miniprogram.errors import ToolError
from miniprogram.seams.screen_painter import PaintJob, Picture, Shot
from miniprogram_web.pictures.chromium import BrowserPage, open_page
from miniprogram_web.pictures.site import serving

LOAD_WAIT_S = 30.0


def paint_screens(job: PaintJob) -> Iterator[Picture]:
    """The pictures of `job.shots`, in their order, as they are drawn.

    Raises ToolError when no browser is installed, or it fails.
    """
    files = {f"screens/{name}": json.dumps(screen).encode() for name, screen in job.screens.items()}
    files |= {f"assets/{path.removeprefix('assets/')}": body for path, body in job.assets.items()}
    with serving(files) as address, open_page(job.environ) as page:
        page.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-reduced-motion", "value": "reduce"}])
        page.call("Page.navigate", url=address)
        _wait_until_ready(page)
        for shot in job.shots:
            yield _paint(page, shot, job.scenario)


def _paint(page: BrowserPage, shot: Shot, scenario: Mapping[str, Any]) -> Picture:
    size = {"width": shot.width, "height": shot.height, "deviceScaleFactor": shot.scale, "mobile": False}
    page.call("Emulation.setDeviceMetricsOverride", **size)
    options = {
        "screenId": shot.screen_id,
        "brightness": "dark" if shot.theme == "dark" else "light",
        "contrast": shot.theme == "contrast",
        "textScale": shot.text_scale,
        "direction": shot.direction,
        "scenario": dict(scenario),
    }
    remarks = page.evaluate(f"paint({json.dumps(options)})")
    taken = page.call("Page.captureScreenshot", format="png")
    return Picture(shot, b64decode(taken["data"]), tuple(map(str, remarks)))


def _wait_until_ready(page: BrowserPage) -> None:
    deadline = time.monotonic() + LOAD_WAIT_S
    while not page.evaluate("globalThis.ready === true"):
        if time.monotonic() > deadline:
            raise ToolError(f"the page that draws screens was not loaded within {LOAD_WAIT_S:g} s")
        time.sleep(0.05)
