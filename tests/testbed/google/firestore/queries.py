"""Structured queries over the documents of a database, with the indexes that exist without anybody making one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cmp_to_key
from typing import Any

from google.cloud.firestore_v1 import types
from testbed.google.firestore import names, values
from testbed.google.firestore.database import Database, Document, found_at
from testbed.google.firestore.refusals import Refusal, invalid

Value = types.Value.pb()
NAME = "__name__"
_EQUAL, _MANY = ("EQUAL", "IN"), ("IN", "NOT_IN", "ARRAY_CONTAINS_ANY")
_LESS = ("LESS_THAN", "LESS_THAN_OR_EQUAL", "GREATER_THAN", "GREATER_THAN_OR_EQUAL")
_UNEQUAL = (*_LESS, "NOT_EQUAL", "NOT_IN")
_UNARY = {"IS_NAN": "EQUAL", "IS_NULL": "EQUAL", "IS_NOT_NAN": "NOT_EQUAL", "IS_NOT_NULL": "NOT_EQUAL"}
MOST_MEMBERS = 30
_FILTER = types.StructuredQuery.FieldFilter.Operator
_UNARY_FILTER = types.StructuredQuery.UnaryFilter.Operator
_DIRECTION = types.StructuredQuery.Direction
_COMPOSITE = types.StructuredQuery.CompositeFilter.Operator

Order = list[tuple[str, bool]]
"""Field paths, and whether they go down."""


def run(database: Database, parent: str, query: Any) -> list[Any]:
    """The documents that `query` finds below `parent`, as it selects and orders them."""
    names.require_parent(parent)
    if len(query.from_) != 1:
        raise invalid("A query names one collection.")
    [collection] = query.from_
    used = list(_filters(query.where)) if query.HasField("where") else []
    order = _order(query, used)
    _require_index(order, used, group=collection.all_descendants)
    found = [
        each
        for each in database.all()
        if _inside(each.name, parent, collection)
        and all(_value(each, path) is not None for path, _ in order)
        and (not query.HasField("where") or _holds(each, query.where))
    ]
    found.sort(key=cmp_to_key(lambda one, other: _compare(_keys(one, order), _keys(other, order), order)))
    found = _between(found, query, order)
    found = found[query.offset :]
    if query.HasField("limit"):
        if query.limit.value < 0:
            raise invalid("limit is negative")
        found = found[: query.limit.value]
    return [selected(each, query) for each in found]


def aggregate(documents: Iterable[Any], aggregation: Any) -> Any:
    """One result of an aggregation query."""
    found = list(documents)
    which = aggregation.WhichOneof("operator")
    if which == "count":
        limit = aggregation.count.up_to.value if aggregation.count.HasField("up_to") else len(found)
        return Value(integer_value=min(len(found), limit))
    path = getattr(aggregation, which).field.field_path
    numbers = [
        getattr(value, str(value.WhichOneof("value_type")))
        for value in (_value(each, path) for each in found)
        if value is not None and value.WhichOneof("value_type") in ("integer_value", "double_value")
    ]
    if which == "sum":
        total = sum(numbers)
        return Value(integer_value=total) if isinstance(total, int) else Value(double_value=total)
    return Value(double_value=sum(numbers) / len(numbers)) if numbers else Value(null_value=0)


def _inside(name: str, parent: str, collection: Any) -> bool:
    if collection.collection_id and names.collection_of(name) != collection.collection_id:
        return False
    if collection.all_descendants:
        return name.startswith(f"{parent}/")
    return names.parent_of(name) == parent


def _filters(node: Any) -> Iterable[tuple[str, str]]:
    """Every field that is asked, with its operator."""
    which = node.WhichOneof("filter_type")
    if which == "composite_filter":
        if not node.composite_filter.filters:
            raise invalid("A composite filter has no parts.")
        for part in node.composite_filter.filters:
            yield from _filters(part)
    elif which == "field_filter":
        operator = _FILTER(node.field_filter.op).name
        asked = node.field_filter.value
        if operator in _MANY:
            if asked.WhichOneof("value_type") != "array_value" or not asked.array_value.values:
                raise invalid(f"'{operator}' requires a non-empty array value.")
            if len(asked.array_value.values) > MOST_MEMBERS:
                raise invalid(f"'{operator}' supports up to {MOST_MEMBERS} comparison values.")
        yield node.field_filter.field.field_path, operator
    elif which == "unary_filter":
        yield node.unary_filter.field.field_path, _UNARY[_UNARY_FILTER(node.unary_filter.op).name]
    else:
        raise invalid("A filter has no kind.")


def _order(query: Any, used: list[tuple[str, str]]) -> Order:
    """The whole order: as asked, then the fields of inequalities, then the name."""
    order = [(each.field.field_path, each.direction == _DIRECTION.DESCENDING) for each in query.order_by]
    down = order[-1][1] if order else False
    order += [
        (path, down)
        for path in sorted({path for path, operator in used if operator in _UNEQUAL})
        if path not in [known for known, _ in order]
    ]
    if NAME not in [path for path, _ in order]:
        order.append((NAME, order[-1][1] if order else False))
    return order


def _require_index(order: Order, used: list[tuple[str, str]], *, group: bool) -> None:
    """Raises Refusal where the service would ask for a composite index, or one over a collection group."""
    sorted_by = {path for path, _ in order if path != NAME}
    equal = {path for path, operator in used if operator in _EQUAL and path != NAME}
    contains = {path for path, operator in used if operator.startswith("ARRAY")}
    composite = (
        len(sorted_by) > 1 or (sorted_by and (equal | contains) - sorted_by) or (equal and contains - equal)
    )
    if composite or (group and (sorted_by or equal or contains)):
        raise Refusal("FAILED_PRECONDITION", "The query requires an index. You can create it in the console.")


def _holds(document: Any, node: Any) -> bool:
    which = node.WhichOneof("filter_type")
    if which == "composite_filter":
        parts = (_holds(document, part) for part in node.composite_filter.filters)
        return any(parts) if _COMPOSITE(node.composite_filter.op).name == "OR" else all(parts)
    if which == "unary_filter":
        value = _value(document, node.unary_filter.field.field_path)
        return value is not None and _unary(_UNARY_FILTER(node.unary_filter.op).name, value)
    asked = node.field_filter
    value = _value(document, asked.field.field_path)
    return value is not None and _OPERATORS[_FILTER(asked.op).name](value, asked.value)


def _unary(operator: str, value: Any) -> bool:
    is_null = values.kind(value) == "null_value"
    if operator == "IS_NULL":
        return is_null
    if operator == "IS_NAN":
        return values.is_nan(value)
    return not is_null and (operator == "IS_NOT_NULL" or not values.is_nan(value))


def _less(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """Inequalities compare within one type, and nothing with NaN."""

    def holds(value: Any, asked: Any) -> bool:
        if values.rank(value) != values.rank(asked) or values.is_nan(value) or values.is_nan(asked):
            return False
        return test(values.order(value), values.order(asked))

    return holds


def _equal(value: Any, asked: Any) -> bool:
    return not values.is_nan(asked) and values.kind(asked) != "null_value" and values.same(value, asked)


def _contains(value: Any, asked: Any) -> bool:
    members = value.array_value.values if values.kind(value) == "array_value" else ()
    return any(values.same(member, asked) for member in members)


def _differs(value: Any, asked: Any) -> bool:
    return values.kind(value) != "null_value" and not values.same(value, asked)


_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "LESS_THAN": _less(lambda one, other: one < other),
    "LESS_THAN_OR_EQUAL": _less(lambda one, other: one <= other),
    "GREATER_THAN": _less(lambda one, other: one > other),
    "GREATER_THAN_OR_EQUAL": _less(lambda one, other: one >= other),
    "EQUAL": _equal,
    "NOT_EQUAL": _differs,
    "ARRAY_CONTAINS": _contains,
    "IN": lambda value, asked: any(_equal(value, each) for each in asked.array_value.values),
    "NOT_IN": lambda value, asked: all(_differs(value, each) for each in asked.array_value.values),
    "ARRAY_CONTAINS_ANY": lambda value, asked: any(_contains(value, each) for each in asked.array_value.values),
}


def _value(document: Any, path: str) -> Any | None:
    if path == NAME:
        return Value(reference_value=document.name)
    return found_at(document.fields, names.field_path(path))


def _keys(document: Any, order: Order) -> list[Any]:
    return [values.order(_value(document, path)) for path, _ in order]


def _compare(one: list[Any], other: list[Any], order: Order) -> int:
    """Below, at or above zero, over as many keys as both have."""
    for left, right, (_, down) in zip(one, other, order, strict=False):
        if left != right:
            return -1 if (left < right) != down else 1
    return 0


def _between(found: list[Any], query: Any, order: Order) -> list[Any]:
    for name in ("start_at", "end_at"):
        if not query.HasField(name):
            continue
        cursor = getattr(query, name)
        if len(cursor.values) > len(order):
            raise invalid("A cursor has more values than the query has orders.")
        asked = [values.order(value) for value in cursor.values]
        places = [_compare(_keys(each, order), asked, order) for each in found]
        if name == "start_at":
            keep = [place > 0 or (place == 0 and cursor.before) for place in places]
        else:
            keep = [place < 0 or (place == 0 and not cursor.before) for place in places]
        found = [each for each, kept in zip(found, keep, strict=True) if kept]
    return found


def selected(document: Any, query: Any) -> Any:
    if not query.HasField("select") or not query.select.fields:
        return document
    made = Document(name=document.name, create_time=document.create_time, update_time=document.update_time)
    for each in query.select.fields:
        if each.field_path == NAME:
            continue
        path = names.field_path(each.field_path)
        value = found_at(document.fields, path)
        if value is not None:
            current = made.fields
            for part in path[:-1]:
                current = current[part].map_value.fields
            current[path[-1]].CopyFrom(value)
    return made
