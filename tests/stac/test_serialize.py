# ruff: noqa: E501 - a row of a table is one line
from __future__ import annotations

import json
import math
from typing import Any

import pytest

from miniprogram.errors import ProjectError
from miniprogram.stac import actions, ui, values
from miniprogram.stac.node import Node
from miniprogram.stac.serialize import to_screen_json, to_stac


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (ui.sized_box(height=24), '{"height": 24.0, "type": "sizedBox"}'),
        (ui.sized_box(width=math.inf), '{"width": 1.7976931348623157e+308, "type": "sizedBox"}'),
        (ui.sized_box(height=0), '{"height": 0.0, "type": "sizedBox"}'),
        (ui.text("x", max_lines=2), '{"data": "x", "maxLines": 2, "type": "text"}'),
        (ui.text("x", style="bodyMedium"), '{"data": "x", "style": {"type": "theme", "textTheme": "bodyMedium"}, "type": "text"}'),
        (ui.text("x", style=values.text_style()), '{"data": "x", "style": {"type": "custom"}, "type": "text"}'),
        (ui.column([]), '{"type": "column"}'),
        (ui.column((ui.spacer(),)), '{"children": [{"type": "spacer"}], "type": "column"}'),
        (ui.container(padding=8), '{"padding": {"left": 8.0, "top": 8.0, "right": 8.0, "bottom": 8.0}, "type": "container"}'),
        (ui.container(padding=values.edge_insets(left=1)), '{"padding": {"left": 1.0}, "type": "container"}'),
        (ui.container(padding=values.edge_insets(4, top=1)), '{"padding": {"left": 4.0, "top": 1.0, "right": 4.0, "bottom": 4.0}, "type": "container"}'),
        (ui.container(decoration=values.box_decoration()), '{"type": "container"}'),
        (
            ui.clip_rrect(border_radius=values.border_radius(top_left=2)),
            '{"borderRadius": {"topLeft": 2.0}, "type": "clipRRect"}',
        ),
        (ui.sized_box(height=values.binding("item.h")), '{"height": "{{item.h}}", "type": "sizedBox"}'),
        (ui.raw({"type": "text", "data": "x", "style": {}}), '{"type": "text", "data": "x"}'),
        (ui.table([], column_widths={0: values.table_column_width(value=1)}), '{"columnWidths": {"0": {"value": 1.0}}, "type": "table"}'),
        (ui.set_value({"a": 1}), '{"values": [{"key": "a", "value": 1}], "type": "setValue"}'),
        (ui.card(shape=values.circle_border()), '{"shape": {"type": "circleBorder"}, "type": "card"}'),
        (actions.none(), '{"actionType": "none"}'),
        (actions.network_request("x", body={"n": 1}), '{"url": "x", "body": {"n": 1}, "actionType": "networkRequest"}'),
        (actions.pop_screen(), '{"actionType": "miniProgramNavigation", "action": "popMiniProgramScreen"}'),
        (actions.backend_query("a", "b"), '{"actionType": "miniProgramBackendQuery", "requestId": "a", "endpoint": "b", "method": "GET"}'),
        (
            ui.dynamic_view(actions.network_request("u"), template=ui.with_item_template(ui.list_view(), ui.spacer())),
            '{"request": {"url": "u", "actionType": "networkRequest"}, "template": {"itemTemplate": {"type": "spacer"}, "type": "listView"}, "type": "dynamicView"}',
        ),
    ],
)  # fmt: skip
def test_nodes_come_out_as_dart_writes_them(node: Node, expected: str) -> None:
    plain = to_stac(node)

    assert json.dumps(plain) == expected
    assert json.loads(to_screen_json(node)) == plain


def test_files_are_indented_by_two_without_a_last_newline() -> None:
    node = ui.column([ui.text("ä“\n")])

    assert (
        to_screen_json(node)
        == (
            '{\n  "children": [\n    {\n      "data": "ä“\\n",\n      "type": "text"\n    }\n  ],\n  "type": "column"\n}'
        ).encode()
    )


def test_plain_json_keeps_what_nodes_would_drop() -> None:
    assert to_screen_json({"onPressed": {}, "a": [], "b": None, "c": [None]}) == (
        b'{\n  "onPressed": {},\n  "a": [],\n  "b": null,\n  "c": [\n    null\n  ]\n}'
    )


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (24.0, "24.0"),
        (0.1, "0.1"),
        (1e16, "10000000000000000.0"),
        (1.2345678901234567e20, "123456789012345670000.0"),
        (1e21, "1e+21"),
        (0.00001, "0.00001"),
        (0.000001, "0.000001"),
        (1e-7, "1e-7"),
        (-0.0, "-0.0"),
        (5, "5"),
        (10**30, str(10**30)),
        (True, "true"),
    ],
)
def test_numbers_are_printed_as_dart_prints_them(number: Any, text: str) -> None:
    assert to_screen_json({"n": number}).decode() == f'{{\n  "n": {text}\n}}'


def test_half_a_character_is_written_escaped() -> None:
    assert to_screen_json(ui.text("\ud800")).splitlines()[1] == b'  "data": "\\ud800",'


@pytest.mark.parametrize(
    ("node", "place"),
    [
        (ui.raw({"type": "x", "a": [print]}), "$.a[0]"),
        (ui.raw({"type": "x", "a": math.nan}), "$.a"),
        (ui.raw({"type": "x", "a": {1: 2}}), "$.a"),
    ],
    ids=["function", "nan", "key"],
)
def test_what_json_cannot_hold_is_named_by_place(node: Node, place: str) -> None:
    with pytest.raises(ProjectError, match=r"JSON|texts") as failure:
        to_stac(node)

    assert str(failure.value).startswith(f"{place}:")


def test_a_node_inside_itself_is_refused() -> None:
    node = ui.center()
    node.members["child"] = node

    with pytest.raises(ProjectError, match="contain itself"):
        to_stac(node)
