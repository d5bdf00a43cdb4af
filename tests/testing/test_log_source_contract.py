"""The log in memory passes the contract of log sources, and the contract notices what does not."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence

import pytest

from miniprogram.errors import MiniProgramError
from miniprogram.seams.log_source import LogEvent, LogSource
from miniprogram.testing import LogSourceContract, MemoryLog

Change = Callable[[list[LogEvent]], list[LogEvent]]


class Unreadable:
    name = "shop-log"

    def pages(self, start_ms: int) -> Iterator[Sequence[LogEvent]]:
        del start_ms
        raise MiniProgramError(f"the log {self.name} may not be read")


class TestMemoryLog(LogSourceContract):
    @pytest.fixture(autouse=True)
    def _log(self) -> None:
        self.log = MemoryLog()

    def make_source(self) -> LogSource:
        return self.log

    def write(self, lines: Sequence[tuple[int, str]]) -> None:
        for at_ms, text in reversed(lines):
            self.log.write(at_ms, text)

    def make_unreadable_source(self) -> LogSource:
        return Unreadable()


class Changed(MemoryLog):
    """A log that does something else with what it read."""

    def __init__(self, change: Change) -> None:
        super().__init__()
        self._change = change

    def pages(self, start_ms: int) -> Iterator[Sequence[LogEvent]]:
        return iter([self._change([event for page in super().pages(start_ms) for event in page])])


numbers = itertools.count()
FAULTS: dict[str, tuple[Change, str]] = {
    "one page only": (lambda events: events[:2], "everything_since_a_time_is_read_with_its_time_and_text"),
    "in seconds": (
        lambda events: [event._replace(at_ms=event.at_ms // 1000) for event in events],
        "everything_since_a_time_is_read_with_its_time_and_text",
    ),
    "told apart by text": (
        lambda events: [event._replace(identity=event.message) for event in events],
        "the_same_text_twice_is_two_events",
    ),
    "another identity each time": (
        lambda events: [event._replace(identity=next(numbers)) for event in events],
        "an_event_that_is_read_again_is_known_again",
    ),
    "cut": (lambda events: [event._replace(message=event.message[:80]) for event in events], "texts_come_whole"),
}


@pytest.mark.parametrize(("change", "test"), FAULTS.values(), ids=FAULTS)
def test_a_log_that_is_wrong_is_noticed(change: Change, test: str) -> None:
    contract = TestMemoryLog()
    contract.log = Changed(change)

    with pytest.raises(AssertionError):
        getattr(contract, f"test_{test}")()


def test_one_that_hides_what_it_cannot_read_is_noticed() -> None:
    class Hiding(TestMemoryLog):
        def make_unreadable_source(self) -> LogSource:
            return MemoryLog()

    with pytest.raises(BaseException, match="DID NOT RAISE"):
        Hiding().test_one_that_cannot_be_read_says_so_when_it_is_read()
