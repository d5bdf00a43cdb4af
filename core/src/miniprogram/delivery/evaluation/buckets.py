"""Percentages: who is inside a partial rollout. The formula is public, so that others can prove themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from miniprogram.delivery.evaluation.digests import sha256

WHOLE = 10_000
"""Basis points of everybody."""


def bucket(salt: str, key: str) -> int:
    """The number of `key` among 10,000 under `salt`: 0 to 9,999, each as likely as any other."""
    digest = sha256(f"{salt}:{key}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") * WHOLE >> 64


def is_inside(salt: str, key: str | None, basis_points: int) -> bool:
    """Whether `key` is among the first `basis_points`. Nobody without a key is."""
    return key is not None and bucket(salt, key) < basis_points


def stickiness_name(attributes: Mapping[str, Any]) -> str | None:
    """The attribute a visitor is known by: `userId`, else `deviceId`; None when neither was sent."""
    return "userId" if attributes.get("userId") else "deviceId" if attributes.get("deviceId") else None


def stickiness_key(attributes: Mapping[str, Any]) -> str | None:
    """What a visitor is known by; None when nothing is."""
    key: str | None = attributes.get("userId") or attributes.get("deviceId")
    return key


def salted_digest(salt: str, text: str) -> str:
    """How an id appears in lists that must not hold it: SHA-256 as lower-case hex."""
    return sha256(f"{salt}:{text}".encode("utf-8", "surrogatepass")).hexdigest()
