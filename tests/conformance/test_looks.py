"""What a widget looks like where Flutter's answer is known and no picture holds it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from conformance.viewer import Viewer, open_viewer


@pytest.fixture(scope="module")
def viewer(chromium: Browser) -> Iterator[Viewer]:
    yield from open_viewer(chromium)


def sized(width: float, height: float, child: dict[str, Any]) -> dict[str, Any]:
    return {"type": "align", "alignment": "topStart", "child": {**box(width, height), "child": child}}


def box(width: float, height: float) -> dict[str, Any]:
    return {"type": "sizedBox", "width": width, "height": height}


@pytest.mark.parametrize(
    ("fit", "size", "drawn"),
    [
        ("fitWidth", (90, 60), "cover"),
        ("fitWidth", (60, 90), "contain"),
        ("fitHeight", (90, 60), "contain"),
        ("fitHeight", (60, 90), "cover"),
    ],
)
def test_a_picture_fits_the_side_that_is_named(
    fit: str, size: tuple[int, int], drawn: str, viewer: Viewer
) -> None:
    viewer.show(sized(*size, {"type": "image", "src": "https://x.example/square.png", "fit": fit}))
    picture = viewer.page.locator("img")
    picture.evaluate("each => each.decode()")
    viewer.settle()

    assert picture.evaluate("each => getComputedStyle(each).objectFit") == drawn


@pytest.mark.parametrize(
    ("fit", "drawn"), [({}, "auto"), ({"fit": "scaleDown"}, "auto"), ({"fit": "contain"}, "contain")]
)
def test_a_small_picture_of_a_decoration_is_not_made_larger(
    fit: dict[str, str], drawn: str, viewer: Viewer
) -> None:
    """And one that repeats is a pattern of its own size."""
    image = {"src": "https://x.example/small.png", "repeat": "repeat", **fit}
    ground = {"type": "container", "width": 100, "height": 100, "decoration": {"image": image}}
    viewer.show(sized(100, 100, ground))
    viewer.page.wait_for_function("view.pictures.get('https://x.example/small.png').natural")
    viewer.settle()

    size = viewer.at("$.child.child").evaluate("each => getComputedStyle(each).backgroundSize")

    assert size == drawn


def test_every_line_of_a_justified_text_but_the_last_is_as_wide_as_its_box(viewer: Viewer) -> None:
    first = "Every line but the last one is as wide as its box,"
    text = f"{first}\nand a break ends one as it is, however many words there are"
    viewer.show(sized(300, 200, {"type": "text", "data": text, "textAlign": "justify"}))

    width_of = (
        "line => { const range = document.createRange(); range.selectNodeContents(line);"
        " return range.getBoundingClientRect().width; }"
    )
    lines = viewer.page.locator(".mp-page-screen [data-path='$.child.child'] > span").all()
    words = [line.inner_text().strip() for line in lines]
    wide = [abs(line.evaluate(width_of) - 300) < 5 for line in lines]

    assert wide == [not each.endswith(("box,", "there are")) for each in words]
    assert wide.count(True) >= 2


@pytest.mark.parametrize(
    ("weights", "boxes"),
    [([3, 2, 1], [(0, 200), (200, 133), (333, 67)]), ([1, 3, 1], [(80, 240), (320, 80), (400, 240)])],
    ids=["falling", "the greatest in the middle"],
)
def test_a_weighted_carousel_shares_its_length(
    weights: list[int], boxes: list[tuple[int, int]], viewer: Viewer
) -> None:
    items = [{"type": "container", "color": color} for color in ("#F44336", "#2196F3", "#4CAF50")]
    carousel = {"type": "carouselView", "carouselType": "weighted", "flexWeights": weights, "padding": 0}
    viewer.show(sized(400, 100, {**carousel, "children": items}))

    found = [viewer.box(f"$.child.child.children[{at}]") for at in range(3)]

    assert [(round(x), round(width)) for x, _, width, _ in found] == boxes


def test_an_item_of_a_carousel_is_no_longer_than_the_carousel(viewer: Viewer) -> None:
    item = {"type": "container", "color": "#F44336"}
    viewer.show(
        sized(200, 100, {"type": "carouselView", "itemExtent": 330, "padding": 0, "children": [item, item]})
    )

    assert viewer.box("$.child.child.children[0]")[2] == 200


@pytest.mark.parametrize("border", [{}, {"border": {"type": "outlineInputBorder"}}], ids=["underline", "outline"])
@pytest.mark.parametrize(("filled", "color"), [(False, "rgb(121, 116, 126)"), (True, "rgb(73, 69, 79)")])
def test_the_line_of_a_field_is_told_by_its_ground_and_not_by_its_border(
    filled: bool, color: str, border: dict[str, Any], viewer: Viewer
) -> None:
    viewer.show(
        sized(300, 80, {"type": "textField", "decoration": {"hintText": "Name", "filled": filled, **border}})
    )

    line = viewer.page.locator(".mp-field-ground").evaluate("each => getComputedStyle(each).boxShadow")

    assert line.startswith(color)
