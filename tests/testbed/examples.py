"""How many examples a property is tried with."""

from __future__ import annotations

from hypothesis import settings


def examples(count: int) -> int:
    """`count` of them where a property that asks for no number has 100, and in proportion in other profiles."""
    return max(1, count * settings.default.max_examples // 100)
