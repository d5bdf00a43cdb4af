"""Logs: in order, each line once, and on as long as somebody watches."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from miniprogram.provider_kit.log_following import follow
from miniprogram.seams.log_source import LogEvent

NOW_MS = 1_900_000_000_000


class Log:
    """Gives one list of events per look, a page each."""

    name = "shop"

    def __init__(self, *looks: list[LogEvent]) -> None:
        self._looks = list(looks)
        self.starts: list[int] = []

    def pages(self, start_ms: int) -> Iterator[list[LogEvent]]:
        self.starts.append(start_ms)
        return iter([[event] for event in self._looks.pop(0)])


def event(number: int, at_ms: int) -> LogEvent:
    return LogEvent(NOW_MS + at_ms, f"line {number}\n", number)


def lines(log: Log, count: int, *, goes_on: bool) -> list[str]:
    found = follow(log, since_s=60, goes_on=goes_on, sleep=lambda _s: None, now_s=lambda: NOW_MS / 1000)
    return list(islice(found, count))


def test_events_are_put_in_order_with_their_time() -> None:
    log = Log([event(2, 20), event(3, 30), event(1, 10)])

    assert lines(log, 9, goes_on=False) == [
        f"2030-03-17T17:46:40.0{number}0Z line {number}" for number in (1, 2, 3)
    ]
    assert log.starts == [NOW_MS - 60_000]


def test_followed_logs_repeat_nothing_and_lose_nothing_that_comes_late() -> None:
    one, two, late, three = event(1, 0), event(2, 1000), event(9, 500), event(3, 1000)
    log = Log([one, two], [one, two], [one, two, late], [two, late, three], [])

    found = lines(log, 4, goes_on=True)

    assert [line.split(" ", 1)[1] for line in found] == ["line 1", "line 2", "line 9", "line 3"]


def test_following_looks_at_the_recent_past_only() -> None:
    log = Log([event(1, 100_000)], [event(2, 200_000)], [event(3, 300_000)])

    lines(log, 3, goes_on=True)

    assert log.starts == [NOW_MS - 60_000, NOW_MS + 70_000, NOW_MS + 170_000]
