"""`miniprogram preview` in a real browser: every way of saving, mistakes, tabs, restarts, sleeping laptops."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from browser.preview_site import Looking, PreviewSite, preview_site, screen, text
from testbed import servers

AXE = servers.TESTBED / "axe" / "package" / "axe.min.js"
FIELD = {"type": "textFormField", "id": "name", "decoration": {"labelText": "Name"}}
ROWS = [{"type": "listTile", "title": text(f"Row {number}")} for number in range(40)]
WIDE = {"type": "row", "children": [{"type": "sizedBox", "width": 900, "height": 20}]}
DETAILS = {
    "actionType": "miniProgramNavigation",
    "action": "openMiniProgramScreen",
    "payload": {"screenId": "shop_details"},
}


def home(title: str) -> dict[str, Any]:
    button = {"type": "filledButton", "child": text("Details"), "onPressed": DETAILS}
    return screen("Home", text(title), FIELD, button, *ROWS)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[PreviewSite]:
    screens = {"shop_home": home("Hello"), "shop_details": screen("Details", text("All about it"))}
    with preview_site(tmp_path, screens) as site:
        yield site


@pytest.fixture
def tab(chromium: Browser, site: PreviewSite) -> Iterator[Looking]:
    looking = Looking(chromium, site.url)
    yield looking
    looking.page.context.close()
    assert looking.complaints == []


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


def test_what_flutter_would_complain_about_is_shown_with_its_line(site: PreviewSite, tab: Looking) -> None:
    site.write("shop_home", screen("Home", WIDE))

    problems = tab.page.locator(".problems")
    expect(problems).to_contain_text("overflowed")
    problems.get_by_role("button").first.click()
    expect(problems.get_by_role("button", name=re.compile(r"shop_home\.json:\d+"))).to_be_visible()
    expect(problems.get_by_role("button", name="$.body.children[0]")).to_be_visible()
    assert any("[browser]" in line and "overflowed" in line and "shop_home.json:" in line for line in site.said)

    site.write("shop_home", home("Hello"))
    expect(problems).to_be_hidden()


def test_what_goes_wrong_in_the_page_is_told_in_the_terminal(site: PreviewSite, tab: Looking) -> None:
    tab.page.evaluate("setTimeout(() => { throw new Error('out of order'); })")

    expect(tab.page.get_by_role("tab", name="Log")).to_contain_text("1")
    assert any("[browser] [error] page_error" in line and "out of order" in line for line in site.said)
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


def test_the_inspector_leads_from_picture_to_source(site: PreviewSite, tab: Looking) -> None:
    tab.page.get_by_role("button", name="Point at it").click()
    tab.device.get_by_text("Hello").click()

    details = tab.page.locator(".details")
    source = site.path("shop_home").read_text()
    line = source.count("\n", 0, source.rindex("{", 0, source.index('"Hello"'))) + 1
    expect(details.get_by_role("button", name=re.compile(rf"shop_home\.json:{line}:"))).to_be_visible()
    expect(details.locator(".node-json")).to_contain_text('"data": "Hello"')


def test_the_tree_is_walked_with_the_keyboard(site: PreviewSite, tab: Looking) -> None:
    tree = tab.page.get_by_role("tree", name="Widgets")
    keys = tab.page.keyboard

    def focused() -> Any:
        return tab.page.evaluate("document.activeElement.dataset.node")

    expect(tree.locator("[tabindex='0']")).to_have_count(1)
    tree.locator("[tabindex='0']").focus()
    places = [focused()]
    for key in ("ArrowDown", "ArrowDown", "ArrowLeft", "End", "ArrowUp", "Home"):
        keys.press(key)
        places.append(focused())
    assert places[0] == places[-1] == "$"
    assert places[1:4] == ["$.appBar", "$.appBar.title", "$.appBar"]

    keys.press("ArrowDown")
    keys.press("ArrowLeft")
    expect(tree.locator("[data-node='$.appBar']")).to_have_attribute("aria-expanded", "false")
    assert focused() == "$.appBar"
    keys.press("ArrowRight")
    expect(tree.locator("[data-node='$.appBar.title']")).to_be_visible()
    keys.press("l")
    assert focused() == "$.body"
    keys.press("Enter")
    expect(tree.locator("[aria-selected='true']")).to_have_attribute("data-node", "$.body")
    assert focused() == "$.body"
    expect(tab.page.locator(".details .node-json")).to_contain_text("listView")


def test_looks_and_capabilities_change_what_runs(site: PreviewSite, tab: Looking) -> None:
    width = "preview.runner.view.root.clientWidth"
    tab.page.get_by_label("Device", exact=True).select_option("iphone")
    assert tab.page.evaluate(width) == 393
    tab.page.get_by_label("Locale").select_option("ar")
    assert tab.page.evaluate("preview.runner.view.direction") == "rtl"
    tab.press("Light theme")
    assert tab.page.evaluate("preview.runner.view.theme.brightness") == "dark"
    tab.page.get_by_role("tab", name="Host").click()
    tab.page.get_by_label("analytics (needed)").uncheck()
    expect(tab.device.get_by_text("unsupported_capability")).to_be_visible()


BUILDER = {
    "type": "miniProgramBackendBuilder",
    "requestId": "home",
    "endpoint": "home/bootstrap",
    "loading": text("Loading"),
    "error": text("Failed: {{backend.home.errorCode}}"),
    "child": text("Welcome {{backend.home.data.name}}"),
}
SCENARIOS = """
[scenarios.ann]
title = "Ann is here"
theme = "dark"
screen = "shop_details"
[scenarios.ann.arguments]
greeting = "Good morning"
[[scenarios.ann.mocks]]
match = "GET home/*"
body = { name = "Ann" }
"""


def test_a_scenario_sets_screen_values_and_answers(site: PreviewSite, tab: Looking) -> None:
    site.write("shop_details", screen("Details", text("{{greeting}}"), BUILDER))
    (site.root / "preview.toml").write_text(SCENARIOS)
    tab.page.get_by_role("tab", name="Host").click()
    picker = tab.page.get_by_label("Scenario")
    expect(picker.locator("option", has_text="Ann is here")).to_be_attached()
    picker.select_option("ann")

    expect(tab.device.get_by_text("Good morning")).to_be_visible()
    expect(tab.device.get_by_text("Welcome Ann")).to_be_visible()
    assert tab.page.evaluate("preview.runner.view.theme.brightness") == "dark"

    (site.root / "preview.toml").write_text(SCENARIOS.replace('name = "Ann"', 'name = "Bob"'))
    expect(tab.device.get_by_text("Welcome Bob")).to_be_visible()
    (site.root / "preview.toml").write_text(SCENARIOS.replace("screen =", "sceen ="))
    expect(tab.overlay).to_contain_text('did you mean "screen"?')
    (site.root / "preview.toml").write_text(SCENARIOS)
    expect(tab.overlay).to_be_hidden()


def test_state_and_answers_can_be_changed_by_hand(site: PreviewSite, tab: Looking) -> None:
    site.write("shop_home", screen("Home", BUILDER, FIELD))
    expect(tab.device.get_by_text("Failed: publisher_backend_not_configured")).to_be_visible()
    tab.page.get_by_role("tab", name="State").click()

    answer = tab.page.get_by_label("Data of home")
    answer.fill('{"name": "Cleo"}')
    answer.blur()
    expect(tab.device.get_by_text("Welcome Cleo")).to_be_visible()

    tab.page.get_by_role("tab", name="Log").click()
    tab.page.locator(".log summary", has_text="home/bootstrap").click()
    tab.page.get_by_role("button", name="Mock this answer").click()
    tab.page.get_by_label("Status; 0 is no connection").fill("200")
    tab.page.get_by_label("Status; 0 is no connection").blur()
    body = tab.page.get_by_label("Answer", exact=True)
    body.fill('{"name": "Dora"}')
    body.blur()
    tab.press("Start again")
    expect(tab.device.get_by_text("Welcome Dora")).to_be_visible()


def test_a_value_that_is_changed_by_hand_is_put_in(site: PreviewSite, tab: Looking) -> None:
    site.write("shop_home", screen("Home", text("Hello {{name}}"), FIELD))
    expect(tab.device.get_by_text("Hello {{name}}")).to_be_visible()
    tab.device.get_by_label("Name").fill("typed")
    tab.page.get_by_role("tab", name="State").click()
    tab.page.get_by_label("Name of a value", exact=True).fill("name")
    tab.press("Add: Name of a value")
    value = tab.page.get_by_label("name", exact=True)
    value.fill('"Ann"')
    value.blur()

    expect(tab.device.get_by_text("Hello Ann")).to_be_visible()
    assert tab.device.get_by_label("Name").input_value() == "typed"


def test_slow_motion_slows_what_moves(site: PreviewSite, tab: Looking) -> None:
    dialog = {"actionType": "showDialog", "widget": {"type": "alertDialog", "title": text("Sure?")}}
    site.write("shop_home", screen("Home", {"type": "filledButton", "child": text("Ask"), "onPressed": dialog}))
    tab.page.get_by_role("tab", name="Host").click()
    tab.press("10× slower")
    tab.device.get_by_role("button", name="Ask").click()
    expect(tab.device.get_by_text("Sure?")).to_be_visible()

    rates = "preview.stage.host.shadowRoot.getAnimations().map((each) => each.playbackRate)"
    assert 0.1 in tab.page.evaluate(rates)


def test_what_is_shown_may_not_ask_the_previews_own_server(site: PreviewSite, tab: Looking) -> None:
    asked: list[str] = []
    tab.page.on("request", lambda request: asked.append(request.url) if "/dev/open" in request.url else None)
    body = {"file": "manifest.json"}
    action = {"actionType": "networkRequest", "url": f"{site.url}dev/open", "method": "post", "body": body}
    site.write("shop_home", screen("Home", {"type": "filledButton", "child": text("Ask"), "onPressed": action}))
    tab.device.get_by_role("button", name="Ask").click()

    expect(tab.page.locator(".problems")).to_contain_text("may not be asked")
    assert asked == []


def test_the_mock_backend_answers_through_the_preview(site: PreviewSite, tab: Looking) -> None:
    from miniprogram.backends.local_runner import run_backend, stop_backend
    from miniprogram.backends.mock.template import MockTemplate
    from miniprogram.clock import utc_now
    from miniprogram.seams.backend_template import ProgramFacts

    template = MockTemplate()
    for path, content in template.render(ProgramFacts("shop", "Corner shop"), "bundled").items():
        file = site.root / template.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    run_backend(site.root, host="127.0.0.1", port=port, now=utc_now)
    try:
        tab.page.wait_for_timeout(2_100)  # how the backend stands is remembered for two seconds
        site.write("shop_home", screen("Home", {**BUILDER, "child": text("{{backend.home.statusCode}}")}))
        expect(tab.device.get_by_text("200")).to_be_visible()
    finally:
        stop_backend(site.root)


def test_the_storyboard_shows_every_screen_and_follows_saves(site: PreviewSite, tab: Looking) -> None:
    tab.press("Storyboard")
    board = tab.page.locator("#board")
    expect(board.locator(".tile")).to_have_count(8)
    expect(board.get_by_text("Hello")).to_have_count(4)

    site.write("shop_home", screen("Home", WIDE, text("Changed")))
    expect(board.get_by_text("Changed")).to_have_count(4)
    expect(board.get_by_role("button", name="shop_home, 360 · light")).to_contain_text("1 problem")

    board.get_by_role("switch", name="840").uncheck()
    expect(board.locator(".tile")).to_have_count(4)
    board.get_by_role("button", name="shop_details, 360 · dark").click()
    expect(tab.device.get_by_text("All about it")).to_be_visible()
    assert tab.page.evaluate("preview.runner.view.root.clientWidth") == 360


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


def test_without_an_editor_it_says_what_to_do(site: PreviewSite, tab: Looking, monkeypatch: Any) -> None:
    if shutil.which("code") or shutil.which("gvim"):
        pytest.skip("an editor is installed here")
    site.write("shop_home", "{")
    tab.overlay.get_by_role("button", name=re.compile("shop_home")).click()

    expect(tab.page.locator(".toast")).to_contain_text("MINIPROGRAM_EDITOR")
