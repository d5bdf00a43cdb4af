"""DynamoDB attribute values as record values and back, losing nothing.

The SDK's own converter is not used: it gives numbers a context that may refuse them, and wraps binary values.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from miniprogram.backends.tagged_values import plain_number

Attribute = Mapping[str, Any]
"""`{"S": "text"}`, `{"N": "1"}`, …"""


def to_record(item: Mapping[str, Attribute]) -> dict[str, Any]:
    """An item of a table as a record."""
    return {name: _value(attribute) for name, attribute in item.items()}


def to_item(record: Mapping[str, Any]) -> dict[str, Attribute]:
    """A record as an item. Raises ValueError, naming the attribute, for what a table cannot hold."""
    item: dict[str, Attribute] = {}
    for name, value in record.items():
        try:
            item[name] = _attribute(value)
        except ValueError as error:
            raise ValueError(f"{name} {error}") from None
    return item


def _value(attribute: Attribute) -> Any:
    [(kind, inner)] = attribute.items()
    if kind == "NULL":
        return None
    if kind == "N":
        return plain_number(Decimal(inner))
    if kind == "M":
        return {name: _value(member) for name, member in inner.items()}
    if kind == "L":
        return [_value(member) for member in inner]
    if kind == "NS":
        return frozenset(plain_number(Decimal(member)) for member in inner)
    return frozenset(inner) if kind in ("SS", "BS") else inner


def _attribute(value: Any) -> dict[str, Any]:
    if value is None:
        return {"NULL": True}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, int | float | Decimal):
        return {"N": _number(value)}
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, bytes):
        return {"B": value}
    return _collection(value)


def _collection(value: Any) -> dict[str, Any]:
    if isinstance(value, Mapping):
        return {"M": to_item(value)}
    if isinstance(value, list | tuple):
        return {"L": [_attribute(member) for member in value]}
    if isinstance(value, frozenset | set):
        return _set(value)
    raise ValueError(f"holds a {type(value).__name__}, which a table has no kind for")


def _set(members: frozenset[Any] | set[Any]) -> dict[str, Any]:
    if all(isinstance(member, str) for member in members):
        return {"SS": sorted(members)}
    if all(isinstance(member, bytes) for member in members):
        return {"BS": sorted(members)}
    return {"NS": [_number(member) for member in sorted(members)]}


def _number(value: float | Decimal) -> str:
    if isinstance(value, float) and math.isfinite(value):
        return repr(value)
    if isinstance(value, float) or (isinstance(value, Decimal) and not value.is_finite()):
        raise ValueError("holds a number that is not finite")
    return str(value)
