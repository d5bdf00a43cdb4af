"""A preview is its author's: other sites, hostile screens, the network, and people who use no mouse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from browser.preview_program import WIDE, home
from browser.preview_site import Looking, PreviewSite, preview_site, screen, text
from testbed import servers

AXE = servers.TESTBED / "axe" / "package" / "axe.min.js"


def test_over_the_network_only_the_secret_address_works(tmp_path: Path, chromium: Browser) -> None:
    with preview_site(tmp_path, {"shop_home": screen("Home", text("Hello"))}) as site:
        site.stop()
        site.start(over_lan=True)
        assert site.server
        port = site.server.port
        for path in ("/", "/events", "/dev/program.json", "/preview/status.json", "/page/main.js"):
            assert httpx.get(f"http://127.0.0.1:{port}{path}", trust_env=False).status_code == 404
        looking = Looking(chromium, site.url, width=390)
        expect(looking.device.get_by_text("Hello")).to_be_visible()
        assert looking.page.evaluate("preview.runner.view.root.clientWidth") == 390
        site.write("shop_home", screen("Home", text("Changed")))
        expect(looking.device.get_by_text("Changed")).to_be_visible()
        looking.page.set_viewport_size({"width": 1280, "height": 800})
        looking.page.get_by_role("button", name="Open on a phone").click()
        dialog = looking.page.get_by_role("dialog", name="Open on a phone")
        expect(dialog).to_contain_text(f":{port}/")
        size = dialog.get_by_role("img").evaluate("each => each.decode().then(() => each.naturalWidth)")
        assert size > 100
        dialog.get_by_role("button", name="Close").click()
        expect(dialog).to_have_count(0)
        looking.page.context.close()
        assert looking.complaints == []
        assert any("█" in line for line in site.said)


def test_pages_of_other_sites_get_nothing(site: PreviewSite, chromium: Browser, tmp_path: Path) -> None:
    assert site.server
    stranger = chromium.new_page()
    stranger.route("http://stranger.example/", lambda route: route.fulfill(body="<!doctype html>"))
    stranger.goto("http://stranger.example/")
    for path in ("dev/program.json", "api/screens/shop/1.0.0/shop_home.json", "preview/status.json", "events"):
        read = f"fetch('{site.url}{path}').then((answer) => answer.text(), () => 'refused')"
        assert stranger.evaluate(read) == "refused"
    sent = "{method: 'POST', mode: 'no-cors', body: '{}'}"
    stranger.evaluate(f"fetch('{site.url}dev/log', {sent}).then(() => {{}}, () => {{}})")
    assert not any("[browser]" in line for line in site.said)
    stranger.close()

    answer = httpx.get(site.url, headers={"host": f"evil.example:{site.server.port}"}, trust_env=False)
    assert answer.status_code == 421


HOSTILE = {
    "markup": text('<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'),
    "script address": {
        "type": "inkWell",
        "child": text("Tap"),
        "onTap": {"actionType": "navigate", "routeName": "javascript:window.hacked=1"},
    },
    "names": {"type": "__proto__", "constructor": {"type": "text", "data": "x"}},
    "asset": {"type": "image", "src": "assets/../../../manifest.json"},
    "huge": {"type": "column", "children": [text("x" * 20_000)]},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_screen_harms_nothing(site: PreviewSite, tab: Looking, name: str) -> None:
    """Served as a build would serve it: what the checker refuses may come from elsewhere."""
    assert site.server
    tab.page.route(
        "**/api/screens/**", lambda route: route.fulfill(json=screen("Home", HOSTILE[name], text("Still here")))
    )
    site.write("shop_home", home("Changed"))

    expect(tab.device.get_by_text("Still here")).to_be_attached()
    tab.page.evaluate("preview.inspector.select('$.body.children[0]')")
    expect(tab.page.locator(".details")).to_be_visible()
    assert tab.page.evaluate("window.hacked") is None
    assert tab.page.evaluate("({}).type") is None


def test_what_is_shown_may_not_ask_the_previews_own_server(site: PreviewSite, tab: Looking) -> None:
    asked: list[str] = []
    tab.page.on("request", lambda request: asked.append(request.url) if "/dev/open" in request.url else None)
    body = {"file": "manifest.json"}
    action = {"actionType": "networkRequest", "url": f"{site.url}dev/open", "method": "post", "body": body}
    site.write("shop_home", screen("Home", {"type": "filledButton", "child": text("Ask"), "onPressed": action}))
    tab.device.get_by_role("button", name="Ask").click()

    expect(tab.page.locator(".problems")).to_contain_text("may not be asked")
    assert asked == []


@pytest.mark.parametrize("brightness", ["light", "dark"])
def test_nobody_is_kept_out(site: PreviewSite, chromium: Browser, brightness: Any) -> None:
    """The page around the device, by axe-core; what is on it is looked at in tests/conformance."""
    looking = Looking(chromium, site.url, query="?tab=host")
    looking.page.emulate_media(color_scheme=brightness, reduced_motion="reduce")
    site.write("shop_home", screen("Home", WIDE, text("Changed")))
    expect(looking.page.locator(".problems")).to_be_visible()
    looking.page.locator(".problems-head").click()
    found = []
    for tab in ("Inspect", "State", "Log", "Host"):
        looking.page.get_by_role("tab", name=tab).click()
        found += barriers(looking.page)
    site.write("shop_home", "{")
    expect(looking.overlay).to_be_visible()
    found += barriers(looking.page)
    looking.page.keyboard.press("Escape")
    looking.press("Storyboard")
    looking.page.locator(".tile .mp-page").first.wait_for(state="attached")
    found += barriers(looking.page)
    looking.page.context.close()

    assert found == []


def barriers(page: Page) -> list[str]:
    """What axe-core finds in the page, but for what is on the device."""
    page.evaluate(AXE.read_text("utf-8"))
    run = "axe.run({ exclude: [['.screen'], ['.tile-screen']] }, { runOnly: ['wcag2a', 'wcag2aa'] })"
    result = page.evaluate(run)
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in result["violations"]
        for node in rule["nodes"]
    ]
