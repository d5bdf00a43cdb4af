"""The tools of a preview's page: inspector, state, scenarios, storyboard, editor."""

from __future__ import annotations

import re
import shutil
import socket
from typing import Any

import pytest
from playwright.sync_api import expect

from browser.preview_program import FIELD, WIDE, home
from browser.preview_site import Looking, PreviewSite, screen, text


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
    tab.page.evaluate(
        """() => {
            globalThis.rates = new Set();
            const moving = () => preview.stage.host.shadowRoot.getAnimations();
            setInterval(() => moving().forEach((each) => rates.add(each.playbackRate)), 5);
        }"""
    )
    tab.device.get_by_role("button", name="Ask").click()
    expect(tab.device.get_by_text("Sure?")).to_be_visible()

    tab.page.wait_for_function("() => rates.has(0.1)", timeout=10_000)


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


def test_without_an_editor_it_says_what_to_do(site: PreviewSite, tab: Looking, monkeypatch: Any) -> None:
    if shutil.which("code") or shutil.which("gvim"):
        pytest.skip("an editor is installed here")
    site.write("shop_home", "{")
    tab.overlay.get_by_role("button", name=re.compile("shop_home")).click()

    expect(tab.page.locator(".toast")).to_contain_text("MINIPROGRAM_EDITOR")
