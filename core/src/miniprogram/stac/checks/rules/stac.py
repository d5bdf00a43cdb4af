"""What must hold between the members of one Stac node: destinations, links, icons, forms, tab counts."""

from __future__ import annotations

from typing import Any

from miniprogram.stac.catalog import icon_names
from miniprogram.stac.checks.members import check_members
from miniprogram.stac.checks.nodes import check_action
from miniprogram.stac.checks.rules.forms import check_form, check_form_value
from miniprogram.stac.checks.rules.images import check_image, check_image_address
from miniprogram.stac.checks.rules.platform import PLATFORM_ACTION_RULES, PLATFORM_WIDGET_RULES
from miniprogram.stac.checks.rules.tabs import check_tab_count
from miniprogram.stac.checks.run import Check, PlacedNode, Rule, Run, quote
from miniprogram.stac.checks.scalars import takes_binding
from miniprogram.stac.checks.scope import Scope
from miniprogram.stac.checks.values import value_shape
from miniprogram.stac.json_path import JsonPath

_DESTINATIONS = ("widgetJson", "request", "assetPath", "routeName", "path", "stacRoute")
_STYLES_WITHOUT_DESTINATION = ("pop", "popAll")
_CONTENTS = ("widget", "assetPath", "request")


def _check_container(run: Run, node: PlacedNode) -> None:
    if node.members.get("color") is not None and node.members.get("decoration") is not None:
        advice = 'put the color into "decoration"'
        run.error("color_and_decoration", node.path, 'a container cannot have "color" and "decoration"', advice)


def _check_grid(run: Run, node: PlacedNode) -> None:
    if node.members.get("crossAxisCount") is None:
        run.error(
            "missing_property",
            node.path,
            'the "gridView" widget needs "crossAxisCount"; without it the page fails',
        )


def _check_icon(run: Run, node: PlacedNode) -> None:
    name, family = node.members.get("icon"), node.members.get("iconType") or "material"
    if not isinstance(name, str) or not isinstance(family, str) or "{{" in name:
        return
    known = icon_names(family)
    if known and name not in known:
        message = f'there is no {family} icon "{quote(name)}": an empty box is shown'
        run.warn("unknown_icon", (node.path, "icon"), message, run.did_you_mean(name, known))


def _check_avatar(run: Run, node: PlacedNode) -> None:
    for key in ("backgroundImage", "foregroundImage"):
        check_image_address(run, node.members.get(key), (node.path, key))


def _check_condition(run: Run, node: PlacedNode) -> None:
    condition = node.members.get("condition")
    if isinstance(condition, str) and any(mark in condition for mark in "()'\""):
        message = "parentheses and quotes are not understood in conditions; hosts may show nothing"
        run.warn(
            "condition_not_understood", (node.path, "condition"), message, "compare bare words: {{role}} == admin"
        )


def _check_navigate(run: Run, node: PlacedNode) -> None:
    style = node.members.get("navigationStyle") or "push"
    if style in _STYLES_WITHOUT_DESTINATION:
        return
    if all(node.members.get(key) is None for key in _DESTINATIONS):
        run.error(
            "no_destination", node.path, "this opens an empty page: no widgetJson, request, assetPath or routeName"
        )
        return
    name = node.members.get("routeName")
    others = ("widgetJson", "request", "assetPath")
    if (
        isinstance(name, str)
        and "Named" not in str(style)
        and all(node.members.get(key) is None for key in others)
    ):
        _check_route_name(run, name, (node.path, "routeName"))


def _check_route_name(run: Run, name: str, path: JsonPath) -> None:
    if name in run.screens:
        message = "navigate asks Stac Cloud for this screen, not the mini-program"
        run.warn("cloud_screen", path, message, "use a miniProgramNavigation action (actions.open_screen)")
    elif "{{" not in name:
        message = f'"{quote(name)}" is no screen of this mini-program, and navigate asks Stac Cloud for it'
        run.warn("dangling_screen", path, message, run.did_you_mean_one_of(name, run.screens))


