"""No stored screen keeps people out: axe-core finds nothing that WCAG 2 A or AA forbids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from conformance.viewer import Viewer, open_viewer, stored_screens
from testbed import servers

SCREENS = stored_screens()
AUDIT = """
async () => {
  const tags = { type: 'tag', values: ['wcag2a', 'wcag2aa'] };
  const { violations } = await axe.run('#root', { runOnly: tags });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => {
    const element = document.querySelector(target[0]);
    return [id, element?.closest('[data-path]')?.dataset.path ?? '', failureSummary];
  }));
}
"""
STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]")
COLORS = ("color", "backgroundColor", "foregroundColor", "tileColor", "textColor", "gradient")


@pytest.fixture(scope="module")
def viewer(chromium: Browser) -> Iterator[Viewer]:
    for viewer in open_viewer(chromium):
        viewer.page.add_script_tag(path=servers.axe_script())
        yield viewer


def chosen_by_its_author(screen: Any, path: str) -> bool:
    """Whether the node or one around it has a color of its own: what an author wrote is drawn as it is written."""
    node = screen
    for name, index in STEP.findall(path):
        if has_color(node):
            return True
        try:
            node = node[int(index)] if index else node[name]
        except (KeyError, IndexError, TypeError):
            return False
    return has_color(node)


def has_color(node: Any) -> bool:
    if not isinstance(node, dict):
        return False
    parts = [node, *(node.get(name) or {} for name in ("style", "decoration", "labelStyle", "titleTextStyle"))]
    return any(isinstance(part, dict) and any(name in part for name in COLORS) for part in parts)


@pytest.mark.parametrize("brightness", ["light", "dark"])
@pytest.mark.parametrize("name", SCREENS)
def test_a_stored_screen_keeps_nobody_out(name: str, brightness: str, viewer: Viewer) -> None:
    viewer.configure(brightness=brightness)
    viewer.show(SCREENS[name])

    found = viewer.page.evaluate(AUDIT)

    ours = [
        each for each in found if each[0] != "color-contrast" or not chosen_by_its_author(SCREENS[name], each[1])
    ]
    assert ours == []


def test_the_audit_finds_what_is_wrong(viewer: Viewer) -> None:
    """A screen with a text that nobody can read: else the test above could not fail."""
    screen = {"type": "scaffold", "body": {"type": "text", "data": "pale", "style": {"color": "#EEEEEE"}}}
    viewer.configure(brightness="light")
    viewer.show(screen)
    viewer.page.evaluate("document.querySelector('p').insertAdjacentHTML('afterend', '<button></button>')")

    assert {each[0] for each in viewer.page.evaluate(AUDIT)} == {"color-contrast", "button-name"}


@pytest.mark.parametrize(
    ("screen", "opener"), [("feedback", "Dialog"), ("feedback", "Sheet"), ("feedback", "Snack")]
)
def test_what_opens_keeps_nobody_out(screen: str, opener: str, viewer: Viewer) -> None:
    viewer.configure(brightness="light")
    viewer.show(SCREENS[f"tests/conformance/screens/{screen}.json"])
    viewer.page.get_by_role("button", name=opener).click()
    viewer.page.wait_for_timeout(400)

    assert viewer.page.evaluate(AUDIT) == []
