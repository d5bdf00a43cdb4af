"""Forms: which fields they have, what is asked of them, and whether it is sent."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from miniprogram.stac.catalog import load_catalog
from miniprogram.stac.checks.members import check_members
from miniprogram.stac.checks.run import Check, PlacedNode, Run, quote
from miniprogram.stac.checks.scalars import takes_binding
from miniprogram.stac.checks.scope import Scope
from miniprogram.stac.checks.values import value_shape
from miniprogram.stac.json_path import JsonPath

_FIELDS = ("checkBox", "radioGroup", "slider", "textFormField")
"""Widgets that keep their value in the form around them, under their `id`."""
_OWN_PAGES = frozenset({"widgetJson"})
_BUILT_IN = ("isEmail", "isName", "isPassword", "isNotEmpty", "compare")
_NAMED_RULE = re.compile(r"is[A-Z]\w*\Z")
_CERTAIN = (
    "bad escape (end of pattern)",
    "min repeat greater than max repeat",
    "missing )",
    "multiple repeat",
    "nothing to repeat",
    "unbalanced parenthesis",
    "unterminated character set",
)
"""Faults that hosts, whose expressions are those of JavaScript, find as Python does."""
_MAX_EXPRESSION = 1000
_ESCAPES = re.compile(r"\\.", re.DOTALL)
_ANCHORS = {"A": "^", "Z": "$", "z": "$"}
_NOT_ON_HOSTS = {
    re.compile(r"\(\?P[<=>]"): "groups are named (?<name>…) there, and asked for with \\k<name>",
    re.compile(r"\(\?[aiLmsux-]+[:)]"): "there are no flags in an expression there",
    re.compile(r"\(\?(?:#|>|\()"): "this kind of group is not known there",
    re.compile(r"(?:[*+?]|\{\d+(?:,\d*)?\})\+"): "nothing can be repeated twice there",
}
"""What Python's expressions have and JavaScript's refuse."""


@dataclass(slots=True)
class _Form:
    """What lies in one form, inner forms left out."""

    fields: list[tuple[JsonPath, str]] = field(default_factory=list)
    asked: list[tuple[JsonPath, str]] = field(default_factory=list)
    without_id: list[JsonPath] = field(default_factory=list)
    is_known: bool = True
    """False when fields may come from a response, a binding or a widget of the host."""


def check_form(run: Run, node: PlacedNode) -> None:
    """Compare the ids that are asked for with those of the fields, and the fields with each other."""
    form = _Form()
    for path, item in _objects(node.members.get("child"), (node.path, "child")):
        _gather(run, form, item, path)
    known = {name for _, name in form.fields}
    for path, name in form.asked:
        if name not in known and form.is_known:
            message = f'no field of this form has the id "{quote(name)}": the text "null" is sent'
            run.error("unknown_field", (path, "id"), message, run.did_you_mean(name, known))
    seen: set[str] = set()
    for path, name in form.fields:
        if name in seen:
            message = f'another field of this form has the id "{quote(name)}": only one value is kept'
            run.error("field_id_reused", (path, "id"), message)
        seen.add(name)
    for path in form.without_id:
        run.warn("field_without_id", path, "without an id this field can be checked, and its value never sent")


def check_form_value(run: Run, node: PlacedNode) -> None:
    """A form value that is run, and whose result nobody takes."""
    if node.path not in run.run_in_requests:
        message = "the value is read and goes nowhere"
        advice = 'put it into the body of a "networkRequest"'
        run.warn("form_value_unused", node.path, message, advice)


def check_form_values(run: Run) -> None:
    """Report every form value that is sent as an object of its own, since nothing runs it."""
    for path in dict.fromkeys(run.form_values):
        if path not in run.run_in_requests:
            message = (
                'only direct members of the body of a "networkRequest" are run: here this very object is sent'
            )
            advice = 'send the form with a "networkRequest" to your backend (actions.network_request)'
            run.error("form_value_not_sent", path, message, advice)


def _gather(run: Run, form: _Form, item: dict[str, Any], path: JsonPath) -> None:
    kind, name = item.get("type"), item.get("id")
    if kind in _FIELDS:
        if not isinstance(name, str):
            form.without_id += [path] if name is None and kind == "textFormField" else []
        elif "{{" in name:
            form.is_known = False
        else:
            form.fields.append((path, name))
    elif item.get("actionType") == "getFormValue":
        form.asked += [(path, name)] if isinstance(name, str) and "{{" not in name else []
    elif kind in run.declared.widgets or ("type" in item and "request" in item):
        form.is_known = False


def _objects(value: Any, path: JsonPath) -> Iterator[tuple[JsonPath, dict[str, Any]]]:
    """The objects in `value` that belong to the form around it, in document order."""
    waiting: list[tuple[JsonPath, Any]] = [(path, value)]
    while waiting:
        location, item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(((location, index), item[index]) for index in reversed(range(len(item))))
        elif isinstance(item, dict) and item.get("type") != "form":
            yield location, item
            members = [(key, member) for key, member in item.items() if key not in _OWN_PAGES]
            waiting.extend(((location, str(key)), member) for key, member in reversed(members))


def _check_validator(run: Run, value: Any, path: JsonPath, scope: Scope) -> None:
    if not isinstance(value, dict):
        if not takes_binding(run, value, path, scope):
            run.bad_type(path, "a formFieldValidator object", value)
        return
    check_members(run, value, value_shape("formFieldValidator"), path, scope)
    rule = value.get("rule")
    if not isinstance(rule, str) or rule in _BUILT_IN or "{{" in rule:
        return
    if _NAMED_RULE.match(rule):
        advice = run.did_you_mean(rule, _BUILT_IN) or f"known are {', '.join(_BUILT_IN)}"
        if rule in _newer_rules():
            advice = f"hosts on 1.4 know {', '.join(_BUILT_IN)}"
        message = f'"{quote(rule)}" is no rule that hosts know, so it is an expression that no text matches'
        run.warn("unknown_rule", (path, "rule"), message, advice)
    elif problem := _fault_in(rule):
        message = f'"{quote(rule)}" is no regular expression: {problem}; the form fails when it is checked'
        run.error("bad_expression", (path, "rule"), message)
    elif letter := next((pair[1] for pair in _ESCAPES.findall(rule) if pair[1] in _ANCHORS), None):
        message = f'"\\{letter}" stands for the letter {letter} on hosts'
        run.warn("expression_escape", (path, "rule"), message, f'write "{_ANCHORS[letter]}"')


@cache
def _newer_rules() -> frozenset[str]:
    return frozenset(load_catalog().newer_rules)


def _fault_in(expression: str) -> str | None:
    """Why hosts cannot read `expression`; None when they can, or when it is not certain."""
    if len(expression) > _MAX_EXPRESSION:
        return None
    outside_sets = re.sub(r"\[[^\]]*\]", "x", _ESCAPES.sub("x", expression))
    for pattern, reason in _NOT_ON_HOSTS.items():
        if pattern.search(outside_sets):
            return reason
    plain = re.sub(r"\[\^?\]", "x", expression)  # which stand for nothing and for anything in JavaScript
    plain = re.sub(r"\(\?<(?=\w)", "(?P<", plain)
    try:
        with warnings.catch_warnings(action="ignore"):
            re.compile(plain)
    except re.error as error:
        return error.msg.split(",")[0] if error.msg.startswith(_CERTAIN) else None
    except (OverflowError, RecursionError):
        return "it is too large"
    return None


FORM_CHECKS: dict[str, Check] = {"formFieldValidator": _check_validator}
"""Checks of values that only forms have."""