def _check_something_to_show(run: Run, node: PlacedNode) -> None:
    if all(node.members.get(key) is None for key in _CONTENTS):
        run.error("nothing_to_show", node.path, "there is nothing to show: no widget, assetPath or request")


def _check_inside_form(run: Run, node: PlacedNode) -> None:
    if "form" not in node.scope.around:
        message = f'"{node.members["actionType"]}" has an effect only below a "form"'
        run.warn("outside_form", node.path, message)


def check_request_body(run: Run, node: PlacedNode) -> None:
    """Actions that are direct members of a request's body are run, and their results sent."""
    body = node.members.get("body")
    if not isinstance(body, dict):
        return
    for key, member in body.items():
        if isinstance(member, dict) and "actionType" in member:
            run.run_in_requests.add(((node.path, "body"), str(key)))
            check_action(run, member, ((node.path, "body"), str(key)), node.scope)


def _check_request_value(run: Run, value: Any, path: JsonPath, scope: Scope) -> None:
    """A network request used as a value. Its body may hold actions, whose results are sent."""
    if isinstance(value, dict):
        check_members(run, value, value_shape("networkRequest"), path, scope)
        check_request_body(run, PlacedNode(value, path, scope))
    elif not takes_binding(run, value, path, scope):
        run.bad_type(path, "a networkRequest object", value)


def _check_slider(run: Run, node: PlacedNode) -> None:
    least, most = (_number(node.members.get(key), default) for key, default in (("min", 0.0), ("max", 1.0)))
    value = _number(node.members.get("value"), None)
    if least is None or most is None:
        return
    if least > most:
        run.error(
            "out_of_range", (node.path, "min"), f'"min" {least:g} is more than "max" {most:g}: the page fails'
        )
    elif value is not None and not least <= value <= most:
        message = f'"value" {value:g} does not lie from "min" {least:g} to "max" {most:g}: the page fails'
        run.error("out_of_range", (node.path, "value"), message)


def _check_lines(run: Run, node: PlacedNode) -> None:
    least, most = (_number(node.members.get(key), None) for key in ("minLines", "maxLines"))
    if least is not None and most is not None and least > most:
        message = f'"minLines" {least:g} is more than "maxLines" {most:g}: the page fails'
        run.error("out_of_range", (node.path, "minLines"), message)


def _number(value: Any, default: float | None) -> float | None:
    """`value` when it is a number that is known, `default` when it was left out, else None."""
    if value is None:
        return default
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _remember_names(run: Run, node: PlacedNode) -> None:
    entries = node.members.get("values")
    if isinstance(entries, list):
        keys = (entry.get("key") for entry in entries if isinstance(entry, dict))
        run.stored_names.update(key for key in keys if isinstance(key, str))


REQUEST_CHECKS: dict[str, Check] = {"networkRequest": _check_request_value}
"""Checks of requests inside value objects."""

WIDGET_RULES: dict[str, tuple[Rule, ...]] = {
    "circleAvatar": (_check_avatar,),
    "conditional": (_check_condition,),
    "container": (_check_container,),
    "defaultTabController": (check_tab_count,),
    "form": (check_form,),
    "gridView": (_check_grid,),
    "icon": (_check_icon,),
    "image": (check_image,),
    "setValue": (_remember_names,),
    "slider": (_check_slider,),
    "textField": (_check_lines,),
    "textFormField": (_check_lines,),
    **PLATFORM_WIDGET_RULES,
}
"""By widget type."""

ACTION_RULES: dict[str, tuple[Rule, ...]] = {
    "getFormValue": (_check_inside_form, check_form_value),
    "navigate": (_check_navigate,),
    "networkRequest": (check_request_body,),
    "setValue": (_remember_names,),
    "showDialog": (_check_something_to_show,),
    "showModalBottomSheet": (_check_something_to_show,),
    "validateForm": (_check_inside_form,),
    **PLATFORM_ACTION_RULES,
}
"""By action type."""
