"""What the theme document says about a kind of widget is how such widgets look, unless they say it themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from conformance.viewer import Viewer, open_viewer

RED, GREEN = "#FF0000", "#00FF00"
CSS = {RED: "rgb(255, 0, 0)", GREEN: "rgb(0, 255, 0)"}


@pytest.fixture(scope="module")
def viewer(chromium: Browser) -> Iterator[Viewer]:
    yield from open_viewer(chromium)


def draw(viewer: Viewer, theme: dict[str, Any] | None, node: dict[str, Any], **looks: Any) -> None:
    viewer.configure(theme=theme, brightness=looks.get("brightness", "light"))
    viewer.show({"type": "scaffold", "body": {"type": "column", "children": [node]}})


def colors(viewer: Viewer) -> set[str]:
    script = (
        "() => [...document.querySelectorAll('#root *')].map((each) => getComputedStyle(each).backgroundColor)"
    )
    return set(viewer.page.evaluate(script))


TEXT = {"type": "text", "data": "Here"}
KINDS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("cardTheme", {"color": RED}, {"type": "card", "child": TEXT}),
    (
        "filledButtonTheme",
        {"backgroundColor": RED},
        {"type": "filledButton", "child": TEXT, "onPressed": {"actionType": "none"}},
    ),
    (
        "elevatedButtonTheme",
        {"backgroundColor": RED},
        {"type": "elevatedButton", "child": TEXT, "onPressed": {"actionType": "none"}},
    ),
    ("chipTheme", {"backgroundColor": RED}, {"type": "chip", "label": TEXT}),
    ("inputDecorationTheme", {"filled": True, "fillColor": RED}, {"type": "textField"}),
    ("dividerTheme", {"color": RED, "thickness": 6}, {"type": "divider"}),
    ("listTileTheme", {"tileColor": RED}, {"type": "listTile", "title": TEXT}),
]
OWN = {
    "card": {"color": GREEN},
    "filledButton": {"style": {"backgroundColor": GREEN}},
    "elevatedButton": {"style": {"backgroundColor": GREEN}},
    "chip": {"backgroundColor": GREEN},
    "textField": {"decoration": {"fillColor": GREEN}},
    "divider": {"color": GREEN},
    "listTile": {"tileColor": GREEN},
}


@pytest.mark.parametrize(("part", "theme", "node"), KINDS, ids=[part for part, _, _ in KINDS])
def test_a_part_of_the_theme_is_seen_and_a_widgets_own_word_wins(
    viewer: Viewer, part: str, theme: dict[str, Any], node: dict[str, Any]
) -> None:
    draw(viewer, None, node)
    assert CSS[RED] not in colors(viewer)

    draw(viewer, {part: theme}, node)
    assert CSS[RED] in colors(viewer)

    draw(viewer, {part: theme}, {**node, **OWN[node["type"]]})
    assert CSS[RED] not in colors(viewer)
    assert CSS[GREEN] in colors(viewer)


def test_the_ground_of_scaffolds_and_app_bars_is_the_themes(viewer: Viewer) -> None:
    theme = {"scaffoldBackgroundColor": RED, "appBarTheme": {"backgroundColor": GREEN, "toolbarHeight": 80}}
    viewer.configure(theme=theme)
    viewer.show({"type": "scaffold", "appBar": {"type": "appBar", "title": TEXT}, "body": TEXT})

    assert {CSS[RED], CSS[GREEN]} <= colors(viewer)
    assert viewer.box("$.appBar")[3] == 80


def test_a_theme_of_the_other_brightness_says_nothing(viewer: Viewer) -> None:
    draw(viewer, {"brightness": "light", "cardTheme": {"color": RED}}, KINDS[0][2], brightness="dark")

    assert CSS[RED] not in colors(viewer)


@pytest.mark.parametrize("broken", [None, 3, "red", [], {"color": {"deep": 1}}])
def test_what_is_no_theme_breaks_nothing(viewer: Viewer, broken: object) -> None:
    draw(viewer, {"cardTheme": broken, "filledButtonTheme": broken, "inputDecorationTheme": broken}, KINDS[0][2])

    assert viewer.page.get_by_text("Here").is_visible()
    assert viewer.warnings("broken_widget") == []
