"""Checks of widgets and actions: known type, right place, right members, and the rules of that type."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, lru_cache
from typing import Any

from miniprogram.stac.catalog import CURRENT, OLD, NodeType, Property, load_catalog
from miniprogram.stac.checks import scalars, slots
from miniprogram.stac.checks.bounds import BOUND, SIZES, bounds_inside, check_bounds
from miniprogram.stac.checks.legacy import RENAMED_ACTIONS, RENAMED_WIDGETS
from miniprogram.stac.checks.members import Shape, check_members, property_check
from miniprogram.stac.checks.placement import check_placement, stands_anywhere
from miniprogram.stac.checks.run import Check, PlacedNode, Rule, Run, quote
from miniprogram.stac.checks.scope import Scope, Step
from miniprogram.stac.checks.values import list_check, plain_property_check, value_shape
from miniprogram.stac.json_path import JsonPath

_MAX_CACHED = 512
"""Results kept by node name. There are fewer nodes, but the names come from documents."""
_CHILD_TYPES = frozenset({"widget", "list<widget>", "widgetTemplate", "action", "list<action>"})


def check_widget(run: Run, value: Any, path: JsonPath, scope: Scope) -> None:
    """Check the widget `value` and everything below it."""
    if run.is_full:
        return
    if not isinstance(value, dict):
        if not scalars.takes_binding(run, value, path, scope):
            run.bad_type(path, "a widget", value)
        return
    name = value.get("type")
    if not isinstance(name, str):
        _report_typeless_widget(run, value, path)
        return
    shape = _widget_shape(name)
    if shape is None:
        if name in run.declared.widgets:
            scalars.check_host_node(run, value, path, scope)
        else:
            _report_unknown(run, "widget", name, path)
        return
    if not shape.stands_anywhere or scope.holder == "slivers":
        check_placement(run, name, path, scope)
    inside = scope
    if name in BOUND or (scope.unbounded and not SIZES.isdisjoint(value)):  # most have what they are given
        check_bounds(run, name, value, path, scope)
        inside = bounds_inside(name, value, scope)
    check_members(run, value, shape, path, inside)
    if rules := run.grammar.widget_rules.get(name):  # most have none
        _ask(run, rules, PlacedNode(value, path, scope))


def check_action(run: Run, value: Any, path: JsonPath, scope: Scope) -> None:
    """Check the action `value` and everything below it. An empty object means "do nothing"."""
    if run.is_full:
        return
    if not isinstance(value, dict):
        if not scalars.takes_binding(run, value, path, scope):
            run.bad_type(path, "an action", value)
        return
    name = value.get("actionType")
    if not isinstance(name, str):
        if value:
            advice = "a widget cannot stand here" if "type" in value else None
            run.error("missing_type", path, 'an action needs "actionType"; without it nothing happens', advice)
        return
    shape = _action_shape(name)
    if shape is None:
        if name in run.declared.actions:
            scalars.check_host_node(run, value, path, scope)
        else:
            _report_unknown(run, "action", name, path)
        return
    check_members(run, value, shape, path, scope)
    if rules := run.grammar.action_rules.get(name):  # most have none
        _ask(run, rules, PlacedNode(value, path, scope))


def _ask(run: Run, rules: tuple[Rule, ...], node: PlacedNode) -> None:
    for rule in rules:
        rule(run, node)


def _report_typeless_widget(run: Run, value: dict[str, Any], path: JsonPath) -> None:
    if "actionType" in value:
        run.error("missing_type", path, "an action stands where a widget belongs")
    elif value:
        run.error("missing_type", path, 'a widget needs "type"; without it nothing is shown')
    else:
        run.warn("empty_widget", path, "an empty object shows nothing", "leave the key out")


def _report_unknown(run: Run, kind: str, name: str, path: JsonPath) -> None:
    catalog = load_catalog()
    is_widget = kind == "widget"
    key, names = ("type", catalog.widget_names) if is_widget else ("actionType", catalog.action_names)
    renamed = (RENAMED_WIDGETS if is_widget else RENAMED_ACTIONS).get(name)
    declared = run.declared.widgets if is_widget else run.declared.actions
    advice = f'write "{renamed}"' if renamed else run.did_you_mean(name, (*names, *declared))
    if advice is None:
        member = "hostWidgets" if is_widget else "hostActions"
        advice = f'if its hosts register it, add "{quote(name)}" to {member} in the manifest'
    effect = "nothing is shown" if is_widget else "nothing happens"
    run.error(f"unknown_{kind}", (path, key), f'there is no {kind} "{quote(name)}": {effect}', advice)


@lru_cache(_MAX_CACHED)
def _widget_shape(name: str) -> Shape | None:
    node = load_catalog().widget(name)
    if node is None:
        return None
    shape = _node_shape(node, f'the "{name}" widget', "type")
    return replace(shape, stands_anywhere=stands_anywhere(name))


@lru_cache(_MAX_CACHED)
def _action_shape(name: str) -> Shape | None:
    node = load_catalog().action(name)
    if node is None:
        return None
    return _node_shape(node, f'the "{name}" action', "actionType")


def _node_shape(node: NodeType, title: str, discriminator: str) -> Shape:
    return Shape(
        name=node.name,
        title=title,
        checks={name: _member_check(node, field) for name, field in node.properties.items()},
        needed=tuple(name for name, field in node.properties.items() if field.is_needed),
        passed_over=frozenset({discriminator}),
        caution=_caution(node),
    )


def _caution(node: NodeType) -> str | None:
    if CURRENT in node.versions:
        return None
    if node.versions == (OLD,):
        return "comes with a package of its own, which a host need not have"
    return "is newer than Stac 1.4; hosts on 1.4 show nothing"


def _member_check(node: NodeType, field: Property) -> Check:
    check = _slot_check(node, field) if field.type in _CHILD_TYPES else plain_property_check(field)
    # The properties of a node that hosts do not know are not warned about one by one: the node is.
    return property_check(node.name, field, check) if CURRENT in node.versions else check


def _slot_check(node: NodeType, field: Property) -> Check:
    if field.type in ("action", "list<action>"):
        return value_in(slots.UNCHANGED, field.type)
    return value_in(slots.step_into(node.name, field.name), field.type)


def value_in(step: Step, type_name: str) -> Check:
    """The check for child nodes in a slot: one node, or a list of them."""
    check = _node_checks()[type_name.removeprefix("list<").removesuffix(">")]
    return _entering(step, list_check(check) if type_name.startswith("list<") else check)


@cache
def _node_checks() -> dict[str, Check]:
    return {"widget": check_widget, "action": check_action, "widgetTemplate": _check_template}


def _entering(step: Step, check: Check) -> Check:
    def enter_and_check(run: Run, value: Any, path: JsonPath, scope: Scope) -> None:
        check(run, value, path, scope.enter(step))

    return enter_and_check


def _check_template(run: Run, value: Any, path: JsonPath, scope: Scope) -> None:
    """A widget whose root may say, in `itemTemplate`, what to repeat for every entry of the response."""
    if isinstance(value, dict) and isinstance(value.get("type"), str):
        item = value.get("itemTemplate")
        value = {key: member for key, member in value.items() if key != "itemTemplate"}
        if item is not None:
            step = _item_step(str(value["type"]))
            check_widget(run, item, (path, "itemTemplate"), scope.enter(step))
    check_widget(run, value, path, scope)


@lru_cache(_MAX_CACHED)
def _item_step(template_root: str) -> Step:
    return Step(slots.holder_of_children(template_root), bindings=slots.ITEMS_OF_RESPONSE.bindings)


@cache
def _table_row_shape() -> Shape:
    shape = value_shape("tableRow")
    return replace(shape, checks={**shape.checks, "children": value_in(Step("table"), "list<widget>")})


def _check_table_row(run: Run, value: Any, path: JsonPath, scope: Scope) -> None:
    if isinstance(value, dict):
        check_members(run, value, _table_row_shape(), path, scope)
    elif not scalars.takes_binding(run, value, path, scope):
        run.bad_type(path, "a table row", value)


CHILD_CHECKS: dict[str, Check] = {
    "widget": _entering(slots.BOX, check_widget),
    "action": check_action,
    "widgetTemplate": _entering(slots.BOX, _check_template),
    "tableRow": _check_table_row,
}
"""Checks of child nodes inside value objects (the icon of an input decoration, the action of a snack bar)."""
