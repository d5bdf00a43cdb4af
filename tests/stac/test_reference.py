"""What authors look up: examples that build clean, and a schema that says what the checker says."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from miniprogram.packages.manifest import Capability, Manifest
from miniprogram.project.manifest.document import known_members
from miniprogram.project.reference import render as render_manifest
from miniprogram.project.schemas import schema_of
from miniprogram.stac import reference, ui, values
from miniprogram.stac.catalog import NodeType, load_catalog
from miniprogram.stac.checker import check_screen, is_theme
from miniprogram.stac.examples import example_of
from miniprogram.stac.generate import node_summaries
from miniprogram.stac.node import Widget
from miniprogram.stac.serialize import to_stac

PAGES = Path(__file__).parents[2] / "docs" / "reference"
SCREENS = Path(__file__).parent / "screens"
CATALOG = load_catalog()
NODES = [
    *(node for name in CATALOG.widget_names if (node := CATALOG.widget(name))),
    *(node for name in CATALOG.action_names if (node := CATALOG.action(name))),
]
ABOVE: dict[str, Callable[[Widget], Widget]] = {
    **dict.fromkeys(("expanded", "flexible", "spacer"), lambda it: ui.column([it])),
    **dict.fromkeys(("tabBar", "tabBarView"), lambda it: ui.default_tab_controller(length=2, child=it)),
    **dict.fromkeys(
        ("bottomNavigationBar", "bottomNavigationView"),
        lambda it: ui.default_bottom_navigation_controller(length=2, child=it),
    ),
    "positioned": lambda it: ui.stack([it]),
    "radio": lambda it: ui.radio_group(group_value="a", child=it),
    "tableCell": lambda it: ui.table([values.table_row(children=[it])]),
}
STRUCTURE = {"unknown_property", "legacy_name", "missing_property", "bad_type", "bad_enum", "silently_zero"}


@pytest.fixture(scope="module")
def screens() -> Any:
    return jsonschema_rs.validator_for(schema_of("screen"))


def _standing(node: NodeType) -> dict[str, Any]:
    """The example where such a node may stand."""
    made = reference.evaluate(example_of(node))
    raw = ui.raw(made)
    if node.kind == "action":
        button = {"type": "textButton", "child": {"type": "text", "data": "Go"}, "onPressed": made}
        return to_stac(ui.form(ui.column([ui.text_form_field(id="message"), ui.raw(button)])))
    if node.name.startswith("sliver"):
        return to_stac(ui.custom_scroll_view(slivers=[raw]))
    return to_stac(ABOVE[node.name](raw) if node.name in ABOVE else raw)


@pytest.mark.parametrize("node", NODES, ids=lambda node: f"{node.kind} {node.name}")
def test_every_example_is_what_it_says_and_builds_clean(node: NodeType, screens: Any) -> None:
    made = reference.evaluate(example_of(node))
    document = _standing(node)

    found = {one.code for one in check_screen(document, screens=["details"], assets=[])}

    assert made["type" if node.kind == "widget" else "actionType"] == node.name
    assert found <= {"newer_than_hosts", "form_value_unused"}
    assert screens.is_valid(document)


def test_the_pages_are_up_to_date() -> None:
    page = reference.render(CATALOG, node_summaries())

    assert (PAGES / reference.PAGE).read_text("utf-8") == page, "run make reference"
    assert (PAGES / "manifest.md").read_text("utf-8") == render_manifest(), "run make reference"
    assert all(f"### {node.name}\n" in page for node in NODES)


@pytest.mark.parametrize("path", sorted(SCREENS.glob("*__*.json")), ids=lambda path: path.stem.rpartition("__")[2])
def test_the_schema_takes_what_the_checker_takes(path: Path, screens: Any) -> None:
    document = json.loads(path.read_bytes())
    if is_theme(document):
        screens = jsonschema_rs.validator_for(schema_of("theme"))
    codes = {one.code for one in check_screen(document, screens=[], assets=["images/image.png"])}

    assert screens.is_valid(document) is not bool(codes & STRUCTURE)


@pytest.mark.parametrize(
    "node",
    [
        {"type": "text"},
        {"type": "text", "data": 3},
        {"type": "text", "data": "a", "maxline": 1},
        {"type": "text", "data": "a", "textAlign": "centre"},
        {"type": "column", "children": {"type": "spacer"}},
        {"type": "column", "children": [{"type": "text"}]},
        {"type": "textButton", "onPressed": {"actionType": "delay", "milliseconds": "long"}},
        {"type": "container", "decoration": {"colour": "red"}},
    ],
)
def test_the_schema_refuses_what_the_checker_refuses(node: dict[str, Any], screens: Any) -> None:
    assert check_screen(node, screens=[], assets=[])
    assert not screens.is_valid(node)


def test_comments_bindings_nulls_and_nodes_of_hosts_pass(screens: Any) -> None:
    node = {
        "$schema": "x",
        "type": "column",
        "_note": 1,
        "children": [
            {"type": "starRating", "stars": 4},
            {"type": "sizedBox", "width": None, "height": "{{item.height}}"},
        ],
    }

    assert screens.is_valid(node)


def test_the_manifests_schema_knows_the_keys_that_are_read() -> None:
    schema = schema_of("manifest")
    (policy, fallback) = (schema["properties"][name]["properties"] for name in ("cachePolicy", "fallback"))

    assert set(schema["properties"]) == {"$schema", *known_members(Manifest)}
    assert set(policy) == {"manifest", "entryScreen"}
    assert set(fallback) == {"strategy", "route", "message"}
    assert schema["properties"]["requiredCapabilities"]["items"]["enum"] == list(Capability.__args__)
    assert set(schema["required"]) == {
        field.alias for field in Manifest.model_fields.values() if field.is_required()
    }
