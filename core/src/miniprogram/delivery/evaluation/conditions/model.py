"""Compiled conditions: functions of a context, and the clause by which a tree came out as it did.

A context is a mapping from attribute names to texts; `capability` is a collection of texts, `now` milliseconds
since the epoch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from miniprogram.delivery.evaluation.conditions.operators import Test

MAX_DEPTH = 8
MAX_CONDITIONS = 500

ATTRIBUTES = (
    "userId", "deviceId", "tenantId", "hostApp", "hostVersion", "sdkVersion", "platform", "osVersion",
    "deviceBrand", "deviceModel", "network", "country", "region", "city", "locale", "capability", "currentVersion",
    "environment", "ip", "now",
)  # fmt: skip
"""Every attribute but the host's own ones, `custom.NAME`."""

CAPABILITY = "capability"

Context = Mapping[str, Any]
Matches = Callable[[Context], bool]
FindSegment = Callable[[str], Test]
"""The test behind a segment's name. Raises ValueError for an unknown one."""


def below(path: str, member: str) -> str:
    """The path of a member of what stands at `path`."""
    return f"{path}.{member}" if path else member


class ConditionError(ValueError):
    """A condition cannot be compiled. `path` says which one: `all[1].any[0].values`."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}" if path else reason)
        self.path = path
        self.reason = reason


class Clause(NamedTuple):
    """The clause that settled a tree: where it stands, what it asks (no values), and how it came out."""

    path: str
    text: str
    matched: bool
    attribute_missing: bool = False


class Condition(NamedTuple):
    """A compiled tree."""

    matches: Matches
    explain: Callable[[Context, str], Clause]
    required: Mapping[str, frozenset[str]]
    """Attributes that must have one of these values for the tree to match; for indexes. Not complete."""
    holds_at: str | None = None
    """The path of the clause by which the tree matches, where that is always the same one."""
