"""A preview follows every way of saving, and tells mistakes, restarts and sleeping laptops."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from browser.preview_program import WIDE, home
from browser.preview_site import Looking, PreviewSite, screen, text
from testbed.looks import soon


def in_place(file: Path, body: str) -> None:
    file.write_text(body)


def by_renaming(file: Path, body: str) -> None:
    """Vim with `backupcopy=no`, and most others that save whole."""
    fresh = file.with_name(f".{file.name}.swp")
    fresh.write_text(body)
    fresh.replace(file)


def with_a_backup(file: Path, body: str) -> None:
    """Emacs: the old file becomes `name~`."""
    file.rename(f"{file}~")
    file.write_text(body)


def by_deleting(file: Path, body: str) -> None:
    """Editors that take the file away first."""
    file.unlink()
    file.write_text(body)


def in_two_steps(file: Path, body: str) -> None:
    """Cut short, then written piece by piece: the first look finds half of it."""
    with file.open("w") as stream:
        for part in (body[: len(body) // 2], body[len(body) // 2 :]):
            stream.write(part)
            stream.flush()
            os.fsync(stream.fileno())


SAVES = [in_place, by_renaming, with_a_backup, by_deleting, in_two_steps]


@pytest.mark.parametrize("save", SAVES, ids=lambda save: save.__name__)
def test_a_save_is_on_screen_and_what_was_typed_stays(
    site: PreviewSite, tab: Looking, save: Callable[[Path, str], None]
) -> None:
    tab.device.get_by_label("Name").fill("Ann")
    tab.page.evaluate("window.marked = true")
    scroller = "preview.runner.view.root.querySelector('[style*=\"overflow: hidden auto\"]')"
    tab.page.evaluate(f"{scroller}.scrollTop = 120")

    save(site.path("shop_home"), json.dumps(home("Changed"), indent=2))

    expect(tab.device.get_by_text("Changed")).to_be_attached()
    assert tab.device.get_by_label("Name").input_value() == "Ann"
    assert tab.page.evaluate(f"{scroller}.scrollTop") == 120
    assert tab.page.evaluate("window.marked")
    expect(tab.overlay).to_be_hidden()


def test_the_screen_somebody_is_on_stays(site: PreviewSite, tab: Looking) -> None:
    tab.device.get_by_role("button", name="Details").click()
    expect(tab.device.get_by_text("All about it")).to_be_visible()

    site.write("shop_home", home("Changed"))
    site.write("shop_details", screen("Details", text("More about it")))

    expect(tab.device.get_by_text("More about it")).to_be_visible()
    tab.device.get_by_role("button", name="Back").click()
    expect(tab.device.get_by_text("Changed")).to_be_visible()


def test_a_mistake_is_shown_with_its_place_until_it_is_mended(site: PreviewSite, tab: Looking) -> None:
    good = site.path("shop_home").read_text()
    site.write("shop_home", good.replace('"data": "Hello"', '"data" "Hello"'))

    expect(tab.overlay).to_be_visible()
    line = good[: good.index('"Hello"')].count("\n") + 1
    expect(tab.overlay.get_by_role("button", name=re.compile(rf"shop_home\.json:{line}"))).to_be_visible()
    expect(tab.overlay.locator(".frame .here")).to_contain_text('"data" "Hello"')
    expect(tab.device.get_by_text("Hello")).to_be_attached()  # what was built last

    tab.page.keyboard.press("Escape")
    expect(tab.overlay).to_be_hidden()
    expect(tab.page.locator(".overlay-pill")).to_be_visible()
    tab.page.locator(".overlay-pill").click()
    expect(tab.overlay).to_be_visible()

    site.write("shop_home", good)
    expect(tab.overlay).to_be_hidden()
    expect(tab.page.locator(".overlay-pill")).to_be_hidden()


def test_all_mistakes_are_told_and_a_page_that_comes_later_hears_them_too(
    site: PreviewSite, tab: Looking, chromium: Browser
) -> None:
    site.write("shop_home", {"type": "text", "dta": "x"})
    site.write("shop_details", "{")

    expect(tab.overlay.locator(".mistake")).to_have_count(2)
    late = Looking(chromium, site.url)
    expect(late.overlay.locator(".mistake")).to_have_count(2)
    late.page.context.close()


def test_what_goes_wrong_in_the_page_is_told_in_the_terminal(site: PreviewSite, tab: Looking) -> None:
    tab.page.evaluate("setTimeout(() => { throw new Error('out of order'); })")

    expect(tab.page.get_by_role("tab", name="Log")).to_contain_text("1")
    soon(
        lambda: any("[browser] [error] page_error" in each and "out of order" in each for each in site.said), True
    )
    assert tab.complaints.pop() == "out of order"


def test_another_mini_program_at_the_same_address_starts_at_its_own_screen(
    site: PreviewSite, tab: Looking
) -> None:
    tab.page.goto(f"{site.url}?screen=shop_details&scenario=nowhere")
    expect(tab.page.locator(".toast")).to_contain_text('no scenario "nowhere"')
    tab.press("Light theme")
    other = tab.page.context.new_page()
    other.goto(site.url)

    expect(other.locator(".screen").get_by_text("Hello")).to_be_visible()
    assert other.evaluate("preview.settings.values.brightness") == "dark"


def test_two_tabs_follow_and_a_problem_is_told_once(site: PreviewSite, tab: Looking, chromium: Browser) -> None:
    other = Looking(chromium, site.url)
    site.write("shop_home", screen("Home", WIDE, text("Changed")))
    for each in (tab, other):
        expect(each.device.get_by_text("Changed")).to_be_attached()
        expect(each.page.locator(".problems")).to_be_visible()
    other.page.context.close()

    assert len([line for line in site.said if "overflowed" in line and "[browser]" in line]) == 1


def test_a_new_screen_can_be_opened_at_once(site: PreviewSite, tab: Looking) -> None:
    site.write("shop_more", screen("More", text("Brand new")))

    picker = tab.page.get_by_label("Screen", exact=True)
    expect(picker.locator("option", has_text="shop_more")).to_be_attached()
    picker.select_option("shop_more")
    expect(tab.device.get_by_text("Brand new")).to_be_visible()


def test_a_changed_manifest_starts_it_again_and_says_so(site: PreviewSite, tab: Looking) -> None:
    manifest = json.loads((site.root / "manifest.json").read_text())
    (site.root / "manifest.json").write_text(json.dumps({**manifest, "entry": "shop_details"}))

    expect(tab.page.locator(".toast")).to_contain_text("manifest.json has changed")
    expect(tab.device.get_by_text("All about it")).to_be_visible()


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


def test_a_picture_that_is_another_one_is_loaded_again(site: PreviewSite, tab: Looking) -> None:
    (site.root / "assets").mkdir()
    (site.root / "assets" / "dot.png").write_bytes(PIXEL)
    image = {"type": "image", "src": "assets/dot.png", "width": 20, "height": 20}
    site.write("shop_home", screen("Home", image))
    pictures = tab.device.locator("img")
    expect(pictures).to_have_attribute("src", re.compile(r"dot\.png\?v=[1-9]$"))  # there was no such folder before
    before = pictures.get_attribute("src") or ""
    bodies: list[bytes] = []
    tab.page.on("response", lambda answer: bodies.append(answer.body()) if "dot.png" in answer.url else None)

    (site.root / "assets" / "dot.png").write_bytes(PIXEL + b"more")

    expect(pictures).not_to_have_attribute("src", before)
    deadline = time.monotonic() + 10
    while PIXEL + b"more" not in bodies and time.monotonic() < deadline:
        tab.page.wait_for_timeout(50)
    assert PIXEL + b"more" in bodies


def test_a_server_that_is_started_again_is_found(site: PreviewSite, tab: Looking) -> None:
    assert site.server
    port = site.server.port
    tab.device.get_by_label("Name").fill("Ann")
    site.stop()
    expect(tab.page.locator(".dot")).to_have_class(re.compile("lost"))
    site.write("shop_home", home("Meanwhile"))
    site.start(port=port)

    expect(tab.device.get_by_text("Meanwhile")).to_be_attached()
    expect(tab.page.locator(".dot")).to_have_class(re.compile("open"))
    assert tab.device.get_by_label("Name").input_value() == "Ann"


def test_a_laptop_that_wakes_up_catches_up(site: PreviewSite, tab: Looking) -> None:
    asked: list[str] = []
    tab.page.on("request", lambda request: asked.append(request.url) if "/events" in request.url else None)
    tab.page.context.set_offline(True)
    tab.page.evaluate("preview.channel.sleep()")
    site.write("shop_home", home("Meanwhile"))
    site.write("shop_details", "{")
    site.write("shop_details", screen("Details", text("Other")))
    tab.page.context.set_offline(False)

    expect(tab.device.get_by_text("Meanwhile")).to_be_attached()
    expect(tab.overlay).to_be_hidden()
    assert any("last=" in url for url in asked)


def test_a_tab_that_nobody_sees_lets_go_and_catches_up(site: PreviewSite, tab: Looking) -> None:
    """Browsers have six connections for a server: a tab that kept one for good would keep the seventh waiting."""
    seen = "Object.defineProperty(document, 'hidden', {{ value: {}, configurable: true }}); \
document.dispatchEvent(new Event('visibilitychange'))"
    tab.page.clock.install()
    tab.page.reload()
    expect(tab.page.locator(".dot")).to_have_class(re.compile("open"))
    tab.page.evaluate(seen.format("true"))
    tab.page.clock.fast_forward(16_000)
    expect(tab.page.locator(".dot")).to_have_class(re.compile("connecting"))
    site.write("shop_home", home("Meanwhile"))
    tab.page.evaluate(seen.format("false"))

    expect(tab.device.get_by_text("Meanwhile")).to_be_attached()
