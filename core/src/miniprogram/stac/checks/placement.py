"""Where widgets may stand: rules that Stac itself does not check and Flutter answers with a broken page."""

from __future__ import annotations

from dataclasses import dataclass

from miniprogram.stac.checks.run import Run
from miniprogram.stac.checks.scope import Holder, Scope
from miniprogram.stac.checks.slots import is_transparent
from miniprogram.stac.json_path import JsonPath


@dataclass(frozen=True, slots=True)
class _Around:
    """A widget that must have another one somewhere above it."""

    name: str
    message: str
    is_fatal: bool


_HOLDERS: dict[str, tuple[Holder, str]] = {
    "expanded": ("flex", "a row or column"),
    "flexible": ("flex", "a row or column"),
    "spacer": ("flex", "a row or column"),
    "positioned": ("stack", "a stack"),
    "tableCell": ("table", "a table row"),
}

_AROUND: dict[str, _Around] = {
    "tabBar": _Around("tabs", 'needs a "defaultTabController" above it', is_fatal=True),
    "tabBarView": _Around("tabs", 'needs a "defaultTabController" above it', is_fatal=True),
    "bottomNavigationBar": _Around(
        "bottomTabs",
        'never changes its tab without a "defaultBottomNavigationController" above it',
        is_fatal=False,
    ),
    "bottomNavigationView": _Around(
        "bottomTabs",
        'never changes its page without a "defaultBottomNavigationController" above it',
        is_fatal=False,
    ),
    "radio": _Around("radioGroup", 'needs a "radioGroup" above it', is_fatal=False),
}


def stands_anywhere(name: str) -> bool:
    """Whether the widget `name` can stand wherever a widget can that is no sliver."""
    return name not in _HOLDERS and name not in _AROUND and not name.startswith("sliver")


def check_placement(run: Run, name: str, path: JsonPath, scope: Scope) -> None:
    """Report the widget `name` when it cannot stand where it stands."""
    rule = _HOLDERS.get(name)
    if rule is not None and scope.holder != rule[0]:
        run.error("misplaced", path, f'"{name}" works only directly in {rule[1]}')
    if name.startswith("sliver"):
        if scope.holder != "slivers":
            run.error("misplaced", path, f'"{name}" works only in the slivers of a "customScrollView"')
    elif scope.holder == "slivers" and not is_transparent(name):
        advice = 'wrap it in a "sliverToBoxAdapter"'
        run.error("misplaced", path, f'"{name}" is no sliver, and only slivers can stand here', advice)
    around = _AROUND.get(name)
    if around is not None and around.name not in scope.around:
        report = run.error if around.is_fatal else run.warn
        report("misplaced", path, f'"{name}" {around.message}')
