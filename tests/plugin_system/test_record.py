"""Records behave like frozen dataclasses."""

from typing import Any

import pytest

from miniprogram.record import Record


class Point(Record):
    x: int
    y: int = 0


class Other(Record):
    x: int
    y: int = 0


def test_fields_are_given_by_place_or_name() -> None:
    assert Point(1, y=2) == Point(x=1, y=2)
    assert (Point(1).x, Point(1).y) == (1, 0)
    assert Point.fields == ("x", "y")


def test_equality_needs_the_same_type_and_fields() -> None:
    assert Point(1) == Point(1, 0)
    assert Point(1) != Point(2)
    assert Point(1) != Other(1)
    assert len({Point(1), Point(1, 0), Point(2)}) == 2


@pytest.mark.parametrize(
    ("values", "named"),
    [((), {}), ((1, 2, 3), {}), ((1,), {"x": 2}), ((1,), {"z": 2})],
    ids=["missing", "many", "twice", "unknown"],
)
def test_what_does_not_fit_is_refused(values: tuple[Any, ...], named: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="Point"):
        Point(*values, **named)


def test_it_cannot_be_changed() -> None:
    with pytest.raises(AttributeError, match="Point"):
        Point(1).x = 2  # type: ignore[misc]


def test_it_shows_its_fields() -> None:
    assert repr(Point(1)) == "Point(x=1, y=0)"


def test_it_may_be_subscripted_as_generics_are() -> None:
    assert Point[int] is Point  # type: ignore[misc]
