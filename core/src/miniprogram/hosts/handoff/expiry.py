"""How long a partner package is good for, as said on the command line."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from miniprogram.errors import UsageError
from miniprogram.hosts.handoff.partner_package import parse_instant

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_DURATION = re.compile(r"(?P<count>[1-9][0-9]{0,5})(?P<unit>[mhdw])")


def expiry(*, expires_in: str | None, expires_at: str | None, now: datetime) -> datetime | None:
    """The moment asked for, aware UTC; None when neither option was given. Raises UsageError."""
    if expires_in and expires_at:
        raise UsageError("give --expires-in or --expires-at, not both")
    if expires_in:
        return _after(expires_in, now)
    return _at(expires_at, now) if expires_at else None


def _after(text: str, now: datetime) -> datetime:
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise UsageError(f"--expires-in {text!r} is not a number of m, h, d or w, such as 30d")
    try:
        return now + timedelta(**{_UNITS[match["unit"]]: int(match["count"])})
    except OverflowError:
        raise UsageError(f"--expires-in {text!r} is too far away") from None


def _at(text: str, now: datetime) -> datetime:
    try:
        instant = parse_instant(text)
    except (ValueError, OverflowError):
        instant = None
    if not isinstance(instant, datetime):
        raise UsageError(f"--expires-at {text!r} is not an ISO 8601 date or date and time")
    if instant <= now:
        raise UsageError(f"--expires-at {text!r} has passed already")
    return instant
