"""Audiences: trees of `all`, `any` and `not` over conditions, compiled once and asked often.

A context is a mapping from attribute names to texts; `capability` is a collection of texts, `now` milliseconds
since the epoch. What a context lacks never matches. See docs/reference/delivery-policy.md for every operator.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from miniprogram.delivery.operators import CASE_SENSITIVE, MAX_VALUES, NUMERIC, OPERATORS, Test

MAX_DEPTH = 8
MAX_CONDITIONS = 500

ATTRIBUTES = (
    "userId", "deviceId", "tenantId", "hostApp", "hostVersion", "sdkVersion", "platform", "osVersion",
    "deviceBrand", "deviceModel", "network", "country", "region", "city", "locale", "capability", "currentVersion",
    "environment", "ip", "now",
)  # fmt: skip
"""Every attribute but the host's own ones, `custom.NAME`."""

CAPABILITY = "capability"

Context = Mapping[str, Any]
Matches = Callable[[Context], bool]
FindSegment = Callable[[str], Test]
"""The test behind a segment's name. Raises ValueError for an unknown one."""

_MEMBERS = frozenset({"attribute", "operator", "values", "caseInsensitive", "inverted"})
_custom = re.compile(r"custom\.[A-Za-z0-9_.-]{1,64}").fullmatch


