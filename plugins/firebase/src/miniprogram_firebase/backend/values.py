"""Values of Firestore's REST interface as record values and back, losing nothing.

What Python has no type for is tagged: `$reference`, `$geoPoint`, and a `$timestamp` to the nanosecond.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from miniprogram.backends.tagged_values import Tagged, read_timestamp

LEAST, MOST = -(2**63), 2**63 - 1
"""Whole numbers that Firestore has."""

Value = Mapping[str, Any]
"""`{"stringValue": "text"}`, `{"integerValue": "1"}`, …"""


class FirestoreValues:
    """Values of one database: `projects/P/databases/D/documents`. References below it travel without its name."""

    def __init__(self, root: str) -> None:
        self._root = f"{root}/"

    def to_data(self, fields: Mapping[str, Value]) -> dict[str, Any]:
        """Fields of a document as a record's data."""
        return {name: self._read(value) for name, value in fields.items()}

    def to_fields(self, data: Mapping[str, Any], *, at: str = "") -> dict[str, Value]:
        """A record's data as fields. Raises ValueError, naming the member, for what Firestore cannot hold."""
        fields: dict[str, Value] = {}
        for name, value in data.items():
            member = f"{at}.{name}" if at else str(name)
            if not isinstance(name, str) or not name:
                raise ValueError(f"{member or 'a member'} has no text as its name")
            fields[name] = self._write(value, at=member)
        return fields

    def _read(self, value: Value) -> Any:
        [(kind, inner)] = value.items()
        reader = self._readers.get(kind)
        return reader(inner) if reader else inner

    @property
    def _readers(self) -> Mapping[str, Callable[[Any], Any]]:
        return {
            "nullValue": lambda _: None,
            "integerValue": int,
            "doubleValue": float,
            "bytesValue": base64.b64decode,
            "timestampValue": read_timestamp,
            "geoPointValue": _point,
            "referenceValue": self._reference,
            "mapValue": lambda inner: self.to_data(inner.get("fields", {})),
            "arrayValue": lambda inner: [self._read(each) for each in inner.get("values", ())],
        }

    def _reference(self, name: str) -> Tagged:
        own = name.startswith(self._root)
        return Tagged("reference", name.removeprefix(self._root) if own else {"name": name})

    def _write(self, value: Any, *, at: str, in_list: bool = False) -> dict[str, Any]:
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            return _number(value, at)
        for kind, write in _PLAIN.items():
            if isinstance(value, kind):
                return write(value)
        if isinstance(value, Mapping):
            return {"mapValue": {"fields": self.to_fields(value, at=at)}}
        if isinstance(value, list | tuple):
            if in_list:
                raise ValueError(f"{at} is a list in a list, which Firestore cannot hold")
            members = [self._write(each, at=f"{at}[{index}]", in_list=True) for index, each in enumerate(value)]
            return {"arrayValue": {"values": members}}
        if isinstance(value, Tagged):
            return self._tagged(value, at)
        raise ValueError(f"{at} holds a {type(value).__name__}, which Firestore has no kind for")

    def _tagged(self, value: Tagged, at: str) -> dict[str, Any]:
        inner = value.value
        if value.tag == "timestamp":
            return {"timestampValue": inner}
        if value.tag == "geoPoint" and isinstance(inner, Mapping) and set(inner) == {"latitude", "longitude"}:
            return {"geoPointValue": dict(inner)}
        if value.tag == "reference" and isinstance(inner, str):
            return {"referenceValue": f"{self._root}{inner}"}
        if value.tag == "reference" and isinstance(inner, Mapping) and isinstance(inner.get("name"), str):
            return {"referenceValue": inner["name"]}
        raise ValueError(f"{at} is tagged ${value.tag}, which Firestore has no kind for")


_PLAIN: Mapping[type, Callable[[Any], dict[str, Any]]] = {
    type(None): lambda _: {"nullValue": "NULL_VALUE"},
    bool: lambda value: {"booleanValue": value},
    str: lambda value: {"stringValue": value},
    bytes: lambda value: {"bytesValue": base64.b64encode(value).decode()},
    datetime: lambda value: {"timestampValue": value.astimezone(UTC).isoformat().replace("+00:00", "Z")},
}


def _point(inner: Mapping[str, Any]) -> Tagged:
    """A member that is zero is not sent."""
    return Tagged("geoPoint", {name: float(inner.get(name, 0.0)) for name in ("latitude", "longitude")})


def _number(value: float | Decimal, at: str) -> dict[str, Any]:
    if isinstance(value, float):
        return {"doubleValue": value if math.isfinite(value) else _special(value)}
    if isinstance(value, int) or value == value.to_integral_value():
        if not LEAST <= value <= MOST:
            raise ValueError(f"{at} is a whole number beyond 64 bits, which Firestore cannot hold")
        return {"integerValue": str(int(value))}
    if Decimal(float(value)) != value and Decimal(repr(float(value))) != value:
        raise ValueError(f"{at} has more digits than a number of Firestore")
    return {"doubleValue": float(value)}


def _special(value: float) -> str:
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
