"""The roles: what they are called, how long what they sign lives, and what their metadata may hold besides.

Times of life stand in the root, so that whoever signs again need not know them. Days, whole numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

TOP_LEVEL = ("root", "targets", "snapshot", "timestamp")
ONLINE = ("snapshot", "timestamp")
PROGRAM = "program"
"""What the life of every mini-program's role is called."""
LIVES: Mapping[str, int] = {"root": 365, "targets": 365, PROGRAM: 90, "snapshot": 7, "timestamp": 7}
LIVES_FIELD = "x-miniprogram-days"
WARN_BELOW = 1 / 3
"""The part of a life that is left when it is time to sign again."""
_PREFIX = f"{PROGRAM}-"


def role_of(program_id: str) -> str:
    """The delegated role that speaks for a mini-program."""
    return f"{_PREFIX}{program_id}"


def program_of(role: str) -> str | None:
    """The mini-program a role speaks for; None for a role of the top level."""
    return role.removeprefix(_PREFIX) if role.startswith(_PREFIX) else None


def target_path(program_id: str, version: str) -> str:
    """What a signed version is called in the metadata."""
    return f"{program_id}/{version}.json"


def life_of(role: str, root_fields: Mapping[str, Any]) -> int:
    """Days that the metadata of `role` lives, by the unrecognised fields of the root in force."""
    kind = role if role in TOP_LEVEL else PROGRAM
    stored = root_fields.get(LIVES_FIELD)
    days = stored.get(kind) if isinstance(stored, dict) else None
    return days if isinstance(days, int) and not isinstance(days, bool) and days > 0 else LIVES[kind]


def expiry(role: str, root_fields: Mapping[str, Any], now: datetime) -> datetime:
    """When metadata of `role` that is signed now expires."""
    return (now + timedelta(days=life_of(role, root_fields))).replace(microsecond=0)


def is_due(role: str, root_fields: Mapping[str, Any], expires: datetime, now: datetime) -> bool:
    """Whether a third of the life is left, or less."""
    return expires - now <= timedelta(days=life_of(role, root_fields)) * WARN_BELOW
