"""Record values as JSON and back."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniprogram.backends.tagged_values import Tagged, from_json, to_json

numbers = st.integers() | st.floats(allow_nan=False) | st.decimals(allow_nan=False, allow_infinity=False)
scalars = st.none() | st.booleans() | st.text() | st.binary() | numbers | st.datetimes(timezones=st.just(UTC))
sets = (
    st.frozensets(st.text(), min_size=1)
    | st.frozensets(st.binary(), min_size=1)
    | st.frozensets(st.integers(), min_size=1)
)
values = st.recursive(
    scalars | sets,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=4) | st.just("$map") | st.just("$binary"), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(values)
def test_every_value_comes_back_from_a_file(value: Any) -> None:
    written = json.dumps(to_json(value), allow_nan=False, ensure_ascii=True)
    assert exactly(from_json(json.loads(written))) == exactly(value)


def exactly(value: Any) -> Any:
    """A float stands for the number it is written as."""
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, dict):
        return {name: exactly(member) for name, member in value.items()}
    return [exactly(member) for member in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (b"hi", {"$binary": "aGk="}),
        (2**53, 2**53),
        (2**53 + 1, {"$number": "9007199254740993"}),
        (Decimal("1.5"), 1.5),
        (Decimal("0.1234567890123456789012"), {"$number": "0.1234567890123456789012"}),
        (math.inf, {"$number": "Infinity"}),
        (frozenset({"b", "a"}), {"$stringSet": ["a", "b"]}),
        (frozenset({2, 1}), {"$numberSet": ["1", "2"]}),
        ({"$x": 1}, {"$map": {"$x": 1}}),
        ({"$x": 1, "y": 2}, {"$x": 1, "y": 2}),
        (datetime(2030, 1, 2, tzinfo=UTC), {"$timestamp": "2030-01-02T00:00:00.000000Z"}),
        (Tagged("reference", "a/b"), {"$reference": "a/b"}),
    ],
    ids=lambda value: str(sorted(value, key=str) if isinstance(value, frozenset) else value)[:30],
)
def test_the_written_form_is_fixed(value: Any, written: Any) -> None:
    assert to_json(value) == written
    assert from_json(written) == value


def test_numbers_that_are_none_come_back() -> None:
    assert math.isnan(from_json(to_json(math.nan)))


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ({"$binary": "a"}, "base64"),
        ({"$binary": 7}, "base64"),
        ({"$number": "x"}, "number"),
        ({"$number": []}, "number"),
        ({"$number": "sNaN"}, "number"),
        ({"$timestamp": "today"}, "timestamp"),
        ({"$timestamp": "2030-01-02T00:00:00"}, "timestamp"),
        ({"$stringSet": []}, "at least one"),
        ({"$stringSet": ["a", "a"]}, "twice"),
        ({"$numberSet": ["1", "1.0"]}, "twice"),
        ({"$map": 1}, "object"),
    ],
)
def test_what_was_never_written_is_one_sentence(written: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        from_json(written)


def test_too_deep_is_one_sentence() -> None:
    deep: Any = 0
    for _ in range(100):
        deep = [deep]
    with pytest.raises(ValueError, match="deeply"):
        from_json(deep)


def test_what_no_record_holds_is_refused() -> None:
    with pytest.raises(TypeError, match="object"):
        to_json(object())
