"""Record values as JSON and back, without losing what they were.

What JSON can say stays as it is. Anything else is an object with one key that starts with a dollar sign:

| written as | is |
|---|---|
| `{"$binary": "aGk="}` | bytes, base64 |
| `{"$number": "12345678901234567890"}` | a number other JSON readers would round, or NaN, Infinity, -Infinity |
| `{"$timestamp": "2030-01-02T03:04:05.678901Z"}` | a moment in UTC; with more digits a `Tagged` that keeps them |
| `{"$stringSet": […]}`, `{"$numberSet": […]}`, `{"$binarySet": […]}` | a set; its members as texts, sorted |
| `{"$map": {…}}` | a mapping whose only key starts with a dollar sign itself |
| `{"$…": …}` | anything else a store may tag with `Tagged` |
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

SAFE_INTEGER = 2**53
"""Up to here a double is exact, which is all that many JSON readers have."""
MAX_DEPTH = 64


@dataclass(frozen=True, slots=True)
class Tagged:
    """A value only its own store knows, such as a reference. `value` is JSON, `tag` has no dollar sign."""

    tag: str
    value: Any


def to_json(value: Any) -> Any:
    """`value` as JSON. Raises TypeError for what no record can hold."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | float | Decimal):
        return _number(value)
    if isinstance(value, Mapping):
        members = {name: to_json(member) for name, member in value.items()}
        return {"$map": members} if _looks_tagged(members) else members
    if isinstance(value, list | tuple):
        return [to_json(member) for member in value]
    return _tagged(value)


def from_json(value: Any, *, depth: int = 0) -> Any:
    """What `to_json` was given. Raises ValueError saying what is wrong with `value`."""
    if depth > MAX_DEPTH:
        raise ValueError("it is nested too deeply")
    if isinstance(value, list):
        return [from_json(member, depth=depth + 1) for member in value]
    if not isinstance(value, dict):
        return value
    if _looks_tagged(value):
        [(tag, inner)] = value.items()
        return _untag(tag[1:], inner, depth)
    return {name: from_json(member, depth=depth + 1) for name, member in value.items()}


def plain_number(number: Decimal) -> int | Decimal:
    """A whole number as int as long as a double is exact there, everything else as it is."""
    if number == number.to_integral_value() and abs(number) <= SAFE_INTEGER:
        return int(number)
    return number


def _looks_tagged(members: Mapping[str, Any]) -> bool:
    return len(members) == 1 and next(iter(members)).startswith("$")


def _number(value: float | Decimal) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else {"$number": _special(value)}
    if isinstance(value, int):
        return value if abs(value) <= SAFE_INTEGER else {"$number": str(value)}
    if not value.is_finite():
        return {"$number": _special(float(value))}
    small = plain_number(value)
    if isinstance(small, int):
        return small
    near = float(value)
    return near if math.isfinite(near) and Decimal(repr(near)) == value else {"$number": str(value)}


def _special(value: float) -> str:
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _tagged(value: Any) -> dict[str, Any]:
    if isinstance(value, bytes | bytearray):
        return {"$binary": base64.b64encode(value).decode()}
    if isinstance(value, datetime):
        return {"$timestamp": value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")}
    if isinstance(value, Tagged):
        return {f"${value.tag}": value.value}
    if isinstance(value, set | frozenset) and value:
        return _set(value)
    raise TypeError(f"{type(value).__name__} cannot be part of a record")


def _set(members: set[Any] | frozenset[Any]) -> dict[str, Any]:
    if all(isinstance(member, str) for member in members):
        return {"$stringSet": sorted(members)}
    if all(isinstance(member, bytes) for member in members):
        return {"$binarySet": sorted(base64.b64encode(member).decode() for member in members)}
    return {"$numberSet": [str(member) for member in sorted(members)]}


def _untag(tag: str, inner: Any, depth: int) -> Any:
    if tag == "map":
        if not isinstance(inner, dict):
            raise ValueError("$map must hold an object")
        return {name: from_json(member, depth=depth + 1) for name, member in inner.items()}
    if tag == "number":
        return _read_number(inner)
    if tag == "binary":
        return _read_bytes(inner)
    if tag == "timestamp":
        return read_timestamp(inner)
    if tag.endswith("Set") and tag[:-3] in _SETS:
        return _read_set(tag, inner)
    return Tagged(tag, inner)


def _read_number(text: Any) -> int | float | Decimal:
    if text in ("NaN", "Infinity", "-Infinity"):
        return float(text)
    try:
        number = Decimal(text) if isinstance(text, str) else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite():
        raise ValueError(f"{text!r} is not a $number")
    return int(text) if text.lstrip("-").isdecimal() else number


def _read_bytes(text: Any) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, TypeError, ValueError):
        raise ValueError("$binary must hold base64") from None


def read_timestamp(text: Any) -> datetime | Tagged:
    """A moment; as Tagged `timestamp` where it is finer than a datetime can say. Raises ValueError."""
    try:
        instant = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        instant = None
    if instant is None or instant.tzinfo is None:
        raise ValueError(f"{text!r} is not a $timestamp")
    fraction = re.search(r"\.(\d+)", text)
    if fraction and fraction[1][6:].strip("0"):
        return Tagged("timestamp", text)
    return instant.astimezone(UTC)


_SETS = {"string": lambda text: text, "number": _read_number, "binary": _read_bytes}


def _read_set(tag: str, inner: Any) -> frozenset[Any]:
    if not isinstance(inner, list) or not inner or not all(isinstance(member, str) for member in inner):
        raise ValueError(f"${tag} must hold a list of texts with at least one")
    members = [_SETS[tag[:-3]](member) for member in inner]
    if len(set(members)) != len(members):
        raise ValueError(f"${tag} holds a member twice")
    return frozenset(members)
