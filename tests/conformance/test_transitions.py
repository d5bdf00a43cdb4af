"""Screens come and go with a movement, unless somebody asked for less of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from conformance.viewer import Viewer, open_viewer


def page(text: str) -> dict[str, object]:
    return {"type": "scaffold", "body": {"type": "text", "data": text}}


@pytest.fixture(scope="module")
def viewer(chromium: Browser) -> Iterator[Viewer]:
    yield from open_viewer(chromium)


def movements(viewer: Viewer) -> list[str]:
    """What moves, and for longer than a blink."""
    script = "() => document.getAnimations().filter((each) => each.effect.getComputedTiming().duration > 10)"
    return list(viewer.page.evaluate(f"({script})().map((each) => each.animationName)"))


@pytest.mark.parametrize(("motion", "forward", "backward"), [("no-preference", 1, 1), ("reduce", 0, 0)])
def test_a_screen_moves_in_and_the_one_below_comes_back(
    viewer: Viewer, motion: str, forward: int, backward: int
) -> None:
    viewer.page.emulate_media(reduced_motion=motion)  # type: ignore[arg-type]
    viewer.show(page("First"), "first")
    assert movements(viewer) == []

    viewer.page.evaluate("(next) => { view.push(next, { screenId: 'second' }); }", page("Second"))
    viewer.settle()
    assert movements(viewer) == ["mp-forward"] * forward
    viewer.page.wait_for_function("() => !document.getAnimations().length")

    viewer.page.evaluate("() => { view.pop(); }")
    viewer.settle()
    assert movements(viewer) == ["mp-backward"] * backward
    viewer.page.wait_for_function("() => !document.getAnimations().length")
    assert viewer.page.get_by_text("First").is_visible()
    assert not viewer.page.get_by_text("Second").count()
