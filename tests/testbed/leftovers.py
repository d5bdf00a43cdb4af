"""Ends what a failing test left running: its processes would keep the whole run from ending.

A plugin of pytest that `tests/conftest.py` registers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import psutil
import pytest

SHARED: set[int] = set()
"""Processes that fixtures shared by several tests have started, directly or not; they outlive a failure."""


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[object]) -> Iterator[None]:
    if fixturedef.scope == "function":
        return (yield)
    before = {each.pid for each in _children()}
    try:
        return (yield)
    finally:
        SHARED.update({each.pid for each in _children()} - before)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """After the teardown of a test that failed, kill what neither it nor its fixtures ended."""
    failed_before = item.session.testsfailed
    try:
        return (yield)
    finally:
        if item.session.testsfailed > failed_before:
            left = [each for each in _children() if each.pid not in SHARED]
            for each in left:
                with suppress(psutil.NoSuchProcess):
                    each.kill()
            psutil.wait_procs(left, timeout=5)


def _children() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)
