"""Every stored screen is drawn whole, and what it offers can be used."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from conformance.viewer import HERE, Viewer, open_viewer, stored_screens

SCREENS = stored_screens()


@pytest.fixture(scope="module")
def opened(chromium: Browser) -> Iterator[Viewer]:
    yield from open_viewer(chromium)


@pytest.fixture
def viewer(opened: Viewer) -> Iterator[Viewer]:
    opened.complaints.clear()
    opened.configure(textScale=1, direction="ltr", brightness="light", contrast=False, theme=None)
    yield opened
    assert opened.complaints == []


def made(name: str) -> Any:
    return json.loads((HERE / "screens" / f"{name}.json").read_text("utf-8"))


@pytest.mark.parametrize("name", SCREENS)
@pytest.mark.parametrize(
    "options", [{}, {"brightness": "dark", "direction": "rtl", "textScale": 1.6}], ids=["light", "dark rtl large"]
)
def test_a_stored_screen_is_drawn_whole(name: str, options: dict[str, object], viewer: Viewer) -> None:
    viewer.configure(**options)
    viewer.show(SCREENS[name])

    assert viewer.warnings("unknown_type", "broken_widget", "unknown_icon", "too_deep", "too_large") == []
    assert viewer.page.locator(".mp-unknown").count() == 0
    assert viewer.page.locator(".mp-page-screen [data-path]").count() > 1


def test_every_button_answers_to_a_tap(viewer: Viewer) -> None:
    viewer.show(made("buttons"))
    told = {
        "Filled": "filledButton",
        "Elevated": "elevatedButton",
        "Outlined": "outlinedButton",
        "Text": "textButton",
        "favorite": "favorite",
        "Create": "extended",
        "Ink well": "inkWell",
        "Gesture detector": "gestureDetector",
        "Styled": "styled",
    }

    for name, text in told.items():
        viewer.page.get_by_role("button", name=name).first.click()
        # One that also knows a double tap waits whether a second one comes.
        expect(viewer.page.get_by_role("status")).to_have_text(text)

    assert viewer.page.get_by_role("button", name="Delete").is_disabled()


def test_a_button_is_pressed_with_the_keyboard(viewer: Viewer) -> None:
    viewer.show(made("buttons"))

    viewer.page.get_by_role("button", name="Filled").focus()
    viewer.page.keyboard.press("Enter")
    viewer.page.get_by_role("button", name="Ink well").focus()
    viewer.page.keyboard.press(" ")

    assert [each["action"]["content"]["data"] for each in viewer.events("action")] == ["filledButton", "inkWell"]


def test_a_form_says_what_is_wrong_and_then_is_valid(viewer: Viewer) -> None:
    viewer.show(made("inputs"))
    page = viewer.page

    press_send(page)
    expect(page.get_by_role("alert").first).to_have_text("A name is needed")
    expect(page.get_by_role("status")).to_have_text("not valid")
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("E-mail").fill("nobody")
    expect(page.get_by_role("alert").first).to_have_text("No e-mail address")
    page.get_by_label("E-mail").fill("ada@shop.example")
    expect(page.get_by_role("alert").first).to_have_text("This is wrong")
    page.evaluate("view.hideSnackBar()")
    press_send(page)

    expect(page.get_by_role("status")).to_have_text("valid")


def press_send(page: Page) -> None:
    page.get_by_role("button", name="Send").click()


def test_typing_keeps_the_cursor_where_it_is(viewer: Viewer) -> None:
    viewer.show(made("inputs"))
    field = viewer.page.get_by_label("Name")

    field.click()
    viewer.page.keyboard.type("Ada")
    viewer.page.keyboard.press("Home")
    viewer.page.keyboard.type("Dear ")

    expect(field).to_have_value("Dear Ada")
    expect(field).to_be_focused()


def test_choices_are_made(viewer: Viewer) -> None:
    viewer.show(made("inputs"))
    page = viewer.page

    page.get_by_role("checkbox", name="agree").click()
    page.get_by_role("switch").last.click()
    page.get_by_role("radio", name="s", exact=True).click()
    page.get_by_role("slider").fill("70")
    page.get_by_role("combobox").select_option(label="Red")

    expect(page.get_by_role("checkbox", name="agree")).to_be_checked()
    expect(page.get_by_role("switch").last).to_be_checked()
    expect(page.get_by_role("radio", name="s", exact=True)).to_be_checked()
    expect(page.get_by_role("radio", name="m", exact=True)).not_to_be_checked()
    expect(page.get_by_role("slider")).to_have_value("70")
    expect(page.get_by_role("combobox")).to_have_value("Red")
    values = page.evaluate("Object.fromEntries(view.top.state.get('$.body.child.children[0] form').values)")
    assert {name: values[name] for name in ("agree", "size", "amount")} == {
        "agree": True,
        "size": "s",
        "amount": 70,
    }


def test_a_dialog_keeps_the_focus_and_gives_it_back(viewer: Viewer) -> None:
    viewer.show(made("feedback"))
    page = viewer.page
    opener = page.get_by_role("button", name="Dialog")

    opener.click()
    dialog = page.get_by_role("alertdialog", name="Discard draft?")
    expect(dialog).to_be_visible()
    expect(page.get_by_role("button", name="Cancel")).to_be_focused()
    assert page.locator(".mp-page-screen").evaluate("page => page.inert")
    page.keyboard.press("Escape")

    expect(dialog).to_have_count(0)
    expect(opener).to_be_focused()


def test_a_sheet_closes_by_its_items_and_beside_it(viewer: Viewer) -> None:
    viewer.show(made("feedback"))
    page = viewer.page

    page.get_by_role("button", name="Sheet").click()
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Sheet").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.mouse.click(200, 100)

    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_snack_bar_acts_and_goes(viewer: Viewer) -> None:
    viewer.show(made("feedback"))
    page = viewer.page

    page.get_by_role("button", name="Snack").click()
    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_role("status")).to_have_text("undone")


def test_tabs_bars_and_screens_are_walked_through(viewer: Viewer) -> None:
    viewer.show(made("navigation"))
    page = viewer.page

    page.get_by_role("tab", name="First").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Second")).to_be_focused()
    expect(page.get_by_text("11")).to_be_visible()
    page.get_by_role("button", name="Me", exact=True).click()
    page.get_by_role("button", name="Next screen").click()
    expect(page.get_by_text("Second screen")).to_be_visible()
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_role("button", name="Next screen")).to_be_visible()
    page.get_by_role("button", name="Open navigation menu").click()

    expect(page.get_by_role("dialog")).to_be_visible()


def test_scrolling_stays_when_something_else_changes(viewer: Viewer) -> None:
    viewer.show(made("inputs"))
    scroller = viewer.at("$.body")
    scroller.evaluate("element => element.scrollTo(0, 40)")

    viewer.page.get_by_role("checkbox", name="agree").click()
    viewer.settle()

    assert scroller.evaluate("element => element.scrollTop") == 40


def test_a_dialog_lies_in_the_middle_and_above_the_bars(viewer: Viewer) -> None:
    viewer.show(made("navigation"))
    dialog = {
        "type": "alertDialog",
        "title": {"type": "text", "data": "Title"},
        "content": {"type": "text", "data": "Content"},
        "actions": [{"type": "textButton", "child": {"type": "text", "data": "OK"}, "onPressed": {}}],
    }
    viewer.page.evaluate("widget => void view.push(widget, { kind: 'dialog' })", dialog)
    viewer.page.wait_for_timeout(300)

    found = viewer.page.get_by_role("alertdialog").bounding_box()
    assert found
    assert (found["x"], found["width"]) == (60, 280)
    assert abs(found["y"] + found["height"] / 2 - 400) <= 1
    # What is inert is never hit, wherever it lies.
    viewer.page.evaluate("for (const page of document.querySelectorAll('.mp-page')) page.inert = false")
    above = "([x, y]) => Boolean(document.elementFromPoint(x, y).closest('.mp-page-dialog'))"
    assert all(viewer.page.evaluate(above, point) for point in ([200, 20], [200, 780], [200, 400]))


def test_a_tap_in_a_dialog_leaves_it_open_and_one_beside_it_does_not(viewer: Viewer) -> None:
    viewer.show(made("feedback"))
    viewer.page.get_by_role("button", name="Dialog").click()
    viewer.page.wait_for_timeout(300)

    viewer.page.get_by_text("Discard draft?").click()
    expect(viewer.page.get_by_role("alertdialog")).to_be_visible()
    viewer.page.mouse.click(20, 20)

    expect(viewer.page.get_by_role("alertdialog")).to_have_count(0)


def test_a_dialog_without_a_button_closes_by_escape(viewer: Viewer) -> None:
    viewer.show(made("feedback"))
    dialog = {"type": "alertDialog", "content": {"type": "text", "data": "Nothing to press"}}
    viewer.page.evaluate("widget => void view.push(widget, { kind: 'dialog' })", dialog)
    expect(viewer.page.get_by_role("alertdialog")).to_be_visible()

    viewer.page.keyboard.press("Escape")

    expect(viewer.page.get_by_role("alertdialog")).to_have_count(0)


def test_what_scrolls_under_an_app_bar_tints_it(viewer: Viewer) -> None:
    viewer.show(made("inputs"))
    tint = "() => getComputedStyle(document.querySelector('header')).backgroundImage !== 'none'"
    assert not viewer.page.evaluate(tint)

    viewer.at("$.body").evaluate("element => element.scrollTo(0, 30)")
    viewer.page.wait_for_function(tint)
    viewer.at("$.body").evaluate("element => element.scrollTo(0, 0)")

    viewer.page.wait_for_function(f"!({tint})()")
