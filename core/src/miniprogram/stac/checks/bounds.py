"""Which widgets have room without end: what wants to be as large as the room it is given fails there.

A column gives its children all the height they want, a row all the width, a scrolling widget all of both along its
direction. Followed are the widgets whose constraints are certain; where they are not, nothing is said.
"""

from __future__ import annotations

from typing import Any

from miniprogram.stac.checks.run import Run
from miniprogram.stac.checks.scope import Axis, Scope
from miniprogram.stac.json_path import JsonPath

_OTHER: dict[Axis, Axis] = {"vertical": "horizontal", "horizontal": "vertical"}
_LENGTH: dict[Axis, str] = {"vertical": "height", "horizontal": "width"}
_MOST: dict[Axis, str] = {"vertical": "maxHeight", "horizontal": "maxWidth"}
_FLEXES: dict[str, Axis] = {"column": "vertical", "row": "horizontal"}
_SCROLLING = frozenset({"customScrollView", "listView", "singleChildScrollView"})
_VIEWPORTS = frozenset({"carouselView", "customScrollView", "gridView", "listView", "pageView", "tabBarView"})
_FLEXIBLE = frozenset({"expanded", "flexible", "spacer"})
_AS_WIDE_AS_ROOM = frozenset({"linearProgressIndicator", "listTile", "textField", "textFormField"})
_BOUNDED = frozenset(
    {
        "alertDialog",
        "appBar",
        "carouselView",
        "drawer",
        "gridView",
        "listTile",
        "navigationBar",
        "pageView",
        "scaffold",
        "sliverAppBar",
        "sliverFillRemaining",
        "sliverGrid",
        "tabBar",
        "tabBarView",
    }
)
"""Widgets whose children are given a size with an end, whatever they have themselves."""
_TOLD_BY_NAME = _BOUNDED | _FLEXES.keys() | _SCROLLING | {"wrap"}
BOUND = _TOLD_BY_NAME | _VIEWPORTS | _FLEXIBLE | _AS_WIDE_AS_ROOM | {"aspectRatio"}
"""Widgets of which something is said here whatever their properties are."""
SIZES = frozenset({*_LENGTH.values(), *_MOST.values(), "constraints"})
"""Properties by which any other widget gives itself a size where there is no end."""
_INFINITE = 1e300
"""More than any screen: how "as much as there is" is written as a number."""


def bounds_inside(name: str, members: dict[str, Any], scope: Scope) -> Scope:
    """`scope` as the children of the widget `name` have it."""
    if name in _TOLD_BY_NAME:
        return _told_by_name(name, members, scope)
    if not scope.unbounded:
        return scope
    if name in ("expanded", "flexible"):
        return scope.with_bounds(scope.unbounded - {scope.flex}) if scope.flex else scope
    if name == "aspectRatio" and len(scope.unbounded) == 1:
        return scope.with_bounds(frozenset())
    limited = {axis for axis in scope.unbounded if _is_limited(members, axis)}
    return scope.with_bounds(scope.unbounded - limited) if limited else scope


def _told_by_name(name: str, members: dict[str, Any], scope: Scope) -> Scope:
    if name in _BOUNDED:
        return scope.with_bounds(frozenset())
    if name in _FLEXES:
        return scope.inside_flex(_FLEXES[name])
    if name == "wrap":
        return scope.with_bounds(scope.unbounded | {_OTHER[_direction(members, "direction", "horizontal")]})
    return scope.with_bounds(scope.unbounded | {_direction(members)})


def check_bounds(run: Run, name: str, members: dict[str, Any], path: JsonPath, scope: Scope) -> None:
    """Report the widget `name` when it wants to fill room that has no end."""
    if name in _FLEXIBLE and scope.holder == "flex" and scope.flex is not None and scope.flex_is_open:
        length = _LENGTH[scope.flex]
        advice = f"give the {_flex_name(scope.flex)} a {length}, or leave the {name} out"
        message = f'"{name}" shares out the {length} that is left, and here it has no end: the page fails'
        run.error("unbounded", path, message, advice)
    if not scope.unbounded:
        return
    if name in _VIEWPORTS:
        _check_viewport(run, name, members, path, scope)
    if name in _AS_WIDE_AS_ROOM and "horizontal" in scope.unbounded:
        _report(run, name, "horizontal", path)
    for axis in scope.unbounded:
        length = _LENGTH[axis]
        if length in members and _is_infinite(members[length]):
            _report(run, name, axis, (path, length))
    flex = _FLEXES.get(name)
    if flex and members.get("crossAxisAlignment") == "stretch" and _OTHER[flex] in scope.unbounded:
        _report(run, name, _OTHER[flex], (path, "crossAxisAlignment"))


def _check_viewport(run: Run, name: str, members: dict[str, Any], path: JsonPath, scope: Scope) -> None:
    along = _direction(members, default="horizontal" if name in ("carouselView", "pageView") else "vertical")
    if name == "tabBarView":
        along = "horizontal"
    shrinks = members.get("shrinkWrap") not in (None, False)
    for axis in sorted(scope.unbounded):
        if axis != along or not shrinks:
            may_shrink = axis == along and name in ("listView", "gridView", "customScrollView")
            _report(run, name, axis, path, ', or set "shrinkWrap" to true' if may_shrink else "")


def _report(run: Run, name: str, axis: Axis, path: JsonPath, or_else: str = "") -> None:
    length = _LENGTH[axis]
    message = f'"{name}" takes all the {length} there is, and here that has no end: the page fails'
    advice = f'wrap it in an "expanded", or in a "sizedBox" with a {length}{or_else}'
    run.error("unbounded", path, message, advice)


def _flex_name(axis: Axis) -> str:
    return "column" if axis == "vertical" else "row"


def _direction(members: dict[str, Any], key: str = "scrollDirection", default: Axis = "vertical") -> Axis:
    given = members.get(key)
    return given if given in ("vertical", "horizontal") else default


def _is_limited(members: dict[str, Any], axis: Axis) -> bool:
    """Whether a widget gives itself a length, or a binding that may be one."""
    length, most = _LENGTH[axis], _MOST[axis]
    if length in members and not _is_endless(members[length]):
        return True
    if most in members and not _is_endless(members[most]):
        return True
    constraints = members.get("constraints")
    return isinstance(constraints, dict) and not _is_endless(constraints.get(most))


def _is_endless(value: Any) -> bool:
    return value is None or _is_infinite(value)


def _is_infinite(value: Any) -> bool:
    return value == "infinity" or (isinstance(value, (int, float)) and value > _INFINITE)
