"""A page loads the usual icons first, and a whole font only for a screen that names another one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.element_site import ElementSite, element_site
from miniprogram_web.node import RUNTIME

COMMON = (RUNTIME.parents[2] / "tools" / "common_icons.txt").read_text().split()


def icons(*names: str, **more: Any) -> dict[str, Any]:
    rows = [{"type": "icon", "icon": name, "semanticLabel": name, "size": 48, **more} for name in names]
    return {"shop_home": {"type": "scaffold", "body": {"type": "column", "children": rows}}}


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page()
    yield page
    page.close()


def shown(page: Page, site: ElementSite, name: str, isolation: str = "") -> set[str]:
    """The icon fonts and tables that were asked for until this icon was drawn."""
    asked: set[str] = set()
    page.on(
        "request",
        lambda request: asked.add(request.url.rpartition("/icons/")[2]) if "/icons/" in request.url else None,
    )
    page.goto(f"{site.page_url}/?script=/mini-program.js")
    page.wait_for_function("window.ready")
    attributes = {"app-id": "shop", "api-base-url": site.api_url, "isolation": isolation}
    page.evaluate("(attributes) => open_program(attributes)", attributes)
    within = page.frame_locator("iframe") if isolation else page
    expect(within.get_by_role("img", name=name)).to_have_text(re.compile("."))
    page.evaluate("document.fonts.ready")
    page.wait_for_load_state("networkidle")
    return asked


@pytest.mark.parametrize("isolation", ["", "frame"])
@pytest.mark.parametrize(
    ("name", "kind", "files"),
    [
        ("shopping_cart", "material", {"material-common.json", "material-common.woff2"}),
        (
            "zoom_out_map_sharp",
            "material",
            {"material-common.json", "material-common.woff2", "material.json", "material.woff2"},
        ),
        (
            "heart_fill",
            "cupertino",
            {"material-common.json", "material-common.woff2", "cupertino.json", "cupertino.woff2"},
        ),
    ],
)
def test_only_what_is_needed_is_loaded(
    page: Page, tmp_path: Path, name: str, kind: str, files: set[str], isolation: str
) -> None:
    with element_site(tmp_path, icons(name, iconType=kind)) as site:
        asked = shown(page, site, name, isolation)

        faces = "[...document.fonts].filter((each) => each.status === 'loaded').map((each) => each.family)"
        family = f"{kind.capitalize()} Icons Flutter"
        assert asked == files
        assert any(family in each for each in page.frames[-1].evaluate(faces))


def test_an_icon_that_nobody_knows_is_told(page: Page, tmp_path: Path) -> None:
    with element_site(tmp_path, icons("shopping_cart", "no_such_icon")) as site:
        shown(page, site, "shopping_cart")

        page.wait_for_function(
            "told.some(([name, detail]) => name === 'warning' && detail.code === 'unknown_icon')"
        )


def test_the_usual_icons_are_many_and_each_once() -> None:
    assert len(COMMON) == len(set(COMMON)) > 500