class ConditionError(ValueError):
    """A condition cannot be compiled. `path` says which one: `all[1].any[0].values`."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}" if path else reason)
        self.path = path
        self.reason = reason


class Clause(NamedTuple):
    """The clause that settled a tree: where it stands, what it asks (no values), and how it came out."""

    path: str
    text: str
    matched: bool
    attribute_missing: bool = False


class Condition(NamedTuple):
    """A compiled tree."""

    matches: Matches
    explain: Callable[[Context, str], Clause]
    required: Mapping[str, frozenset[str]]
    """Attributes that must have one of these values for the tree to match; for indexes. Not complete."""


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
            return _negation(self.node(tree["not"], _below(path, "not"), depth + 1))
        return self._many(kinds[0], tree[kinds[0]], path, depth)

    def _many(self, kind: str, nodes: Any, path: str, depth: int) -> Condition:
        place = _below(path, kind)
        if not isinstance(nodes, Sequence) or isinstance(nodes, str):
            raise ConditionError(place, "must be a list")
        parts = [self.node(node, f"{place}[{index}]", depth + 1) for index, node in enumerate(nodes)]
        return _all(parts) if kind == "all" else _any(parts)

    def _leaf(self, tree: Mapping[str, Any], path: str) -> Condition:
        self._conditions += 1
        if self._conditions > MAX_CONDITIONS:
            raise ConditionError(path, f"more than {MAX_CONDITIONS} conditions")
        unknown = sorted(str(name) for name in tree if name not in _MEMBERS)
        if unknown:
            raise ConditionError(_below(path, unknown[0]), "is not a member of a condition")
        attribute, operator = _attribute(tree, path), _operator(tree, path)
        ignore_case, inverted = _flag(tree, "caseInsensitive", path), _flag(tree, "inverted", path)
        if attribute == "now" and operator not in NUMERIC | {"date_after", "date_before"}:
            raise ConditionError(_below(path, "operator"), f"{operator} does not go with now")
        if ignore_case and (operator in CASE_SENSITIVE or operator == "segment"):
            raise ConditionError(_below(path, "caseInsensitive"), f"does not go with {operator}")
        values = _values(tree, operator, path)
        try:
            test = self._test(operator, values, ignore_case)
        except ValueError as error:
            raise ConditionError(_below(path, "values"), str(error)) from None
        required = {}
        if operator == "in" and not ignore_case and not inverted and attribute != CAPABILITY:
            required = {attribute: frozenset(values)}
        matches = _leaf_matches(attribute, operator, test, inverted)
        return Condition(matches, _leaf_explainer(attribute, operator, matches, inverted), required)

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


def _below(path: str, member: str) -> str:
    return f"{path}.{member}" if path else member


def _attribute(tree: Mapping[str, Any], path: str) -> str:
    name = tree["attribute"]
    if not isinstance(name, str) or not (name in ATTRIBUTES or _custom(name)):
        raise ConditionError(_below(path, "attribute"), f"{name!r} is not an attribute")
    return name


def _operator(tree: Mapping[str, Any], path: str) -> str:
    name = tree.get("operator")
    if not isinstance(name, str) or not (name in OPERATORS or name == "segment"):
        raise ConditionError(_below(path, "operator"), f"{name!r} is not an operator")
    return name


def _flag(tree: Mapping[str, Any], member: str, path: str) -> bool:
    value = tree.get(member, False)
    if not isinstance(value, bool):
        raise ConditionError(_below(path, member), "must be true or false")
    return value


def _values(tree: Mapping[str, Any], operator: str, path: str) -> list[Any]:
    values, place = tree.get("values"), _below(path, "values")
    if not isinstance(values, list | tuple) or not values:
        raise ConditionError(place, "must be a list with at least one value")
    if len(values) > MAX_VALUES:
        raise ConditionError(place, f"more than {MAX_VALUES} values; make it a segment")
    for index, value in enumerate(values):
        is_number = operator in NUMERIC and isinstance(value, int | float) and not isinstance(value, bool)
        if not isinstance(value, str) and not is_number:
            raise ConditionError(f"{place}[{index}]", "must be a text")
    return list(values)


def _leaf_matches(attribute: str, operator: str, test: Test, inverted: bool) -> Matches:
    if attribute == CAPABILITY:
        return _of_many(operator, test, inverted)
    if inverted:

        def differs(context: Context) -> bool:
            value = context.get(attribute)
            return value is not None and test(value) is False

        return differs

    def holds(context: Context) -> bool:
        value = context.get(attribute)
        return value is not None and test(value) is True

    if operator == "in":  # None is in no list of texts, which saves a step

        def is_member(context: Context) -> bool:
            return test(context.get(attribute)) is True

        return is_member if getattr(test, "__self__", None) is not None else holds
    return holds


def _of_many(operator: str, test: Test, inverted: bool) -> Matches:
    """For an attribute with many values: one must pass; of what is negative, all must."""
    is_negative = inverted != (operator in {"not_in", "version_out_of_range"})

    def matches(context: Context) -> bool:
        values = context.get(CAPABILITY)
        if not values:
            return False
        outcomes = [test(value) for value in values]
        wanted = not inverted
        return all(found is wanted for found in outcomes) if is_negative else wanted in outcomes

    return matches


def _leaf_explainer(
    attribute: str, operator: str, matches: Matches, inverted: bool
) -> Callable[[Context, str], Clause]:
    text = f"{attribute} {operator}" + (" (inverted)" if inverted else "")

    def explain(context: Context, path: str) -> Clause:
        return Clause(path, text, matches(context), context.get(attribute) in (None, "", (), frozenset()))

    return explain


def _negation(part: Condition) -> Condition:
    inner = part.matches

    def explain(context: Context, path: str) -> Clause:
        clause = part.explain(context, _below(path, "not"))
        return clause._replace(text=f"not {clause.text}", matched=not clause.matched)

    return Condition(lambda context: not inner(context), explain, {})


def _all(parts: list[Condition]) -> Condition:
    tests = tuple(part.matches for part in parts)

    def matches(context: Context) -> bool:
        for test in tests:  # noqa: SIM110 - all() over a generator takes twice as long
            if not test(context):
                return False
        return True

    def explain(context: Context, path: str) -> Clause:
        for index, part in enumerate(parts):
            clause = part.explain(context, f"{_below(path, 'all')}[{index}]")
            if not clause.matched:
                return clause
        return Clause(_below(path, "all"), f"all {len(parts)} hold", True)

    if len(parts) == 1:
        return Condition(tests[0], explain, parts[0].required)
    required: dict[str, frozenset[str]] = {}
    for part in parts:
        for name, values in part.required.items():
            required[name] = values if name not in required else required[name] & values
    return Condition(matches, explain, required)


def _any(parts: list[Condition]) -> Condition:
    tests = tuple(part.matches for part in parts)

    def matches(context: Context) -> bool:
        for test in tests:  # noqa: SIM110 - as above
            if test(context):
                return True
        return False

    def explain(context: Context, path: str) -> Clause:
        first: Clause | None = None
        for index, part in enumerate(parts):
            clause = part.explain(context, f"{_below(path, 'any')}[{index}]")
            if clause.matched:
                return clause
            first = first or clause
        return first or Clause(_below(path, "any"), "any of nothing", False)

    if len(parts) == 1:
        return Condition(tests[0], explain, parts[0].required)
    return Condition(matches, explain, _common_requirements(parts))


def _common_requirements(parts: list[Condition]) -> Mapping[str, frozenset[str]]:
    """What every alternative asks for, values joined."""
    names = set.intersection(*(set(part.required) for part in parts)) if parts else set()
    return {name: frozenset().union(*(part.required[name] for part in parts)) for name in names}
