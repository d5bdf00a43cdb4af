"""A list that is pulled down is refreshed, once for each pull that was long enough."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, expect

from conformance.viewer import Viewer, open_viewer

ROWS = [
    {"type": "sizedBox", "height": 60, "child": {"type": "text", "data": f"Row {number}"}} for number in range(40)
]
WAIT = {"actionType": "delay", "milliseconds": 300}


def screen(**more: Any) -> dict[str, Any]:
    listed = {"type": "listView", "children": ROWS}
    return {"type": "scaffold", "body": {"type": "refreshIndicator", "onRefresh": WAIT, "child": listed, **more}}


@pytest.fixture(scope="module")
def viewer(chromium: Browser) -> Iterator[Viewer]:
    yield from open_viewer(chromium)


@pytest.fixture
def finger(viewer: Viewer) -> Iterator[CDPSession]:
    session = viewer.page.context.new_cdp_session(viewer.page)
    session.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    yield session
    session.detach()


def touch(finger: CDPSession, kind: str, y: float | None = None) -> None:
    points = [] if y is None else [{"x": 200, "y": y}]
    finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def pull(finger: CDPSession, length: int, *, start: int = 100) -> None:
    touch(finger, "touchStart", start)
    for step in range(1, 11):
        touch(finger, "touchMove", start + length * step / 10)
    touch(finger, "touchEnd")


def refreshes(viewer: Viewer) -> int:
    return len([each for each in viewer.events("action") if each.get("actionType", each.get("type")) == "delay"])


def test_a_long_pull_refreshes_once_and_turns_until_it_is_done(viewer: Viewer, finger: CDPSession) -> None:
    viewer.show(screen(semanticsLabel="Fetching"))

    pull(finger, 300)

    expect(viewer.page.get_by_role("status", name="Fetching")).to_be_visible()
    expect(viewer.page.get_by_role("status", name="Fetching")).to_have_count(0)
    assert refreshes(viewer) == 1


def test_a_pull_shows_how_far_it_is_and_a_short_one_does_nothing(viewer: Viewer, finger: CDPSession) -> None:
    viewer.show(screen(backgroundColor="#336699"))
    area = viewer.page.locator(".mp-pull")

    touch(finger, "touchStart", 100)
    touch(finger, "touchMove", 140)
    touch(finger, "touchMove", 160)
    expect(area).to_have_attribute("data-pulled", "")
    assert 0 < float(area.evaluate("(each) => each.style.getPropertyValue('--pull')")) < 1
    disc = area.locator("> .mp-over").evaluate("(each) => getComputedStyle(each, '::before').backgroundColor")
    assert disc == "rgb(51, 102, 153)"
    touch(finger, "touchEnd")

    expect(area).not_to_have_attribute("data-pulled", "")
    assert refreshes(viewer) == 0


def test_a_list_that_is_not_at_its_start_scrolls(viewer: Viewer, finger: CDPSession) -> None:
    viewer.show(screen())
    scroller = viewer.page.locator(".mp-pull [style*='hidden auto']").first
    scroller.evaluate("(each) => { each.scrollTop = 900; }")

    pull(finger, 200)

    assert refreshes(viewer) == 0
    assert not viewer.page.locator(".mp-pull[data-pulled]").count()


def test_without_an_action_nothing_is_pulled(viewer: Viewer, finger: CDPSession) -> None:
    viewer.show(screen(onRefresh=None))

    pull(finger, 300)

    assert refreshes(viewer) == 0
    assert viewer.warnings() == []
