"""Audiences: trees of `all`, `any` and `not` over conditions, compiled once and asked often.

A context is a mapping from attribute names to texts; `capability` is a collection of texts, `now` milliseconds
since the epoch. What a context lacks never matches. See docs/reference/delivery-policy.md for every operator.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from miniprogram.delivery.evaluation.conditions.leaves import leaf_explainer, leaf_matches
from miniprogram.delivery.evaluation.conditions.model import (
    ATTRIBUTES,
    CAPABILITY,
    MAX_CONDITIONS,
    MAX_DEPTH,
    Clause,
    Condition,
    ConditionError,
    Context,
    FindSegment,
    Matches,
    below,
)
from miniprogram.delivery.evaluation.conditions.operators import (
    CASE_SENSITIVE,
    MAX_VALUES,
    NUMERIC,
    OPERATORS,
    Test,
)
from miniprogram.delivery.evaluation.conditions.trees import all_of, any_of, negation

_MEMBERS = frozenset({"attribute", "operator", "values", "caseInsensitive", "inverted"})
_custom = re.compile(r"custom\.[A-Za-z0-9_.-]{1,64}").fullmatch


def compile_condition(tree: Any, find_segment: FindSegment | None = None) -> Matches:
    """The question `tree` asks, as a function of a context. Raises ConditionError."""
    return parse_condition(tree, find_segment).matches


def evaluate(tree: Any, context: Context, find_segment: FindSegment | None = None) -> bool:
    """Whether `context` matches `tree`. To ask more than once, compile it. Raises ConditionError."""
    return parse_condition(tree, find_segment).matches(context)


def explain_condition(tree: Any, context: Context, find_segment: FindSegment | None = None) -> Clause:
    """The clause by which `tree` matched, or the first by which it failed. Raises ConditionError."""
    return parse_condition(tree, find_segment).explain(context, "")


def parse_condition(tree: Any, find_segment: FindSegment | None = None) -> Condition:
    """`tree`, compiled for both purposes. Raises ConditionError."""
    return _Parser(find_segment).node(tree, "", 1)


class _Parser:
    """Compiles one tree and counts what is in it."""

    def __init__(self, find_segment: FindSegment | None) -> None:
        self._find_segment = find_segment
        self._conditions = 0

    def node(self, tree: Any, path: str, depth: int) -> Condition:
        if not isinstance(tree, Mapping):
            raise ConditionError(path, "must be an object")
        if depth > MAX_DEPTH:
            raise ConditionError(path, f"nested deeper than {MAX_DEPTH} levels")
        kinds = [kind for kind in ("all", "any", "not", "attribute") if kind in tree]
        if len(kinds) != 1:
            raise ConditionError(path, "must have exactly one of all, any, not and attribute")
        if kinds[0] == "attribute":
            return self._leaf(tree, path)
        if len(tree) != 1:
            raise ConditionError(path, f"has other members beside {kinds[0]}")
        if kinds[0] == "not":
            return negation(self.node(tree["not"], below(path, "not"), depth + 1))
        return self._many(kinds[0], tree[kinds[0]], path, depth)

    def _many(self, kind: str, nodes: Any, path: str, depth: int) -> Condition:
        list_path = below(path, kind)
        if not isinstance(nodes, Sequence) or isinstance(nodes, str):
            raise ConditionError(list_path, "must be a list")
        parts = [self.node(node, f"{list_path}[{index}]", depth + 1) for index, node in enumerate(nodes)]
        return all_of(parts) if kind == "all" else any_of(parts)

    def _leaf(self, tree: Mapping[str, Any], path: str) -> Condition:
        self._conditions += 1
        if self._conditions > MAX_CONDITIONS:
            raise ConditionError(path, f"more than {MAX_CONDITIONS} conditions")
        unknown = sorted(str(name) for name in tree if name not in _MEMBERS)
        if unknown:
            raise ConditionError(below(path, unknown[0]), "is not a member of a condition")
        attribute, operator = _attribute(tree, path), _operator(tree, path)
        ignore_case, inverted = _flag(tree, "caseInsensitive", path), _flag(tree, "inverted", path)
        if attribute == "now" and operator not in NUMERIC | {"date_after", "date_before"}:
            raise ConditionError(below(path, "operator"), f"{operator} does not go with now")
        if ignore_case and (operator in CASE_SENSITIVE or operator == "segment"):
            raise ConditionError(below(path, "caseInsensitive"), f"does not go with {operator}")
        values = _values(tree, operator, path)
        try:
            test = self._test(operator, values, ignore_case)
        except ValueError as error:
            raise ConditionError(below(path, "values"), str(error)) from None
        required = {}
        if operator == "in" and not ignore_case and not inverted and attribute != CAPABILITY:
            required = {attribute: frozenset(values)}
        matches = leaf_matches(attribute, operator, test, inverted)
        return Condition(matches, leaf_explainer(attribute, operator, matches, inverted), required, holds_at="")

    def _test(self, operator: str, values: list[Any], ignore_case: bool) -> Test:
        if operator == "segment":
            if self._find_segment is None:
                raise ValueError("there are no segments here")
            tests = [self._find_segment(name) for name in values]
            return _of_texts(tests[0] if len(tests) == 1 else lambda text: any(test(text) for test in tests))
        test = OPERATORS[operator](values, ignore_case)
        is_plain = operator in CASE_SENSITIVE or getattr(test, "__self__", None) is not None
        return test if is_plain else _of_texts(test)


def _of_texts(test: Test) -> Test:
    """For contexts made by hand: a number among the attributes is no text."""
    return lambda value: test(value) if isinstance(value, str) else None


def _attribute(tree: Mapping[str, Any], path: str) -> str:
    name = tree["attribute"]
    if not isinstance(name, str) or not (name in ATTRIBUTES or _custom(name)):
        raise ConditionError(below(path, "attribute"), f"{name!r} is not an attribute")
    return name


def _operator(tree: Mapping[str, Any], path: str) -> str:
    name = tree.get("operator")
    if not isinstance(name, str) or not (name in OPERATORS or name == "segment"):
        raise ConditionError(below(path, "operator"), f"{name!r} is not an operator")
    return name


def _flag(tree: Mapping[str, Any], member: str, path: str) -> bool:
    value = tree.get(member, False)
    if not isinstance(value, bool):
        raise ConditionError(below(path, member), "must be true or false")
    return value


def _values(tree: Mapping[str, Any], operator: str, path: str) -> list[Any]:
    values, values_path = tree.get("values"), below(path, "values")
    if not isinstance(values, list | tuple) or not values:
        raise ConditionError(values_path, "must be a list with at least one value")
    if len(values) > MAX_VALUES:
        raise ConditionError(values_path, f"more than {MAX_VALUES} values; make it a segment")
    for index, value in enumerate(values):
        is_number = operator in NUMERIC and isinstance(value, int | float) and not isinstance(value, bool)
        if not isinstance(value, str) and not is_number:
            raise ConditionError(f"{values_path}[{index}]", "must be a text")
    return list(values)
