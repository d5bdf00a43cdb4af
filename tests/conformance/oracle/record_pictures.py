"""Take pictures of Material controls with real Flutter: `python record_pictures.py [CASE …] [--chromium PATH]`.

Reads ../material/pictures.json and writes ../material/pictures/CASE.png, all of them when none is named. Other
than the rectangles of `record.py` these come from Flet's own client with Flet's Python beside it: its controls are
Flutter's, and no class of the compiled client has to be known by name.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any

import flet as ft
from flutter_client import ANDROID, SOFTWARE_GL
from material_controls import bottom_sheet, control, snack_bar, snake
from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).parents[1]
CASES = HERE / "material" / "pictures.json"
PICTURES = HERE / "material" / "pictures"
THEME = HERE.parents[1] / "plugins" / "web" / "tools" / "theme.json"
MOST_SECONDS = 20
PAUSE_MS = 350


def scheme(colors: dict[str, str]) -> ft.ColorScheme:
    return ft.ColorScheme(**{snake(name): color for name, color in colors.items()})


class Studio:
    """Shows one case in every page that is opened, and takes its picture once it stands still."""

    def __init__(self, cases: dict[str, Any]) -> None:
        self.cases = cases
        self.colors = json.loads(THEME.read_text("utf-8"))
        self.current = ""
        self.shown = threading.Event()
        self.error = ""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])

    async def show(self, page: ft.Page) -> None:
        case = self.cases[self.current]
        try:
            self._dress(page, case)
            self._place(page, case)
            page.update()
        except Exception as error:  # noqa: BLE001 -- told by the thread that takes the pictures
            self.error = f"{type(error).__name__}: {error}"
        self.shown.set()

    def _dress(self, page: ft.Page, case: dict[str, Any]) -> None:
        dark = case.get("brightness") == "dark"
        page.padding = page.spacing = 0
        page.rtl = case.get("textDirection") == "rtl"
        page.theme_mode = ft.ThemeMode.DARK if dark else ft.ThemeMode.LIGHT
        page.theme = self._theme("light")
        page.dark_theme = self._theme("dark")
        page.bgcolor = self.colors["dark" if dark else "light"]["surface"]

    def _theme(self, brightness: str) -> ft.Theme:
        colors = self.colors[brightness]
        return ft.Theme(
            color_scheme=scheme(colors), canvas_color=colors["surface"]
        )  # as Flutter's own themes have it

    def _place(self, page: ft.Page, case: dict[str, Any]) -> None:
        tree = case["tree"]
        match case.get("place", "body"):
            case "snackBar":
                page.show_dialog(snack_bar(tree))
            case "sheet":
                page.show_dialog(bottom_sheet(tree))
            case "dialog":
                page.show_dialog(control(tree))  # type: ignore[arg-type]
            case "appBar":
                page.appbar = control(tree)  # type: ignore[assignment]
            case "bottomNavigationBar":
                page.navigation_bar = control(tree)  # type: ignore[assignment]
            case _:
                corner = 1 if case.get("textDirection") == "rtl" else -1
                page.controls = [ft.Container(alignment=ft.Alignment(corner, -1), content=control(tree))]

    def take_all(self, names: list[str], chromium: str) -> None:
        failed = 0
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, headless=True, args=SOFTWARE_GL)
            for name in names:
                try:
                    (PICTURES / f"{name}.png").write_bytes(self.take(browser, name))
                    print(name, flush=True)
                except RuntimeError as error:
                    failed += 1
                    print(f"{name}: {error}", file=sys.stderr)
            browser.close()
        os._exit(1 if failed else 0)  # Flet's server has no other end

    def take(self, browser: Browser, name: str) -> bytes:
        self.current, self.error = name, ""
        self.shown.clear()
        width, height = self.cases[name]["size"]
        page = browser.new_context(viewport={"width": width, "height": height}, user_agent=ANDROID).new_page()
        page.goto(f"http://127.0.0.1:{self.port}/")
        until = time.monotonic() + MOST_SECONDS
        while not self.shown.is_set():
            page.wait_for_timeout(PAUSE_MS)  # the client is still starting
            if time.monotonic() > until:
                raise RuntimeError("the client did not start")
        if self.error:
            raise RuntimeError(self.error)
        page.wait_for_timeout(3 * PAUSE_MS)
        before = b""
        while time.monotonic() < until:
            now = page.screenshot()
            if now == before:
                page.context.close()
                return now
            before = now
            page.wait_for_timeout(PAUSE_MS)
        raise RuntimeError("the picture never stands still")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*")
    parser.add_argument("--chromium", default=shutil.which("chromium") or "chromium")
    options = parser.parse_args()
    cases = json.loads(CASES.read_text("utf-8"))["cases"]
    if unknown := set(options.cases) - set(cases):
        raise SystemExit(f"no such case: {', '.join(sorted(unknown))}")
    PICTURES.mkdir(exist_ok=True)
    studio = Studio(cases)

    def drive() -> None:
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", studio.port)) == 0:
                    break
            time.sleep(0.2)
        studio.take_all(options.cases or list(cases), options.chromium)

    threading.Thread(target=drive, daemon=True).start()
    ft.run(
        studio.show,
        view=None,
        host="127.0.0.1",
        port=studio.port,
        no_cdn=True,
        web_renderer=ft.WebRenderer.CANVAS_KIT,
    )


if __name__ == "__main__":
    main()
