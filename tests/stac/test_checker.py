"""What the checker says about Stac's own nodes and values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from miniprogram.stac.checker import MAX_DEPTH, check_theme
from miniprogram.stac.checks.run import MAX_FINDINGS
from miniprogram.stac.findings import Finding

Check = Callable[..., list[Finding]]

TEXT = {"type": "text", "data": "x"}


def _column(*children: Any) -> dict[str, Any]:
    return {"type": "column", "children": list(children)}


def _button(action: Any) -> dict[str, Any]:
    return {"type": "filledButton", "child": TEXT, "onPressed": action}


@pytest.mark.parametrize(
    ("node", "severity", "code", "path", "hint"),
    [
        ({"type": "txt", "data": "x"}, "error", "unknown_widget", "$.type", 'did you mean "text"?'),
        ({"type": "sizedbox"}, "error", "unknown_widget", "$.type", 'did you mean "sizedBox"?'),
        ({"type": "scrollView"}, "error", "unknown_widget", "$.type", 'write "singleChildScrollView"'),
        ({"data": "x"}, "error", "missing_type", "$", None),
        (_column({"actionType": "none"}), "error", "missing_type", "$.children[0]", None),
        (_column({}), "warning", "empty_widget", "$.children[0]", "leave the key out"),
        (_column("x"), "error", "bad_type", "$.children[0]", None),
        (_column(None), "error", "bad_type", "$.children[0]", None),
        ({"type": "column", "children": TEXT}, "error", "bad_type", "$.children", None),
        ({"type": "text"}, "error", "missing_property", "$", None),
        ({"type": "text", "text": "x"}, "error", "missing_property", "$", 'rename "text" to "data"'),
        ({"type": "text", "data": 3}, "error", "bad_type", "$.data", 'write "3"'),
        ({**TEXT, "maxLines": "2"}, "error", "bad_type", "$.maxLines", "write the number without quotes"),
        ({**TEXT, "maxLines": 1.5}, "warning", "fraction_ignored", "$.maxLines", None),
        ({**TEXT, "softWrap": "True"}, "error", "bad_type", "$.softWrap", "write true without quotes"),
        ({**TEXT, "textAlign": "centre"}, "error", "bad_enum", "$.textAlign", 'did you mean "center"?'),
        ({**TEXT, "align": "center"}, "warning", "legacy_name", "$.align", 'write "textAlign"'),
        ({**TEXT, "maxline": 1}, "warning", "unknown_property", "$.maxline", 'did you mean "maxLines"?'),
        ({**TEXT, "props": {}}, "warning", "legacy_name", "$.props", None),
        ({**TEXT, "style": "bodyMedum"}, "error", "bad_enum", "$.style", 'did you mean "bodyMedium"?'),
        ({**TEXT, "style": {"fontWeight": 600}}, "error", "bad_type", "$.style.fontWeight", 'write "w600"'),
        ({**TEXT, "style": {"type": "theme"}}, "error", "missing_property", "$.style", None),
        ({**TEXT, "style": {"color": "FF0000"}}, "warning", "unknown_color", "$.style.color", 'write "#FF0000"'),
        ({**TEXT, "style": {"color": "prmary"}}, "warning", "unknown_color", "$.style.color", None),
        ({**TEXT, "style": {"color": 255}}, "error", "bad_type", "$.style.color", None),
        ({"type": "sizedBox", "width": "wide"}, "error", "bad_type", "$.width", None),
        ({"type": "padding", "padding": {"all": 8}}, "warning", "silently_zero", "$.padding", None),
        ({"type": "padding", "padding": [1, 2]}, "error", "bad_type", "$.padding", None),
        ({"type": "padding", "padding": [1, 2, 3, "4"]}, "error", "bad_type", "$.padding[3]", None),
        ({"type": "padding", "padding": "8"}, "error", "bad_type", "$.padding", None),
        ({"type": "clipRRect", "borderRadius": {"all": 8}}, "warning", "silently_zero", "$.borderRadius", None),
        ({"type": "gridView", "children": []}, "error", "missing_property", "$", None),
        ({"type": "icon", "icon": "hom"}, "warning", "unknown_icon", "$.icon", 'did you mean "home"?'),
        ({"type": "icon", "iconData": "home"}, "error", "missing_property", "$", 'rename "iconData" to "icon"'),
        ({"type": "container", "color": "red", "decoration": {}}, "error", "color_and_decoration", "$", None),
        ({"type": "image", "src": "logo.pgn"}, "error", "missing_asset", "$.src", 'did you mean "logo.png"?'),
        ({"type": "image", "src": "../logo.png"}, "error", "missing_asset", "$.src", None),
        ({"type": "image", "src": "x.png", "imageType": "asset"}, "warning", "missing_asset", "$.src", None),
        (
            {"type": "circleAvatar", "backgroundImage": "logo.png"},
            "warning",
            "local_image_not_delivered",
            "$.backgroundImage",
            None,
        ),
        ({"type": "navigationView", "children": []}, "warning", "newer_than_hosts", "$", None),
        ({"type": "webView", "url": "https://example.org"}, "warning", "newer_than_hosts", "$", None),
        ({"type": "listView", "itemTemplate": TEXT}, "warning", "legacy_name", "$.itemTemplate", None),
        (_button({"actionType": "navgate"}), "error", "unknown_action", "$.onPressed.actionType", None),
        (_button({"type": "text"}), "error", "missing_type", "$.onPressed", None),
        (_button("home"), "error", "bad_type", "$.onPressed", None),
        (_button({"actionType": "navigate"}), "error", "no_destination", "$.onPressed", None),
        (_button({"actionType": "showDialog"}), "error", "nothing_to_show", "$.onPressed", None),
        (_button({"actionType": "validateForm"}), "warning", "outside_form", "$.onPressed", None),
        (
            _button({"actionType": "navigate", "routeName": "detials"}),
            "warning",
            "dangling_screen",
            "$.onPressed.routeName",
            'did you mean "details"?',
        ),
        (_button({"actionType": "navigate", "routeName": "home"}), "warning", "cloud_screen", None, None),
        (
            _button({"actionType": "networkRequest", "url": "x", "method": "GET"}),
            "error",
            "bad_enum",
            "$.onPressed.method",
            'did you mean "get"?',
        ),
        (
            _button({"actionType": "networkRequest", "url": "x", "body": {"a": {"actionType": "getFormVale"}}}),
            "error",
            "unknown_action",
            "$.onPressed.body.a.actionType",
            'did you mean "getFormValue"?',
        ),
        (
            {"type": "conditional", "condition": "('a')", "ifTrue": TEXT},
            "warning",
            "condition_not_understood",
            None,
            None,
        ),
        ({"root": {"type": "x", "props": {}, "children": []}}, "error", "other_engine", "$", None),
        ([TEXT], "error", "not_a_screen", "$", None),
        ("text", "error", "not_a_screen", "$", None),
        (None, "error", "not_a_screen", "$", None),
    ],
)
def test_finds_one_thing(
    check: Check, node: Any, severity: str, code: str, path: str | None, hint: str | None
) -> None:
    found = check(node)

    assert [(one.severity, one.code) for one in found if one.code == code] == [(severity, code)]
    (finding,) = (one for one in found if one.code == code)
    assert path in (None, finding.path)
    assert hint in (None, finding.suggestion)
    assert [one for one in found if one.is_error and one.code != code] == []


@pytest.mark.parametrize(
    "node",
    [
        {"type": "text", "data": "{{name}}", "style": None},
        {"type": "text", "data": "x", "style": "bodyMedium"},
        {"type": "text", "data": "x", "style": {"type": "theme", "textTheme": "bodyMedium"}},
        {"type": "text", "data": "x", "_comment": "for us", "//": "too"},
        {"type": "text", "data": "x", "style": {"color": "#80FF0000", "fontSize": "20"}},
        {"type": "text", "data": "x", "style": {"color": "primary@50"}},
        {"type": "text", "data": "x", "textAlign": "{{side}}"},
        {"type": "sizedBox", "width": "{{width}}", "height": "infinity"},
        {"type": "sizedBox", "width": 1.7976931348623157e308},
        {"type": "container", "padding": 8, "margin": [0, 1, 2, 3.5]},
        {"type": "container", "padding": {"left": "8", "top": None}},
        {"type": "card", "shape": {"type": "roundedRectangle", "borderRadius": 4}},
        {"type": "stack", "alignment": "topStart"},
        {"type": "stack", "alignment": "topLeft"},
        {"type": "image", "src": "assets/logo.png"},
        {"type": "image", "src": "logo.png"},
        {"type": "image", "src": "https://example.org/x.png"},
        {"type": "image", "src": "{{url}}"},
        {"type": "table", "children": [{"type": "tableRow", "children": [{"type": "tableCell", "child": TEXT}]}]},
        {"type": "table", "children": [], "columnWidths": {"0": {"type": "flexColumnWidth", "value": 1}}},
        _button({}),
        _button({"actionType": "navigate", "navigationStyle": "pop"}),
        _button({"actionType": "navigate", "navigationStyle": "pushNamed", "routeName": "host_page"}),
        {"type": "form", "child": _button({"actionType": "validateForm", "isValid": {}})},
    ],
)
def test_is_as_forgiving_as_the_runtime(check: Check, node: Any) -> None:
    assert check(node) == []


@pytest.mark.parametrize(
    ("node", "code"),
    [
        (
            {"type": "card", "shape": {"borderType": "roundedRectangleBorder", "data": {"borderRadius": 4}}},
            "old_spelling",
        ),
        ({"type": "text", "data": "x", "children": [{"data": "y"}]}, "old_spelling"),
        ({"type": "switch", "activeColor": "red"}, "old_spelling"),
        ({"type": "text", "data": "x", "style": {"styleFromTheme": "bodyMedium"}}, "old_spelling"),
    ],
)
def test_the_old_dialect_passes_with_a_warning(check: Check, node: Any, code: str) -> None:
    assert [(one.severity, one.code) for one in check(node)] == [("warning", code)]


@pytest.mark.parametrize(
    ("child", "message"),
    [
        ({"type": "expanded", "child": TEXT}, "directly in a row or column"),
        ({"type": "spacer"}, "directly in a row or column"),
        ({"type": "positioned", "child": TEXT}, "directly in a stack"),
        ({"type": "tableCell", "child": TEXT}, "directly in a table row"),
        ({"type": "sliverList", "children": []}, 'slivers of a "customScrollView"'),
        ({"type": "tabBar", "tabs": []}, "defaultTabController"),
    ],
    ids=lambda value: value["type"] if isinstance(value, dict) else "",
)
def test_widgets_that_cannot_stand_here(check: Check, child: dict[str, Any], message: str) -> None:
    (finding,) = check({"type": "center", "child": child})

    assert (finding.severity, finding.code, finding.path) == ("error", "misplaced", "$.child")
    assert message in finding.message


@pytest.mark.parametrize(
    "node",
    [
        _column({"type": "expanded", "child": TEXT}, {"type": "spacer"}),
        _column({"type": "conditional", "condition": "true", "ifTrue": {"type": "expanded", "child": TEXT}}),
        {"type": "stack", "children": [{"type": "positioned", "child": TEXT}]},
        {
            "type": "customScrollView",
            "slivers": [
                {"type": "sliverAppBar"},
                {"type": "sliverPadding", "padding": 8, "sliver": {"type": "sliverList", "children": [TEXT]}},
                {"type": "sliverToBoxAdapter", "child": TEXT},
            ],
        },
        {"type": "radioGroup", "groupValue": 1, "child": {"type": "radio", "value": 1}},
    ],
    ids=["flex", "through a conditional", "stack", "slivers", "radio"],
)
def test_widgets_that_stand_well(check: Check, node: Any) -> None:
    assert check(node) == []


def test_only_slivers_stand_among_slivers(check: Check) -> None:
    (finding,) = check({"type": "customScrollView", "slivers": [TEXT]})

    assert (finding.code, finding.suggestion) == ("misplaced", 'wrap it in a "sliverToBoxAdapter"')


def test_a_dialog_is_not_inside_the_form_that_opens_it(check: Check) -> None:
    dialog = {"actionType": "showDialog", "widget": _button({"actionType": "validateForm"})}

    assert [one.code for one in check({"type": "form", "child": _button(dialog)})] == ["outside_form"]


def test_tabs_are_counted_by_their_own_controller(check: Check) -> None:
    bar = {"type": "tabBar", "tabs": [{"type": "tab", "text": "A"}, {"type": "tab", "text": "B"}]}
    inner = {"type": "defaultTabController", "length": 2, "child": bar}

    found = check({"type": "defaultTabController", "length": 3, "child": _column(bar, inner)})

    assert [(one.code, one.path) for one in found] == [("tab_count", "$.child.children[0].tabs")]


def test_a_dynamic_view_repeats_its_item_template(check: Check) -> None:
    item = {"type": "listTile", "title": {"type": "text", "data": "{{item.name}}"}, "dens": True}
    template = {"type": "listView", "itemTemplate": item}

    found = check({"type": "dynamicView", "request": {"url": "https://example.org"}, "template": template})

    assert [one.path for one in found] == ["$.template.itemTemplate.dens"]


def test_an_item_template_stands_where_it_is_appended(check: Check) -> None:
    template = {"type": "column", "itemTemplate": {"type": "expanded", "child": TEXT}}

    assert check({"type": "dynamicView", "request": {"url": "https://example.org"}, "template": template}) == []


def test_a_theme_is_checked_as_a_theme(check: Check) -> None:
    theme = {"brightness": "light", "colorScheme": {"primary": "#123456"}, "cardTheme": {"elevation": "4"}}

    found = check(theme)

    assert found == check_theme(theme)
    assert {one.path for one in found} == {"$.colorScheme", "$.cardTheme.elevation"}


def test_a_theme_must_be_an_object() -> None:
    assert [one.code for one in check_theme([])] == ["not_a_theme"]


def test_an_undeclared_capability_is_a_warning(check: Check) -> None:
    track = _button({"actionType": "hostAction", "action": "trackEvent", "payload": {"name": "x"}})

    assert check(track, capabilities=["analytics"]) == []
    assert check(track, capabilities=None) == []
    (finding,) = check(track, capabilities=["auth"])
    assert (finding.severity, finding.code) == ("warning", "undeclared_capability")


def test_a_deep_document_is_one_finding(check: Check) -> None:
    node: dict[str, Any] = TEXT
    for _ in range(5_000):
        node = {"type": "center", "child": node}

    assert [one.code for one in check(node)] == ["too_deep"]


def test_the_deepest_document_allowed_is_checked(check: Check) -> None:
    node: dict[str, Any] = TEXT
    for _ in range(MAX_DEPTH - 2):
        node = {"type": "center", "child": node}

    assert check(node) == []


def test_findings_are_bounded(check: Check) -> None:
    found = check(_column(*({"type": "txt"} for _ in range(5_000))))

    assert len(found) == MAX_FINDINGS + 1
    assert found[-1].code == "too_many_findings"


def test_odd_keys_are_named_in_one_piece(check: Check) -> None:
    (finding,) = check({**TEXT, 'a "b".c': 1})

    assert finding.path == '$["a \\"b\\".c"]'


def test_a_finding_reads_as_one_line(check: Check) -> None:
    (finding,) = check({"type": "txt\n"})

    assert str(finding) == (
        '[error] unknown_widget $.type: there is no widget "txt\\n": nothing is shown (did you mean "text"?)'
    )
