"""Screens side by side in the review: drawn by the runtime, in frames that keep in what a screen holds."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import pytest
from playwright.sync_api import Browser, FrameLocator, expect

from browser.conftest import Person, Site
from browser.test_every_page import LIVE, SAID, Api
from miniprogram.packages.bundle import Bundle, BundleFile
from miniprogram.packages.manifest import Manifest
from miniprogram.publish.layouts.cloud import CloudLocation, cloud_layout
from miniprogram.publish.to_store import publish_to_store
from miniprogram.seams.publish_target import Release
from miniprogram.strict_json import to_pretty_json
from miniprogram.testing.clock import NOON
from miniprogram.testing.samples import sample_manifest, sample_screens

REVIEW = f"{LIVE}/2.0.0/review"
EVIL = (
    "</script><script>parent.document.title='taken'</script><img src=x onerror=\"parent.document.title='taken'\">"
)

FORBIDDEN = {
    "parent.document.title": "SecurityError",
    "top.location = '/console/login'": "SecurityError",
    "document.cookie": "SecurityError",
    "localStorage": "SecurityError",
    "await fetch('/console/')": "TypeError",
    "await fetch('/console/static/console.js')": "TypeError",
    "await fetch('/api/manifests/shop/latest')": "TypeError",
}
"""What a script in a frame may not do, if ever one came to run there, and how the browser refuses."""


def text(data: str, **more: Any) -> dict[str, Any]:
    return {"type": "scaffold", "body": {"type": "center", "child": {"type": "text", "data": data, **more}}}


def png(width: int, height: int) -> bytes:
    rows = zlib.compress((b"\0" + b"\xc0\x20\x40" * width) * height)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


def publish(site: Site, version: str, screens: dict[str, Any], assets: dict[str, bytes] | None = None) -> None:
    document = sample_manifest("shop", version)
    screens = {**sample_screens("shop"), **screens}
    parts = [BundleFile.of("manifest.json", to_pretty_json(document))]
    parts += [BundleFile.of(f"screens/{name}.json", to_pretty_json(node)) for name, node in screens.items()]
    parts += [BundleFile.of(path, body) for path, body in (assets or {}).items()]
    release = Release(Bundle.of(Manifest.model_validate(document), parts), NOON, base_url="https://cdn.example/")
    layout = cloud_layout(release, CloudLocation("team", "dev", "bucket", "here"))
    publish_to_store(site.storage.store, layout, allow_older=False)


@pytest.fixture
def bob(chromium: Browser, site: Site) -> Person:
    return Person(chromium, site, "bob")


def in_review(
    site: Site, old: dict[str, Any], new: dict[str, Any], assets: dict[str, bytes] | None = None
) -> None:
    publish(site, "1.5.0", old)
    publish(site, "2.0.0", new, assets)
    api = Api(site)
    rest = [("bob", "approve", {}), ("ann", "pilot-skip", {}), ("ann", "finish", {"final": True})]
    first = [("ann", "configure", SAID), ("ann", "apply", {})]
    api.walk(LIVE, "1.5.0", *first, *rest)
    api.walk(LIVE, "2.0.0", *first)


def frame(person: Person, screen: str, version: str) -> FrameLocator:
    return person.page.frame_locator(f'iframe[title="{screen} in {version}"]')


def test_both_versions_of_a_screen_are_drawn_beside_each_other(site: Site, bob: Person) -> None:
    in_review(
        site, {"cart": text("Your cart"), "gone": text("Old")}, {"cart": text("Your basket"), "news": text("New")}
    )
    bob.open(REVIEW)
    expect(frame(bob, "cart", "1.5.0").get_by_text("Your cart")).to_be_visible()
    expect(frame(bob, "cart", "2.0.0").get_by_text("Your basket")).to_be_visible()
    bob.page.locator("#screen-gone").scroll_into_view_if_needed()
    expect(bob.page.locator("#screen-gone")).to_contain_text("2.0.0 does not have it.")
    expect(bob.page.locator("#screen-news")).to_contain_text("1.5.0 does not have it.")
    bob.page.locator("#screen-news").scroll_into_view_if_needed()
    expect(frame(bob, "news", "2.0.0").get_by_text("New")).to_be_visible()
    same = bob.page.locator("details", has_text="the same in both")
    assert "shop_home" in same.inner_html()
    assert bob.complaints == []


def test_width_and_theme_are_chosen_by_links_and_change_what_is_drawn(site: Site, bob: Person) -> None:
    in_review(site, {"cart": text("Your cart")}, {"cart": text("Your basket")})
    bob.open(REVIEW)
    ground = "getComputedStyle(document.querySelector('.mp-root')).getPropertyValue('background-color')"
    new = frame(bob, "cart", "2.0.0")
    expect(new.get_by_text("Your basket")).to_be_visible()
    light = new.locator("body").evaluate(f"() => {ground}")
    bob.page.get_by_role("link", name="Dark").click()
    bob.page.get_by_role("link", name="360").click()
    expect(new.get_by_text("Your basket")).to_be_visible()
    assert new.locator("body").evaluate("() => innerWidth") == 360
    assert new.locator("body").evaluate(f"() => {ground}") != light


def test_pictures_of_the_program_are_shown_and_no_others(site: Site, bob: Person) -> None:
    picture = {"type": "image", "imageType": "network", "src": "logo.png", "width": 80.0, "height": 40.0}
    elsewhere = {**picture, "src": f"{site.url}/console/static/mark.svg"}
    body = {"type": "column", "children": [picture, elsewhere]}
    large = {**picture, "src": "large.png"}
    screens = {"cart": {"type": "scaffold", "body": body}, "poster": {"type": "scaffold", "body": large}}
    assets = {"assets/logo.png": png(80, 40), "assets/large.png": png(8, 8) + bytes(6_000_000)}
    in_review(site, {}, screens, assets)
    asked: list[str] = []
    bob.page.on("request", lambda request: asked.append(request.url))
    bob.open(REVIEW)
    shown = frame(bob, "cart", "2.0.0").locator("img").first
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.naturalWidth") == 80
    bob.page.locator("#screen-poster").scroll_into_view_if_needed()
    expect(frame(bob, "poster", "2.0.0").locator("body")).to_contain_text(
        "Too large to be shown here: assets/large.png"
    )
    refused = [text for text in bob.complaints if "Content Security Policy" in text]
    assert refused
    assert all("mark.svg" in each for each in refused)


def deep(levels: int) -> dict[str, Any]:
    node: dict[str, Any] = {"type": "text", "data": "Deep"}
    for _ in range(levels):
        node = {"type": "padding", "child": node}
    return node


def test_whatever_a_screen_holds_stays_in_its_frame(site: Site, bob: Person) -> None:
    many = {"type": "column", "children": [{"type": "text", "data": f"line {n}"} for n in range(3_000)]}
    new = {"deep": deep(400), "evil": text(EVIL), "huge": text("x" * 2_100_000), "many": many}
    in_review(site, {}, new)
    bob.open(REVIEW)
    for screen, words in (
        ("evil", "onerror"),
        ("huge", "of at most 2,000,000"),
        ("deep", "more than 200 levels"),
        ("many", "line 0"),
    ):
        bob.page.locator(f"#screen-{screen}").scroll_into_view_if_needed()
        expect(frame(bob, screen, "2.0.0").get_by_text(words).first).to_be_visible()
    assert bob.page.title().startswith("Review of 2.0.0")
    inside = frame(bob, "evil", "2.0.0").locator("body")
    assert inside.evaluate("() => origin") == "null"
    for code, name in FORBIDDEN.items():
        tried = f"async () => {{ try {{ await 0; {code}; return 'done' }} catch (error) {{ return error.name }} }}"
        assert inside.evaluate(tried) == name, code
    expect(bob.page.get_by_role("button", name="Approve")).to_be_visible()
    assert "/review" in bob.page.url


def test_two_hundred_screens_load_only_what_is_looked_at(site: Site, bob: Person) -> None:
    old = {f"page_{n:03}": text(f"Page {n}") for n in range(200)}
    new = {f"page_{n:03}": text(f"Page {n} anew") for n in range(200)}
    in_review(site, old, new)
    asked: list[str] = []
    bob.page.on("request", lambda request: asked.append(request.url))
    bob.open(REVIEW)
    expect(bob.page.locator("#screens")).to_contain_text("188 more differ")
    bob.page.wait_for_timeout(500)
    frames = [url for url in asked if "/frames/" in url]
    assert len(frames) <= 10
    assert len(bob.page.content()) < 150_000
