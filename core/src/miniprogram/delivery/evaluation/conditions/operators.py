"""What conditions can ask about one value: operator names and the tests behind them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from miniprogram.delivery.evaluation.conditions.patterns import compile_pattern
from miniprogram.delivery.evaluation.versions.semver import Version, VersionRange, parse_sent

Test = Callable[[Any], bool | None]
"""Of a value: whether it passes; None when it is not of the kind the operator reads."""

Make = Callable[[Sequence[Any], bool], Test]
"""A test from the condition's values and `caseInsensitive`. Raises ValueError."""

MAX_VALUES = 10_000

_number = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?").fullmatch
_dotted = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9}){0,7}").fullmatch
_date = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[Tt ]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?)"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2}))?"
).fullmatch


def epoch_ms(value: Any) -> int | None:
    """Milliseconds since the epoch: of a number that already is that, or of an ISO 8601 time or date."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return int(value)
    match = _date(value) if isinstance(value, str) else None
    if match is None:
        return None
    from datetime import datetime  # conditions on dates are few

    day, time, zone = match.groups()
    fraction = time and time.partition(".")[2]
    if fraction:
        time = f"{time.partition('.')[0]}.{fraction[:6]:0<6}"
    zone = "+00:00" if zone in {None, "Z", "z"} else zone
    try:
        return round(datetime.fromisoformat(f"{day}T{time or '00:00'}{zone}").timestamp() * 1000)
    except ValueError:
        return None


def dotted(text: Any) -> tuple[int, ...] | None:
    """An operating system's version, comparable: trailing zeros do not count. None for other texts."""
    if not isinstance(text, str) or _dotted(text) is None:
        return None
    numbers = [int(part) for part in text.split(".")]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def _as_number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    return float(value) if isinstance(value, str) and _number(value) else None


def _as_version(value: Any) -> Version | None:
    try:
        return parse_sent(value)
    except (ValueError, TypeError):
        return None


def _one(values: Sequence[Any]) -> Any:
    if len(values) != 1:
        raise ValueError("takes exactly one value")
    return values[0]


def _membership(values: Sequence[Any], ignore_case: bool) -> Test:
    if ignore_case:
        lowered = frozenset(value.lower() for value in values)
        return lambda text: text.lower() in lowered
    return frozenset(values).__contains__


def _absence(values: Sequence[Any], ignore_case: bool) -> Test:
    is_member = _membership(values, ignore_case)
    return lambda text: not is_member(text)


def _substring(values: Sequence[Any], ignore_case: bool) -> Test:
    parts = _cased(values, ignore_case)
    if ignore_case:
        return lambda text: any(part in text.lower() for part in parts)
    return lambda text: any(part in text for part in parts)


def _prefix(values: Sequence[Any], ignore_case: bool) -> Test:
    parts = _cased(values, ignore_case)
    return (lambda text: text.lower().startswith(parts)) if ignore_case else (lambda text: text.startswith(parts))


def _suffix(values: Sequence[Any], ignore_case: bool) -> Test:
    parts = _cased(values, ignore_case)
    return (lambda text: text.lower().endswith(parts)) if ignore_case else (lambda text: text.endswith(parts))


def _cased(values: Sequence[Any], ignore_case: bool) -> tuple[str, ...]:
    return tuple(value.lower() if ignore_case else value for value in values)


def _comparison(read: Callable[[Any], Any], kind: str, compare: Callable[[Any, Any], bool]) -> Make:
    """An operator that reads the attribute and its one value alike."""

    def make(values: Sequence[Any], _ignore_case: bool) -> Test:
        limit = read(_one(values))
        if limit is None:
            raise ValueError(f"{values[0]!r} is not {kind}")

        def test(value: Any) -> bool | None:
            found = read(value)
            return None if found is None else compare(found, limit)

        return test

    return make


def _semver_range(values: Sequence[Any], _ignore_case: bool) -> Test:
    allowed = VersionRange.parse(_one(values)).allows

    def test(value: Any) -> bool | None:
        version = _as_version(value)
        return None if version is None else allowed(version)

    return test


def _between(*, outcome: bool) -> Make:
    def make(values: Sequence[Any], _ignore_case: bool) -> Test:
        if len(values) != 2:
            raise ValueError("takes two values, the lowest and the highest")
        bounds = [dotted(value) if value else None for value in values]
        for value, bound in zip(values, bounds, strict=True):
            if value and bound is None:
                raise ValueError(f"{value!r} is not a version of dotted numbers")
        lowest, highest = bounds
        if lowest is not None and highest is not None and lowest > highest:
            raise ValueError("the lowest version is above the highest")

        def test(value: Any) -> bool | None:
            found = dotted(value)
            if found is None:
                return None
            is_inside = (lowest is None or found >= lowest) and (highest is None or found <= highest)
            return is_inside is outcome

        return test

    return make


def _regex(values: Sequence[Any], ignore_case: bool) -> Test:
    tests = [compile_pattern(value, ignore_case=ignore_case) for value in values]
    return tests[0] if len(tests) == 1 else lambda text: any(test(text) for test in tests)


def _cidr(values: Sequence[Any], _ignore_case: bool) -> Test:
    from ipaddress import ip_address, ip_network  # conditions on addresses are few

    networks = [ip_network(value.strip(), strict=False) for value in values]

    def test(value: Any) -> bool | None:
        try:
            address = ip_address(value)
        except ValueError:
            return None
        mapped = getattr(address, "ipv4_mapped", None)
        return any((mapped or address) in network for network in networks)

    return test


OPERATORS: dict[str, Make] = {
    "in": _membership,
    "not_in": _absence,
    "str_contains": _substring,
    "str_starts_with": _prefix,
    "str_ends_with": _suffix,
    "num_eq": _comparison(_as_number, "a number", lambda found, limit: found == limit),
    "num_gt": _comparison(_as_number, "a number", lambda found, limit: found > limit),
    "num_gte": _comparison(_as_number, "a number", lambda found, limit: found >= limit),
    "num_lt": _comparison(_as_number, "a number", lambda found, limit: found < limit),
    "num_lte": _comparison(_as_number, "a number", lambda found, limit: found <= limit),
    "date_after": _comparison(epoch_ms, "a time", lambda found, limit: found > limit),
    "date_before": _comparison(epoch_ms, "a time", lambda found, limit: found < limit),
    "semver_eq": _comparison(_as_version, "a version", lambda found, limit: found == limit),
    "semver_gt": _comparison(_as_version, "a version", lambda found, limit: found > limit),
    "semver_lt": _comparison(_as_version, "a version", lambda found, limit: found < limit),
    "semver_range": _semver_range,
    "version_in_range": _between(outcome=True),
    "version_out_of_range": _between(outcome=False),
    "regex": _regex,
    "cidr": _cidr,
}
"""All but `segment`, which needs to know the segments."""

CASE_SENSITIVE = frozenset(OPERATORS) - {
    "in", "not_in", "str_contains", "str_starts_with", "str_ends_with", "regex",
}  # fmt: skip
"""Operators that refuse `caseInsensitive`."""

NUMERIC = frozenset(name for name in OPERATORS if name.startswith("num_"))
"""Operators whose values may be numbers."""
