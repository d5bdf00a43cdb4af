"""Check a Stac document against the node catalogue and the rules of the mini-program platform."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from miniprogram.stac.catalog import load_catalog
from miniprogram.stac.checks.grammar import GRAMMAR
from miniprogram.stac.checks.members import check_members
from miniprogram.stac.checks.nodes import check_widget
from miniprogram.stac.checks.rules.bindings import check_bindings
from miniprogram.stac.checks.rules.forms import check_form_values
from miniprogram.stac.checks.run import NOTHING_DECLARED, Declared, Run, describe
from miniprogram.stac.checks.scope import Scope
from miniprogram.stac.checks.values import value_shape
from miniprogram.stac.findings import Finding

_ROOT = Scope()
"""Shared by all documents: it keeps the scopes that were made below it."""
MAX_DEPTH = 150
"""Levels of objects and lists in one document. Real screens stay below 60; hosts build widgets recursively."""
MAX_VALUES = 200_000
"""Values in one document, everything counted. Real screens stay below 5,000."""


def check_screen(
    node: Any,
    *,
    screens: Container[str],
    assets: Container[str],
    capabilities: Container[str] | None = None,
    declared: Declared = NOTHING_DECLARED,
    levels: int | None = None,
) -> list[Finding]:
    """Everything wrong or doubtful in one screen or theme, in document order; binding findings come last.

    `node` is any JSON value. `screens` are the screen ids of the mini-program, `assets` the paths of its files
    below `assets/`, `capabilities` those its manifest requires; None leaves capabilities unchecked.
    `declared` are the types that hosts register. When `screens` and `assets` can be listed, misspelt names get a
    suggestion. `levels` is how many levels of values `node` has, where somebody has counted them and its values
    already. Nothing is raised, whatever `node` holds.
    """
    run = Run(GRAMMAR, screens, assets, capabilities, declared)
    if (levels is None or levels > MAX_DEPTH) and _is_too_large(run, node):
        return run.findings
    if is_theme(node):
        check_members(run, node, value_shape("theme"), None, _ROOT)
    elif _is_other_engine(node):
        message = "this is a screen of the Mp engine, {root: {type, props, children}}, not of Stac"
        run.error("other_engine", None, message, 'in Stac the root is the widget itself: {"type": "scaffold", …}')
    elif isinstance(node, dict):
        check_widget(run, node, None, _ROOT)
    else:
        run.error("not_a_screen", None, f"a screen is one JSON object, not {describe(node)}")
    check_bindings(run)
    check_form_values(run)
    return run.findings


def is_theme(node: Any) -> bool:
    """Whether `node` is a theme document: no `type`, and only a theme has the keys it has."""
    if not isinstance(node, dict) or "type" in node or "actionType" in node:
        return False
    fields = load_catalog().value("theme")
    return fields is not None and any(key in fields.fields for key in node)


def check_theme(node: Any) -> list[Finding]:
    """As `check_screen`, for a document that has to be a theme."""
    run = Run(GRAMMAR, (), (), None)
    if _is_too_large(run, node):
        return run.findings
    if isinstance(node, dict):
        check_members(run, node, value_shape("theme"), None, _ROOT)
    else:
        run.error("not_a_theme", None, f"a theme is one JSON object, not {describe(node)}")
    return run.findings


def _is_other_engine(node: Any) -> bool:
    root = node.get("root") if isinstance(node, dict) and "type" not in node else None
    return isinstance(root, dict) and "type" in root


def _is_too_large(run: Run, node: Any) -> bool:
    """Report a document that is nested or grown beyond all screens; checking it could exhaust the stack."""
    level, count = [node], 0
    for _ in range(MAX_DEPTH):
        count += len(level)
        if count > MAX_VALUES:
            run.error("too_large", None, f"a screen can hold {MAX_VALUES:,} values, and this one has more")
            return True
        level = [member for item in level if isinstance(item, (dict, list)) for member in _members(item)]
        if not level:
            return False
    run.error("too_deep", None, f"a screen can be nested {MAX_DEPTH} levels deep, and this one is deeper")
    return True


def _members(item: dict[str, Any] | list[Any]) -> list[Any]:
    return list(item.values()) if isinstance(item, dict) else item
