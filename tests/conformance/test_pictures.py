"""Material controls look as Flutter draws them: pictures of both, compared block by block."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from conformance.viewer import HERE, Viewer, open_viewer

CASES: dict[str, Any] = json.loads((HERE / "material" / "pictures.json").read_text("utf-8"))["cases"]
PICTURES = HERE / "material" / "pictures"
THEME: dict[str, Any] = json.loads(
    (HERE.parents[1] / "plugins" / "web" / "tools" / "theme.json").read_text("utf-8")
)
COMPARE = (HERE / "picture_difference.mjs").read_text("utf-8").replace("export ", "")
TOLERANCE = 24
"""Of 255: the mean of a block with a part of a letter moves that much when the letter moves half a pixel."""
MOST_PART = 0.008
"""Of the blocks: small letters of two engines are that far apart. A control a pixel elsewhere has more."""
FARTHEST = 52
ONE_WEIGHT = """
    const Face = FontFace;
    window.FontFace = class extends Face {
        constructor(family, source, more) {
            super(family, source, family === 'Roboto' ? { weight: '400' } : more);
        }
    };
"""
"""The recording client has one weight of Roboto, so the compared page has no other."""


@pytest.fixture(scope="module")
def viewer(chromium: Browser) -> Iterator[Viewer]:
    yield from open_viewer(chromium, ONE_WEIGHT)


def surface(case: dict[str, Any]) -> str:
    return str(THEME[case.get("brightness", "light")]["surface"])


def screen_of(case: dict[str, Any]) -> dict[str, Any]:
    tree, place = case["tree"], case.get("place", "body")
    if place in ("appBar", "bottomNavigationBar"):
        return {"type": "scaffold", place: tree}
    ground: dict[str, Any] = {"type": "container", "color": surface(case)}
    if place == "body":
        corner = "topRight" if case.get("textDirection") == "rtl" else "topLeft"
        return {**ground, "alignment": corner, "child": tree}
    action = tree if place in ("snackBar", "sheet") else {"actionType": "showDialog", "widget": tree}
    return {"type": "scaffold", "body": {"type": "gestureDetector", "onTap": action, "child": ground}}


def picture(viewer: Viewer, case: dict[str, Any]) -> bytes:
    width, height = case["size"]
    viewer.page.set_viewport_size({"width": width, "height": height})
    viewer.configure(brightness=case.get("brightness", "light"), direction=case.get("textDirection", "ltr"))
    viewer.show(screen_of(case))
    if case.get("place") in ("dialog", "snackBar", "sheet"):
        viewer.page.mouse.click(5, 5)
    viewer.page.mouse.move(width - 1, height - 1)  # where nothing is hovered
    viewer.page.wait_for_function("document.getAnimations().every(each => each.playState === 'finished')")
    viewer.settle()
    return viewer.page.screenshot()


def difference(viewer: Viewer, one: bytes, other: bytes) -> dict[str, float]:
    urls = [f"data:image/png;base64,{base64.b64encode(each).decode()}" for each in (one, other)]
    found: dict[str, float] = viewer.page.evaluate(
        f"async ([one, other, tolerance]) => {{ {COMPARE}; return difference(one, other, tolerance); }}",
        [*urls, TOLERANCE],
    )
    return found


@pytest.mark.parametrize("name", CASES)
def test_controls_look_as_flutter_draws_them(name: str, viewer: Viewer) -> None:
    recorded = (PICTURES / f"{name}.png").read_bytes()

    found = difference(viewer, recorded, picture(viewer, CASES[name]))

    most = CASES[name].get("most_part", {"value": MOST_PART})["value"]
    assert found["part"] <= most, found
    assert found["farthest"] <= FARTHEST, found


def test_a_control_elsewhere_is_noticed(viewer: Viewer) -> None:
    case = CASES["filledButton"]
    moved = {**case, "tree": {**case["tree"], "padding": 18}}
    recorded = (PICTURES / "filledButton.png").read_bytes()

    found = difference(viewer, recorded, picture(viewer, moved))

    assert found["part"] > MOST_PART


def test_another_color_is_noticed(viewer: Viewer) -> None:
    recorded = (PICTURES / "filledButton.png").read_bytes()

    found = difference(viewer, recorded, picture(viewer, {**CASES["filledButton"], "brightness": "dark"}))

    assert found["part"] > MOST_PART


def test_every_picture_has_a_case() -> None:
    assert sorted(CASES) == sorted(file.stem for file in PICTURES.glob("*.png"))
