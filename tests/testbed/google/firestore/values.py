"""Values: what the service stores, how large it counts them, and in which order they stand."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

from testbed.google.firestore.refusals import invalid

LARGEST_DOCUMENT = 1_048_576
DEEPEST = 20
LONGEST_FIELD = 1500

_RANKS = {
    "null_value": 0,
    "boolean_value": 1,
    "integer_value": 2,
    "double_value": 2,
    "timestamp_value": 3,
    "string_value": 4,
    "bytes_value": 5,
    "reference_value": 6,
    "geo_point_value": 7,
    "array_value": 8,
    "map_value": 10,
}


def kind(value: Any) -> str:
    """Which member of the message is set. Raises Refusal for none."""
    found = value.WhichOneof("value_type")
    if found is None:
        raise invalid("A value has no type.")
    if found not in _RANKS:
        raise invalid(f"A value of kind {found} cannot be stored.")
    return str(found)


def rank(value: Any) -> int:
    return _RANKS[kind(value)]


def order(value: Any) -> tuple[Any, ...]:
    """A key that sorts values as the service does: by type, then within it."""
    name = kind(value)
    inner = getattr(value, name)
    if name == "null_value":
        key: Any = 0
    elif name in ("integer_value", "double_value"):
        key = (0, 0) if isinstance(inner, float) and math.isnan(inner) else (1, inner)
    elif name == "timestamp_value":
        key = (inner.seconds, inner.nanos)
    elif name == "string_value":
        key = inner.encode()
    elif name == "reference_value":
        key = [part.encode() for part in inner.split("/")]
    elif name == "geo_point_value":
        key = (inner.latitude, inner.longitude)
    elif name == "array_value":
        key = [order(member) for member in inner.values]
    elif name == "map_value":
        key = [(field.encode(), order(inner.fields[field])) for field in sorted(inner.fields, key=str.encode)]
    else:
        key = inner
    return (_RANKS[name], key)


def same(one: Any, other: Any) -> bool:
    return order(one) == order(other)


def is_nan(value: Any) -> bool:
    return kind(value) == "double_value" and math.isnan(value.double_value)


def check_fields(name: str, fields: Any) -> None:
    """Raises Refusal for a document that the service does not store."""
    for field in fields:
        _check_name(field)
        _check(fields[field], depth=1, in_array=False)
    size = len(name.encode()) + 32 + _fields_size(fields)
    if size > LARGEST_DOCUMENT:
        raise invalid(
            f"Document '{name}' cannot be written because its size ({size:,} bytes) exceeds the maximum "
            f"allowed size of {LARGEST_DOCUMENT:,} bytes."
        )


def _check_name(field: str) -> None:
    if not field:
        raise invalid("A field has no name.")
    if re.fullmatch(r"__.*__", field):
        raise invalid(f'Field name "{field}" is reserved.')
    if len(field.encode()) > LONGEST_FIELD:
        raise invalid(f"A field's name has more than {LONGEST_FIELD} bytes.")


def _check(value: Any, *, depth: int, in_array: bool) -> None:
    name = kind(value)
    if depth > DEEPEST:
        raise invalid(f"A property is nested deeper than {DEEPEST} levels.")
    if name == "array_value":
        if in_array:
            raise invalid("Cannot convert an array value in an array value.")
        for member in value.array_value.values:
            _check(member, depth=depth + 1, in_array=True)
    elif name == "map_value":
        for field, member in value.map_value.fields.items():
            _check_name(field)
            _check(member, depth=depth + 1, in_array=False)
    elif name == "geo_point_value":
        point = value.geo_point_value
        if not (-90 <= point.latitude <= 90 and -180 <= point.longitude <= 180):
            raise invalid("A geo point is outside of the earth's coordinates.")


def settle_timestamps(fields: Any) -> None:
    """Round every timestamp down to microseconds, in place, as the service does when it stores."""
    for value in _all_values(fields):
        if value.WhichOneof("value_type") == "timestamp_value":
            value.timestamp_value.nanos -= value.timestamp_value.nanos % 1000


def _all_values(fields: Any) -> Iterator[Any]:
    waiting = list(fields.values())
    while waiting:
        value = waiting.pop()
        yield value
        if value.HasField("map_value"):
            waiting += value.map_value.fields.values()
        elif value.HasField("array_value"):
            waiting += value.array_value.values


def _fields_size(fields: Any) -> int:
    return sum(len(field.encode()) + 1 + _size(fields[field]) for field in fields)


def _size(value: Any) -> int:
    name = kind(value)
    inner = getattr(value, name)
    if name in ("null_value", "boolean_value"):
        return 1
    if name in ("string_value", "reference_value"):
        return len(inner.encode()) + 1
    if name == "bytes_value":
        return len(inner)
    if name == "geo_point_value":
        return 16
    if name == "array_value":
        return sum(_size(member) for member in inner.values)
    if name == "map_value":
        return 32 + _fields_size(inner.fields)
    return 8
