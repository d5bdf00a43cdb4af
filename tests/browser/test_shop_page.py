"""The example page of a shop: two mini-programs of two delivery services, one with a key, one in a frame."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from miniprogram_web.host.page_server import serving_folder
from testbed import servers

EXAMPLE = Path(__file__).parents[2] / "examples" / "shop_page" / "run.py"

pytestmark = [pytest.mark.slow, pytest.mark.process]


def _example() -> Any:
    spec = spec_from_file_location("shop_page_run", EXAMPLE)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    sys.modules["shop_page_run"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """The folder of the page, and its address."""
    made = _example().Shop(tmp_path_factory.mktemp("shop"))
    with made.delivering(), serving_folder(made.page, 0) as address:
        yield made.page, address


@pytest.fixture
def complaints() -> list[str]:
    return []


def visit(chromium: Browser, address: str, complaints: list[str], *, width: int = 1280) -> Page:
    page = chromium.new_page(viewport={"width": width, "height": 900})
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(address)
    return page


def test_a_coupon_changes_the_shops_basket(
    shop: tuple[Path, str], chromium: Browser, complaints: list[str]
) -> None:
    page = visit(chromium, shop[1], complaints)
    page.get_by_role("button", name="Add Huila Evening").click()
    page.get_by_role("button", name="Use").first.click()

    expect(page.get_by_role("status").first).to_have_text("1 bag 9.81 € (−10 %)".replace("bag ", "bag"))
    expect(page.get_by_text("ROAST10 is in your basket")).to_be_visible()
    assert complaints == []


@pytest.mark.parametrize("width", [1280, 390])
def test_the_courier_reserves_from_its_frame(
    shop: tuple[Path, str], chromium: Browser, complaints: list[str], width: int
) -> None:
    page = visit(chromium, shop[1], complaints, width=width)
    courier = page.frame_locator("#delivery iframe")
    page.locator("#delivery").scroll_into_view_if_needed()
    courier.get_by_role("button", name="Reserve").nth(1).click()

    expect(page.locator("#delivery-choice")).to_have_text("Tomorrow, 18:00 – 20:00")
    assert courier.locator(":root").evaluate("() => window.origin") == "null"
    assert complaints == []


def test_the_key_is_needed_and_goes_to_the_shops_own_service_only(
    shop: tuple[Path, str], chromium: Browser, complaints: list[str]
) -> None:
    asked: list[tuple[str, bool]] = []
    page = chromium.new_page()
    page.on(
        "request",
        lambda each: (
            asked.append((each.url, "x-mini-program-access-key" in each.headers)) if "/api/" in each.url else None
        ),
    )
    page.goto(shop[1])
    expect(page.get_by_role("heading", name="Your coupons")).to_be_visible()
    page.frame_locator("#delivery iframe").get_by_role("button", name="Reserve").first.wait_for(state="attached")

    assert {with_key for url, with_key in asked if "coupons" in url} == {True}
    assert {with_key for url, with_key in asked if "delivery_times" in url} == {False}

    (shop[0] / "wrong.html").write_text(
        '<!doctype html><script type="module" src="mini_program/setup.js"></script>'
        '<mini-program app-id="coupons" api-base-url="'
        + next(url for url, _ in asked if "/manifests/coupons" in url).partition("/manifests")[0]
        + '"></mini-program>'
    )
    page.add_init_script(
        "globalThis.told = []; addEventListener('mini-program-error', ({ detail }) => told.push(detail.code))"
    )
    page.goto(shop[1] + "wrong.html")
    page.wait_for_function("() => told.length")
    assert page.evaluate("() => told") == ["access_key_missing"]


def test_the_page_has_no_barriers(shop: tuple[Path, str], chromium: Browser, complaints: list[str]) -> None:
    page = visit(chromium, shop[1], complaints)
    expect(page.get_by_role("heading", name="Your coupons")).to_be_visible()
    page.add_script_tag(path=str(servers.axe_script()))
    found = page.evaluate(
        "async () => (await axe.run({ runOnly: ['wcag2a', 'wcag2aa'] })).violations.map((each) => each.id)"
    )

    assert found == []
