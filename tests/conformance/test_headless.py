"""What `validate` says without a browser is what a browser says: both build screens by the same widgets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from conformance.viewer import Viewer, open_viewer, stored_screens
from miniprogram_web import layout_check
from miniprogram_web.layout_check import check_layout
from testbed import servers

SCREENS = stored_screens()
OF_DATA = ("miniProgramBackendBuilder", "networkWidget", "dynamicView", "dynamicDataProvider", "networkRequest")
"""Without a browser there is no data: what such widgets show then is another screen."""
LAYOUT = frozenset({"overflow", "unbounded_flex", "unbounded_viewport", "infinite_size", "negative_padding"})
LEAST_PIXELS = 4
"""Letters are a little wider or narrower where nobody draws them."""


SMALL = (200, 320)
"""A window in which hardly anything fits, so that there is something to complain about."""


@pytest.fixture(scope="module")
def viewer(chromium: Browser) -> Iterator[Viewer]:
    for viewer in open_viewer(chromium):
        viewer.page.set_viewport_size({"width": SMALL[0], "height": SMALL[1]})
        yield viewer


@pytest.fixture(scope="module")
def without_browser() -> dict[str, set[tuple[str, str]]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layout_check, "find_node", lambda: Path(servers.node()))
        found = check_layout(SCREENS, SMALL)
    told: dict[str, set[tuple[str, str]]] = {name: set() for name in SCREENS}
    for each in found:
        if each.code in LAYOUT:
            told[each.screen].add((each.code, each.path))
    return told


def compared() -> list[str]:
    return [name for name, screen in SCREENS.items() if not any(each in str(screen) for each in OF_DATA)]


@pytest.mark.parametrize("name", compared())
def test_both_complain_about_the_same(
    viewer: Viewer, without_browser: dict[str, set[tuple[str, str]]], name: str
) -> None:
    viewer.show(SCREENS[name])

    told = [each for each in viewer.warnings(*LAYOUT) if each.get("pixels", LEAST_PIXELS) >= LEAST_PIXELS]
    assert {(each["code"], each["path"]) for each in told} == without_browser[name]


def test_there_is_something_to_complain_about(without_browser: dict[str, set[tuple[str, str]]]) -> None:
    assert sum(bool(without_browser[name]) for name in compared()) >= 5
