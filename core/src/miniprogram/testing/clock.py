"""A clock that stands still."""

from __future__ import annotations

from datetime import UTC, datetime

NOON = datetime(2030, 1, 2, 12, 0, 0, 123_000, tzinfo=UTC)
"""`2030-01-02T12:00:00.123Z`."""


def frozen_clock() -> datetime:
    """Always noon. Use it wherever a Clock is asked for."""
    return NOON
