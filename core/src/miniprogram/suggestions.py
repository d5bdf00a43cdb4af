"""The name somebody probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_MAX_WORD = 64
"""Longer texts are no misspelt names, and comparing them is slow."""
_MAX_POOL = 400
"""Larger pools (icon names) are narrowed to names with the same first letter before comparing."""


def closest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate most like `word`, by case first, then by spelling; None when none is near."""
    if not word or len(word) > _MAX_WORD:
        return None
    pool = [name for name in candidates if name]
    folded = word.casefold()
    for name in pool:
        if name.casefold() == folded:
            return name
    if len(pool) > _MAX_POOL:
        pool = [name for name in pool if name[0] == folded[0]]
    near = get_close_matches(word, pool, n=1, cutoff=0.7)
    return near[0] if near else None


def did_you_mean(word: str, candidates: Iterable[str]) -> str | None:
    """`did you mean "text"?`, or None."""
    name = closest(word, candidates)
    return None if name is None else f'did you mean "{name}"?'
