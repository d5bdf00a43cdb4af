"""How often Python searches for circles of garbage while a command makes many objects and next to no circles."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

OBJECTS = 200_000
"""New objects between two searches, instead of Python's 700: a bound on what circles can hold meanwhile."""


@contextmanager
def garbage_seldom_sought() -> Iterator[None]:
    """A publish of 2,000 screens makes hundreds of thousands of objects, and Python would look through them again
    and again. Where a program that calls us searches more seldom, or never, that stays."""
    before, *older = gc.get_threshold()
    if before:
        gc.set_threshold(max(before, OBJECTS), *older)
    try:
        yield
    finally:
        gc.set_threshold(before, *older)
