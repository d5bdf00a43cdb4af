"""What the runtime paints stands in a real browser where Flutter has it."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

import pytest
from playwright.sync_api import Page

from conformance.agreement import LAYOUT, families, in_view, known_differences

PIXELS = 0.2
"""Browsers round to a 64th of a pixel at every level."""
TEXT_PIXELS = 1.0
"""Flutter's Roboto is an older version than the shipped one: a letter differs by a thousandth of its size."""
KNOWN = known_differences()["layout"] | known_differences()["painted"]


def has_text(node: object) -> bool:
    if isinstance(node, dict):
        return node.get("type") == "text" or any(has_text(each) for each in node.values())
    return isinstance(node, list) and any(has_text(each) for each in node)


def cases_in(family: str) -> dict[str, dict[str, Any]]:
    cases: dict[str, dict[str, Any]] = json.loads((LAYOUT / f"{family}.json").read_text("utf-8"))["cases"]
    return cases


def draw(page: Page, case: Mapping[str, Any]) -> dict[str, list[float]]:
    found: dict[str, Any] = page.evaluate(
        "([tree, direction]) => draw(tree, direction)", [case["tree"], case.get("textDirection", "ltr")]
    )
    return dict(found["boxes"])


def misplaced(page: Page, case: Mapping[str, Any]) -> list[str]:
    got, pixels = draw(page, case), TEXT_PIXELS if has_text(case["tree"]) else PIXELS
    return [
        f"{path}: Flutter {box}, painted {got.get(path)}"
        for path, box in in_view(case["tree"], case["expected"]["boxes"]).items()
        if path not in got or any(abs(a - b) > pixels for a, b in zip(box, got[path], strict=True))
    ]


@pytest.mark.parametrize("family", families())
def test_elements_stand_where_flutter_has_boxes(family: str, painter: Page) -> None:
    wrong = {
        name: misplaced(painter, case)
        for name, case in cases_in(family).items()
        if f"{family}/{name}" not in KNOWN
    }

    assert {name: found for name, found in wrong.items() if found} == {}


def test_an_ellipsis_ends_the_last_line_and_loses_no_text(painter: Page) -> None:
    text = {
        "type": "text",
        "data": "One line and another,\nand more of them",
        "maxLines": 2,
        "overflow": "ellipsis",
    }
    draw(painter, {"tree": {"type": "sizedBox", "width": 90, "child": text}})

    found = painter.locator("[data-path='$.child']")

    assert [line.inner_text() for line in found.locator("> span").all()] == [
        "One line and",
        "another, and more of them",
    ]
    assert found.locator("> span").last.evaluate("line => line.scrollWidth > line.clientWidth")
    assert found.locator("> span").last.evaluate("line => getComputedStyle(line).textOverflow") == "ellipsis"


def test_markup_in_a_text_stays_text(painter: Page) -> None:
    draw(painter, {"tree": {"type": "text", "data": "<b>5 < 6</b>", "children": [{"text": "<i>x</i>"}]}})

    assert painter.locator("[data-path='$']").inner_text() == "<b>5 < 6</b><i>x</i>"
    assert painter.locator("[data-path='$'] :is(b, i)").count() == 0


@pytest.mark.parametrize("case_id", sorted(known_differences()["painted"]))
def test_a_known_difference_in_painting_is_still_one(case_id: str, painter: Page) -> None:
    family, _, name = case_id.partition("/")

    assert misplaced(painter, cases_in(family)[name]) != [], "it agrees now: take it off the list"


@pytest.mark.parametrize("name", cases_in("painted"))
def test_what_can_be_seen_is_what_flutter_shows(name: str, painter: Page) -> None:
    """By color, in a screenshot: overlaps and clips. Browsers snap the fractional edges that Flutter blends."""
    case = cases_in("painted")[name]
    draw(painter, case)

    seen = visible(painter, dict(colors(case["tree"], "$")))

    wanted = case["expected"]["visible"]
    assert seen.keys() == wanted.keys()
    far = [
        path
        for path in wanted
        if any(abs(a - b) > 1 for a, b in zip(edges(seen[path]), edges(wanted[path]), strict=True))
    ]
    assert far == [], (seen, wanted)


def edges(box: list[int]) -> tuple[int, int, int, int]:
    x, y, width, height = box
    return x, y, x + width, y + height


def colors(node: Any, path: str) -> list[tuple[str, str]]:
    if isinstance(node, list):
        return [pair for at, each in enumerate(node) for pair in colors(each, f"{path}[{at}]")]
    if not isinstance(node, dict):
        return []
    own = [(path, node["color"])] if "color" in node else []
    return own + [pair for slot, value in node.items() for pair in colors(value, f"{path}.{slot}")]


SEE = """
async ([png, colors]) => {
  const bytes = Uint8Array.from(atob(png), (char) => char.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes]));
  const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
  canvas.drawImage(image, 0, 0);
  const { data } = canvas.getImageData(0, 0, image.width, image.height);
  const paths = new Map(Object.entries(colors).map(([path, color]) => [parseInt(color.slice(1), 16), path]));
  const found = {};
  for (let at = 0; at < data.length; at += 4) {
    const path = paths.get((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
    if (path === undefined) continue;
    const x = (at / 4) % image.width, y = Math.floor(at / 4 / image.width);
    const box = (found[path] ??= [x, y, x, y]);
    [box[0], box[2], box[3]] = [Math.min(box[0], x), Math.max(box[2], x), y];
  }
  for (const box of Object.values(found)) [box[2], box[3]] = [box[2] - box[0] + 1, box[3] - box[1] + 1];
  return found;
}
"""


def visible(page: Page, wanted: Mapping[str, str]) -> dict[str, list[int]]:
    """JSON path -> bounding box of the pixels in exactly that color."""
    png = base64.b64encode(page.screenshot()).decode("ascii")
    return dict(page.evaluate(SEE, [png, dict(wanted)]))
