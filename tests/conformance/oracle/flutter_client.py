"""The compiled Flutter client of the wheel `flet-web` in a headless Chromium, opened for `flutter_widgets.js`.

Nothing of Flet runs: the client is stopped where its `main` would show the first widget, and what it shows from
then on are the trees of the cases. No network is used; every file comes from the wheel.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import Page, Route, sync_playwright

HERE = Path(__file__).parent
FLUTTER = "3.44.8"
MAIN_SHA256 = "ab4f1dae4d5c4511adc941ddaac6fc1837752c227f9eed27cff78c8e04f90c16"
RUN_APP = 'A.cRA(new A.Lt(i,j,h,g,null),n,"runApp")'
OPENED = "globalThis.compiledFlutter={A:A,B:B,$:$,t:t,view:i,h:h,g:g,binding:n}"
# Flutter picks its platform from the user agent: sizes of Android are those that phones show.
ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0 Mobile Safari/537.36"
)
SOFTWARE_GL = ["--no-sandbox", "--enable-unsafe-swiftshader", "--use-angle=swiftshader", "--no-first-run"]

Rectangle = list[float]


class FlutterClient:
    """Lays trees out with real Flutter; see `open_flutter`."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def lay_out(self, tree: dict[str, Any], size: list[int], text_direction: str) -> dict[str, Any]:
        """`boxes`: JSON path -> [x, y, width, height]; `overflow`: JSON path of a row or column -> pixels."""
        self._page.set_viewport_size({"width": size[0], "height": size[1]})
        found: dict[str, Any] = self._page.evaluate(
            "([tree, size, textDirection]) => drawWithFlutter(tree, size, { textDirection })",
            [tree, size, text_direction],
        )
        return found

    def visible(self, colors: dict[str, str]) -> dict[str, Rectangle]:
        """JSON path -> the rectangle of the pixels that show exactly that color, as painted after `lay_out`."""
        self._page.wait_for_timeout(60)
        image = Image.open(io.BytesIO(self._page.screenshot())).convert("RGB")
        wanted = {bytes.fromhex(color[1:]): path for path, color in colors.items()}
        pixels, width = image.tobytes(), image.width
        edges: dict[str, list[int]] = {}
        for at in range(0, len(pixels), 3):
            if path := wanted.get(pixels[at : at + 3]):
                y, x = divmod(at // 3, width)
                box = edges.setdefault(path, [x, y, x, y])
                box[0], box[2], box[3] = min(box[0], x), max(box[2], x), y
        return {
            path: [left, top, right - left + 1, low - top + 1] for path, (left, top, right, low) in edges.items()
        }


@contextmanager
def open_flutter(chromium: str) -> Iterator[FlutterClient]:
    spec = find_spec("flet_web")
    if spec is None or spec.origin is None:
        raise SystemExit("flet-web is missing: run make flutter-oracle")
    web = Path(spec.origin).parent / "web"
    main = (web / "main.dart.js").read_bytes()
    if hashlib.sha256(main).hexdigest() != MAIN_SHA256:
        raise SystemExit("this build of flet-web has other names than flutter_widgets.js knows: see README.md")
    opened = main.decode("utf-8").replace(RUN_APP, OPENED)

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path.lstrip("/")
        file = web / path
        if path == "":
            route.fulfill(path=HERE / "flutter_page.html")
        elif path == "main.dart.js":
            route.fulfill(body=opened, content_type="text/javascript")
        elif path.startswith("assets/fonts/roboto/"):  # Flutter's name for the font it would fetch
            route.fulfill(path=web / "assets/fonts/roboto.woff2")
        elif file.is_file():
            route.fulfill(path=file)
        else:
            route.fulfill(status=404)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=SOFTWARE_GL)
        page = browser.new_context(viewport={"width": 400, "height": 300}, user_agent=ANDROID).new_page()
        page.route("**/*", answer)
        page.goto("http://localhost/")
        page.wait_for_function("globalThis.compiledFlutter", timeout=60_000)
        page.evaluate((HERE / "flutter_widgets.js").read_text("utf-8"))
        yield FlutterClient(page)
        browser.close()
