"""Percentages: the formula, and what follows from it."""

from __future__ import annotations

import json
import math
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniprogram.delivery.evaluation.buckets import (
    bucket,
    is_inside,
    salted_digest,
    stickiness_key,
    stickiness_name,
)

ROWS = json.loads((Path(__file__).parents[1] / "vectors" / "buckets.json").read_text("utf-8"))
IDS = 200_000
points = st.integers(0, 10_000)


@pytest.fixture(scope="module")
def places() -> tuple[list[int], list[int]]:
    """The places of the same users in two releases."""
    return tuple([bucket(salt, f"user-{n}") for n in range(IDS)] for salt in ("5b0c1d", "e77f02"))  # type: ignore[return-value]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['salt']}:{row['key']}")
def test_buckets_are_as_the_vectors_say(row: dict[str, str | int]) -> None:
    assert bucket(row["salt"], row["key"]) == row["bucket"]


@given(st.text(), st.text(), points, points)
def test_raising_a_percentage_removes_nobody(salt: str, key: str, one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert not is_inside(salt, key, low) or is_inside(salt, key, high)


@given(st.text(), st.text())
def test_nobody_at_zero_and_everybody_at_ten_thousand(salt: str, key: str) -> None:
    assert (is_inside(salt, key, 0), is_inside(salt, key, 10_000)) == (False, True)


@given(st.text(), st.text())
def test_a_percentage_lets_in_exactly_the_places_below_it(salt: str, key: str) -> None:
    place = bucket(salt, key)

    assert (is_inside(salt, key, place), is_inside(salt, key, place + 1)) == (False, True)


def test_the_first_and_the_last_place_are_met_at_their_boundaries() -> None:
    """Place 0 is the one that `<=` would let in at 0 %."""
    first = next(str(number) for number in range(10**6) if bucket("s", str(number)) == 0)
    last = next(str(number) for number in range(10**6) if bucket("s", str(number)) == 9_999)

    assert [is_inside("s", first, share) for share in (0, 1)] == [False, True]
    assert [is_inside("s", last, share) for share in (9_999, 10_000)] == [False, True]


def test_nobody_without_a_key() -> None:
    assert not is_inside("s", None, 10_000)


@pytest.mark.parametrize("percent", [1, 10, 50, 99])
@pytest.mark.parametrize("release", [0, 1])
def test_counts_are_within_four_sigma(places: tuple[list[int], list[int]], percent: int, release: int) -> None:
    share = percent / 100
    inside = sum(place < percent * 100 for place in places[release])

    assert abs(inside - IDS * share) <= 4 * math.sqrt(IDS * share * (1 - share))


def test_two_releases_are_independent(places: tuple[list[int], list[int]]) -> None:
    """Chi-squared over 10 × 10 cells, 81 degrees of freedom: above 138 in one of 10,000 fair draws."""
    cells = [[0] * 10 for _ in range(10)]
    for first, second in zip(*places, strict=True):
        cells[first // 1000][second // 1000] += 1
    rows, columns = [sum(row) for row in cells], [sum(column) for column in zip(*cells, strict=True)]
    expected = [[row * column / IDS for column in columns] for row in rows]

    statistic = sum((cells[i][j] - expected[i][j]) ** 2 / expected[i][j] for i in range(10) for j in range(10))

    assert statistic < 138


@pytest.mark.parametrize(
    ("attributes", "name"),
    [
        ({"userId": "u", "deviceId": "d"}, "userId"),
        ({"deviceId": "d"}, "deviceId"),
        ({"userId": "", "deviceId": "d"}, "deviceId"),
        ({}, None),
    ],
    ids=["user", "device", "empty user", "neither"],
)
def test_the_user_goes_before_the_device(attributes: dict[str, str], name: str | None) -> None:
    assert stickiness_name(attributes) == name
    assert stickiness_key(attributes) == attributes.get(name or "")


def test_ids_are_listed_by_their_salted_digest() -> None:
    assert salted_digest("s", "ann") == sha256(b"s:ann").hexdigest()
    assert salted_digest("s", "\udc80") != salted_digest("s", "\udc81")
