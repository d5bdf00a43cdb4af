"""What Flutter refuses to lay out: room without end, and numbers that are too small or too large."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from miniprogram.stac import actions, ui, values
from miniprogram.stac.catalog import load_catalog
from miniprogram.stac.checker import check_screen
from miniprogram.stac.checks.bounds import BOUND, bounds_inside, check_bounds
from miniprogram.stac.checks.grammar import GRAMMAR
from miniprogram.stac.checks.placement import check_placement, stands_anywhere
from miniprogram.stac.checks.run import Run
from miniprogram.stac.checks.scope import Scope
from miniprogram.stac.node import Widget
from miniprogram.stac.serialize import to_stac

TEXT = ui.text("a")
LIST = ui.list_view([TEXT])
FAILS: dict[str, Widget] = {
    "list in a column": ui.column([LIST]),
    "list in a column, deeper": ui.column([ui.center(ui.padding(LIST, padding=8))]),
    "list in a component's column in a scaffold": ui.scaffold(body=ui.column([ui.card(LIST)])),
    "grid in a column": ui.column([ui.grid_view([TEXT], cross_axis_count=2)]),
    "slivers in a column": ui.column([ui.custom_scroll_view(slivers=[ui.sliver_to_box_adapter(TEXT)])]),
    "pages in a column": ui.column([ui.page_view([TEXT])]),
    "list in a list": ui.list_view([LIST]),
    "list in a scroll view": ui.single_child_scroll_view(LIST),
    "list in a sliver": ui.custom_scroll_view(slivers=[ui.sliver_to_box_adapter(LIST)]),
    "list in a wrap": ui.wrap([LIST]),
    "list in a row": ui.row([LIST]),
    "list along a row": ui.row([ui.list_view([TEXT], scroll_direction="horizontal")]),
    "list in a column of answers": ui.backend_builder("a", "b", item_template=LIST),
    "field in a row": ui.row([ui.text_field()]),
    "tile in a row": ui.row([ui.list_tile(title=TEXT)]),
    "expanded in a scroll view": ui.single_child_scroll_view(ui.column([ui.expanded(TEXT)])),
    "spacer in a column in a column": ui.column([ui.column([TEXT, ui.spacer()])]),
    "expanded in a row in a row": ui.row([ui.row([ui.expanded(TEXT)])]),
    "stretched row in a column": ui.column([ui.row([TEXT], cross_axis_alignment="stretch")]),
    "endless box in a row": ui.row([ui.sized_box(width=math.inf)]),
}
WORKS: dict[str, Widget] = {
    "list": LIST,
    "list in a scaffold": ui.scaffold(body=LIST),
    "list in an expanded": ui.column([TEXT, ui.expanded(LIST)]),
    "list in an expanded, deeper": ui.column([ui.expanded(ui.padding(ui.center(LIST), padding=8))]),
    "list in a box with a height": ui.column([ui.sized_box(LIST, height=200)]),
    "list in a container with a height": ui.column([ui.container(child=LIST, height=200)]),
    "list in a container with a largest height": ui.column(
        [ui.container(child=LIST, constraints=values.box_constraints(max_height=200))]
    ),
    "list that shrinks": ui.column([ui.list_view([TEXT], shrink_wrap=True)]),
    "list along a column": ui.column(
        [ui.sized_box(ui.list_view([TEXT], scroll_direction="horizontal"), height=9)]
    ),
    "list in a page": ui.column([ui.expanded(ui.page_view([LIST]))]),
    "list in a sheet": ui.column([ui.text_button(TEXT, on_pressed=actions.show_modal_bottom_sheet(widget=LIST))]),
    "list in the rest": ui.custom_scroll_view(slivers=[ui.sliver_fill_remaining(LIST)]),
    "scroll view in a column": ui.column([ui.single_child_scroll_view(TEXT)]),
    "expanded in a row in a scroll view": ui.single_child_scroll_view(ui.row([ui.expanded(TEXT)])),
    "expanded in a row in a column": ui.column([ui.row([ui.expanded(ui.text_field())])]),
    "field in a column": ui.column([ui.text_field()]),
    "tile in a list": ui.list_view([ui.list_tile(title=TEXT)]),
    "stretched column in a scroll view": ui.single_child_scroll_view(
        ui.column([TEXT], cross_axis_alignment="stretch")
    ),
    "wide button in a column": ui.column([ui.sized_box(TEXT, width=math.inf)]),
    "column with a height in a column": ui.column([ui.sized_box(ui.column([ui.spacer()]), height=100)]),
    "height that is bound": ui.backend_builder(
        "a", "b", item_template=ui.sized_box(LIST, height=values.binding("item.height"))
    ),
}


def _codes(widget: Widget) -> list[str]:
    return [f"{one.severity} {one.code}" for one in check_screen(to_stac(widget), screens=[], assets=[])]


@pytest.mark.parametrize("widget", FAILS.values(), ids=FAILS)
def test_room_without_end_is_found(widget: Widget) -> None:
    assert _codes(widget) == ["error unbounded"]


@pytest.mark.parametrize("widget", WORKS.values(), ids=WORKS)
def test_room_with_an_end_is_fine(widget: Widget) -> None:
    assert _codes(widget) == []


@pytest.mark.parametrize(
    ("make", "right", "wrong"),
    [
        (lambda n: ui.sized_box(width=n), (0, 5), (-5,)),
        (lambda n: ui.padding(TEXT, padding=n), (0, 8), (-3,)),
        (lambda n: ui.padding(TEXT, padding=values.edge_insets(left=n)), (0, 8), (-3,)),
        (lambda n: ui.container(margin=values.symmetric_insets(vertical=n)), (0, 8), (-3,)),
        (lambda n: ui.opacity(TEXT, opacity=n), (0, 0.5, 1), (-0.1, 5)),
        (lambda n: ui.card(TEXT, elevation=n), (0, 2), (-1,)),
        (lambda n: ui.text("a", max_lines=n), (1, 3), (0, -1)),
        (lambda n: ui.text("a", style=values.text_style(font_size=n)), (0, 12), (-12,)),
        (lambda n: ui.grid_view([TEXT], cross_axis_count=n), (1, 2), (0, -2)),
        (lambda n: ui.aspect_ratio(TEXT, aspect_ratio=n), (0.5, 2), (0, -1)),
        (lambda n: ui.icon("home", size=n), (0, 24), (-24,)),
        (lambda n: ui.circle_avatar(radius=n), (0, 24), (-24,)),
        (lambda n: ui.text_button(TEXT, on_pressed=actions.delay(milliseconds=n)), (0, 10), (-10,)),
        (lambda n: ui.slider(value=n, min=1, max=5), (1, 3, 5), (0, 6)),
        (lambda n: ui.text_field(min_lines=2, max_lines=n), (2, 4), (1,)),
        (lambda n: ui.stack([ui.positioned(TEXT, left=n)]), (0, -8), ()),
        (lambda n: ui.text("a", style=values.text_style(letter_spacing=n)), (0, -1), ()),
    ],
    ids=[
        *("size", "padding", "one side", "margin", "opacity", "elevation", "lines", "font", "columns", "ratio"),
        *("icon", "radius", "time", "slider", "fewer lines", "position", "spacing"),
    ],
)
def test_numbers_that_flutter_refuses_are_found(
    make: Callable[[float], Widget], right: tuple[float, ...], wrong: tuple[float, ...]
) -> None:
    assert [_codes(make(number)) for number in right] == [[]] * len(right)
    assert [set(_codes(make(number))) for number in wrong] == [{"error out_of_range"}] * len(wrong)


_PLACES = [
    Scope(),
    Scope().inside_flex("vertical"),
    Scope().inside_flex("vertical").inside_flex("vertical"),
    Scope().inside_flex("vertical").inside_flex("horizontal"),
]


@pytest.mark.parametrize("scope", _PLACES, ids=["page", "column", "column in column", "row in column"])
def test_of_widgets_that_are_passed_over_nothing_would_be_said(scope: Scope) -> None:
    said = {"crossAxisAlignment": "stretch", "scrollDirection": "horizontal", "shrinkWrap": False, "flex": 1}
    run = Run(GRAMMAR, (), (), None)

    for name in set(load_catalog().widget_names) - BOUND:
        check_bounds(run, name, said, None, scope)
        assert bounds_inside(name, said, scope) is scope, name
    assert run.findings == []


def test_widgets_that_stand_anywhere_are_misplaced_among_slivers_only() -> None:
    run = Run(GRAMMAR, (), (), None)

    for name in filter(stands_anywhere, load_catalog().widget_names):
        for holder in ("screen", "box", "flex", "stack", "table"):
            check_placement(run, name, None, Scope(holder))
    assert run.findings == []
