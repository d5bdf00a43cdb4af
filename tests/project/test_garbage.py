"""Seldom searching for garbage: only for a while, and never more often than before."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from miniprogram.project.garbage import OBJECTS, garbage_seldom_sought


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


@pytest.mark.parametrize(("usual", "inside"), [(700, OBJECTS), (2 * OBJECTS, 2 * OBJECTS), (0, 0)])
def test_what_was_set_returns_when_it_is_over(usual: int, inside: int) -> None:
    gc.set_threshold(usual, 7, 9)

    with garbage_seldom_sought():
        assert gc.get_threshold() == (inside, 7, 9)

    assert gc.get_threshold() == (usual, 7, 9)
