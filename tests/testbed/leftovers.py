"""Ends what a failing test left running: its processes would keep the whole run from ending.

Hooks for pytest; `tests/conftest.py` takes them in.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import psutil
import pytest

STARTED: pytest.StashKey[list[psutil.Process]] = pytest.StashKey()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Note which processes a failing test has started itself; servers that fixtures share were there before."""
    before = children()
    try:
        return (yield)
    except BaseException:
        item.stash[STARTED] = [each for pid in children() - before for each in _with_descendants(pid)]
        raise


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Kill those its fixtures did not end."""
    try:
        return (yield)
    finally:
        left = [each for each in item.stash.get(STARTED, []) if each.is_running()]
        for each in left:
            with suppress(psutil.NoSuchProcess):
                each.kill()
        psutil.wait_procs(left, timeout=5)


def children() -> set[int]:
    """The processes this one has started."""
    return {each.pid for each in psutil.Process().children()}


def _with_descendants(pid: int) -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    return []
