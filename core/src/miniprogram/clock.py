"""Time as the contract writes it: aware UTC, ISO 8601 with `Z` and exactly three fraction digits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns the present moment as an aware UTC datetime."""


def utc_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def to_iso(instant: datetime) -> str:
    """`2030-01-02T03:04:05.678Z`. Raises ValueError for a naive datetime."""
    if instant.tzinfo is None:
        raise ValueError("a naive datetime has no place in a document")
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
