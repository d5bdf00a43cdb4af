"""What all tests take for granted of the process they run in."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Iterator
from typing import TYPE_CHECKING

import hypothesis
import pytest

from testbed import leftovers
from testbed.browser import open_browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# A runner started in the background of a shell ignores these, and so would every program the tests start: Ctrl-C
# would then end nothing.
signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP"):
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

# Only a power cut could tell, and waiting for the disk is most of what tests of folders do. What is synced, and
# when, is seen in tests/stores/test_durability.py.
os.fsync = lambda _: None

# A busy machine is no fault of what is tested: tests that care about time measure it themselves.
hypothesis.settings.register_profile("miniprogram", deadline=None)
hypothesis.settings.register_profile("quick", deadline=None, max_examples=10)
hypothesis.settings.load_profile("miniprogram")

FIXTURE_MARKS = {"server_logs": pytest.mark.server, "chromium": pytest.mark.browser}
"""What a test is when it asks for a fixture, directly or not: every server of the test bed keeps a log."""


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(leftovers)  # hooks of a conftest hear nothing of fixtures of the whole session


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for fixture in FIXTURE_MARKS.keys() & set(getattr(item, "fixturenames", ())):
            item.add_marker(FIXTURE_MARKS[fixture])


def pytest_collection_finish() -> None:
    """Thousands of collected tests stay to the end: the garbage collector need not look through them again."""
    gc.freeze()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A real browser. For one module at a time: while it is open, nothing else can run an event loop."""
    with open_browser() as browser:
        yield browser
