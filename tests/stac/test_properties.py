"""What holds for every tree: constructed screens check clean, and nothing makes the checker fall over."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from miniprogram.stac import actions, ui, values
from miniprogram.stac.catalog import load_catalog
from miniprogram.stac.checker import check_screen, check_theme
from miniprogram.stac.images import local_images
from miniprogram.stac.node import Action, Widget
from miniprogram.stac.serialize import to_screen_json, to_stac
from testbed.examples import examples

_TEXTS = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="{"), max_size=20)
_NUMBERS = st.floats(min_value=0, max_value=1e6) | st.integers(0, 10_000)
_COLORS = st.sampled_from(["#112233", "#80112233", "primary", "teal", "primary@20"])
_INSETS = _NUMBERS | st.builds(values.symmetric_insets, horizontal=_NUMBERS, vertical=_NUMBERS)
_STYLES = st.sampled_from(["bodyMedium", "titleLarge"]) | st.builds(
    values.text_style, font_size=_NUMBERS, color=_COLORS, font_weight=st.sampled_from(["w400", "bold"])
)
_ACTIONS: st.SearchStrategy[Action] = st.recursive(
    st.builds(actions.open_screen, st.sampled_from(["home", "details"]))
    | st.builds(actions.track_event, st.just("seen"), properties=st.dictionaries(_TEXTS, _TEXTS, max_size=2))
    | st.builds(actions.delay, st.integers(0, 5000))
    | st.builds(actions.show_snack_bar, st.builds(ui.text, _TEXTS))
    | st.just(actions.none()),
    lambda inner: st.builds(actions.multi_action, st.lists(inner, max_size=3), sync=st.booleans()),
    max_leaves=4,
)
_LEAVES: st.SearchStrategy[Widget] = (
    st.builds(ui.text, _TEXTS, style=_STYLES, max_lines=st.none() | st.integers(1, 9))
    | st.builds(ui.sized_box, height=_NUMBERS)
    | st.builds(ui.icon, st.just("home"), size=_NUMBERS, color=_COLORS)
    | st.builds(ui.image, st.just("assets/logo.png"), fit=st.sampled_from(["cover", "contain"]))
    | st.builds(ui.text_form_field, id=st.just("name"), max_lines=st.integers(1, 4))
)
_DECORATIONS = st.builds(values.box_decoration, color=_COLORS, border_radius=_NUMBERS)


def _around(inner: st.SearchStrategy[Widget]) -> st.SearchStrategy[Widget]:
    """Widgets that hand on the room they are given, or less."""
    return (
        st.builds(ui.container, inner, padding=_INSETS, decoration=_DECORATIONS)
        | st.builds(ui.stack, st.lists(inner | st.builds(ui.positioned, inner, left=_NUMBERS), max_size=3))
        | st.builds(ui.filled_button, inner, on_pressed=_ACTIONS)
        | st.builds(ui.scaffold, body=inner)
        | st.builds(ui.list_tile, title=inner, on_tap=_ACTIONS)
    )


def _columns(children: st.SearchStrategy[Widget]) -> st.SearchStrategy[Widget]:
    return st.builds(ui.column, st.lists(children, max_size=3), spacing=_NUMBERS)


_OF_ANY_HEIGHT: st.SearchStrategy[Widget] = st.recursive(
    _LEAVES, lambda inner: _columns(inner) | _around(inner), max_leaves=6
)
"""What can stand in a column as it is: it shares out no height, of which a column has no end."""
_WIDGETS: st.SearchStrategy[Widget] = st.recursive(
    _OF_ANY_HEIGHT,
    lambda inner: _columns(_OF_ANY_HEIGHT | st.builds(ui.expanded, inner)) | _around(inner),
    max_leaves=6,
)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=examples(60))
@given(_WIDGETS)
def test_constructed_screens_check_clean_and_survive_the_round_trip(widget: Widget) -> None:
    plain = to_stac(widget)

    assert check_screen(plain, screens=["home", "details"], assets=["logo.png"]) == []
    assert json.loads(to_screen_json(widget)) == plain
    assert to_screen_json(plain) == to_screen_json(widget)


def _properties(name: str) -> list[str]:
    node = load_catalog().widget(name)
    return [] if node is None else list(node.properties)


_KEYS = st.sampled_from(
    [one for name in ("text", "listView", "image") for one in _properties(name)]
) | st.sampled_from(
    ["type", "actionType", "child", "onPressed", "payload", "action", "values", "requestId", "endpoint", "length"]
)
_NAMES = st.sampled_from([*load_catalog().widget_names, *load_catalog().action_names])
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | _NAMES
    | st.sampled_from(["{{backend.a.b}}", "{{item}}", "{{", "}}{{"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS | st.text(max_size=4), inner, max_size=6),
    max_leaves=25,
)  # fmt: skip
_NODES = st.dictionaries(_KEYS, _JSON, max_size=8).flatmap(
    lambda members: st.builds(lambda name: {**members, "type": name}, _NAMES)
)


@settings(max_examples=examples(150))
@given(_JSON | _NODES)
def test_any_json_gives_findings_and_never_an_exception(document: Any) -> None:
    for finding in check_screen(document, screens=(), assets=(), capabilities=()) + check_theme(document):
        assert finding.path.startswith("$")
        assert "\n" not in str(finding)
    list(local_images(document))


_ODD = (
    None,
    True,
    0,
    1.5,
    "",
    "x",
    "{{item.x}}",
    [],
    [[]],
    {},
    {"type": []},
    {"type": {}, "actionType": []},
    [{}],
)


@pytest.mark.parametrize("kind", ["widget", "action"])
@pytest.mark.parametrize("odd", _ODD, ids=repr)
def test_every_property_of_every_node_takes_anything(kind: str, odd: Any) -> None:
    catalog = load_catalog()
    names = catalog.widget_names if kind == "widget" else catalog.action_names
    for name in names:
        node = catalog.widget(name) or catalog.action(name)
        assert node is not None
        inner = dict.fromkeys(node.properties, odd)
        action = {"actionType": name, **inner}
        document = {"type": name, **inner} if kind == "widget" else {"type": "inkWell", "onTap": action}
        check_screen(document, screens=(), assets=())
        for key in node.properties:
            value: Any = {"type": odd, "actionType": odd, "style": odd, "children": odd, "shape": odd}
            check_screen({"type": name, key: value}, screens=(), assets=())


def test_every_field_of_every_value_takes_anything() -> None:
    for field in load_catalog().value("theme").fields.values():  # type: ignore[union-attr]
        value_type = load_catalog().value(field.type)
        for odd in _ODD:
            inner = dict.fromkeys(value_type.fields if value_type else (), odd)
            check_theme({field.name: odd})
            check_theme({field.name: inner})
