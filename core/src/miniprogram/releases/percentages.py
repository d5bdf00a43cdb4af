"""Percentages as people write them, and as basis points (hundredths of a per cent), in which they are kept."""

from __future__ import annotations

import re

from miniprogram.refusals import Unacceptable

_plain = re.compile(r"([0-9]{1,3})(?:\.([0-9]+))?").fullmatch


def basis_points_of(text: str, *, what: str) -> int:
    """`12.5` as 1250. Raises Unacceptable for what is no plain number, too fine, or not from 0 to 100."""
    found = _plain(text.strip()) if text.isascii() else None
    if found is None:
        raise Unacceptable(f"{what} {text[:40]!r} is not a percentage such as 12.5")
    decimals = (found[2] or "").rstrip("0")
    if len(decimals) > 2:
        raise Unacceptable(f"{what} {text[:40]!r} is finer than a hundredth of a per cent")
    points = int(found[1]) * 100 + int(decimals.ljust(2, "0"))
    if points > 10_000:
        raise Unacceptable(f"{what} {text!r} is more than 100 per cent")
    return points
