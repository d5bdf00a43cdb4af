"""How long a package is good for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from miniprogram.errors import UsageError
from miniprogram.hosts.handoff.expiry import expiry

NOW = datetime(2030, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "length"),
    [("90m", timedelta(minutes=90)), ("2h", timedelta(hours=2)), ("30d", timedelta(30)), ("1w", timedelta(7))],
)
def test_a_length_counts_from_now(text: str, length: timedelta) -> None:
    assert expiry(expires_in=text, expires_at=None, now=NOW) == NOW + length


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2030-02-01", datetime(2030, 2, 1, tzinfo=UTC)),
        ("2030-02-01T12:00:00+02:00", datetime(2030, 2, 1, 10, tzinfo=UTC)),
    ],
)
def test_a_moment_is_utc_unless_it_says_otherwise(text: str, moment: datetime) -> None:
    assert expiry(expires_in=None, expires_at=text, now=NOW) == moment


@pytest.mark.parametrize(
    ("expires_in", "expires_at"),
    [
        ("30", None),
        ("d", None),
        ("-1d", None),
        ("0d", None),
        ("1.5d", None),
        ("999999w", None),
        ("9999999d", None),
        (None, "soon"),
        (None, "2030-01-02"),
        (None, "2029-12-31"),
        (None, "0001-01-01T00:00:00+10:00"),
        ("1d", "2030-02-01"),
    ],
)
def test_other_texts_are_usage_errors(expires_in: str | None, expires_at: str | None) -> None:
    with pytest.raises(UsageError, match="--expires"):
        expiry(expires_in=expires_in, expires_at=expires_at, now=NOW)


def test_no_option_means_no_end() -> None:
    assert expiry(expires_in=None, expires_at=None, now=NOW) is None
