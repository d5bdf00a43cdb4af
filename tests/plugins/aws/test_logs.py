"""Logs: in order, each line once, and on as long as somebody watches."""

from __future__ import annotations

import time
from itertools import islice
from typing import Any

import pytest

from miniprogram_aws.sdk.errors import AwsError
from miniprogram_aws.sdk.log_reader import read_logs

NOW_MS = 1_900_000_000_000


class Logs:
    """A log group whose pages a test sets, one list of pages per look."""

    region = "eu-west-1"

    def __init__(self, *looks: list[list[dict[str, Any]]]) -> None:
        self._looks = list(looks)
        self.starts: list[int] = []

    def client(self, _service: str) -> Logs:
        return self

    def get_paginator(self, _name: str) -> Logs:
        return self

    def paginate(self, **asked: Any) -> list[dict[str, Any]]:
        self.starts.append(asked["startTime"])
        return [{"events": page} for page in self._looks.pop(0)]


def event(number: int, at_ms: int, *, with_id: bool = True) -> dict[str, Any]:
    found = {"timestamp": NOW_MS + at_ms, "message": f"line {number}\n", "logStreamName": "s"}
    return {**found, "eventId": str(number)} if with_id else found


def lines(logs: Logs, *, follow: bool = False) -> list[str]:
    told = read_logs(logs, "/g", since_s=60, follow=follow, sleep=lambda _s: None, now_s=lambda: NOW_MS / 1000)  # type: ignore[arg-type]
    return [line.split(" ", 1)[1] for line in told]


def test_pages_are_put_in_order() -> None:
    logs = Logs([[event(2, 20), event(3, 30)], [], [event(1, 10)]])
    assert lines(logs) == ["line 1", "line 2", "line 3"]
    assert logs.starts == [NOW_MS - 60_000]


@pytest.mark.parametrize("with_id", [True, False], ids=["ids", "no ids"])
def test_followed_logs_repeat_nothing_and_lose_nothing_that_comes_late(with_id: bool) -> None:
    one, two, late, three = (
        event(number, at, with_id=with_id) for number, at in [(1, 0), (2, 1000), (9, 500), (3, 1000)]
    )
    logs = Logs([[one, two]], [[one, two]], [[one, two, late]], [[two, late, three]], [[]])
    found = read_logs(
        logs,
        "/g",
        since_s=60,
        follow=True,
        sleep=lambda _s: None,
        now_s=lambda: NOW_MS / 1000,  # type: ignore[arg-type]
    )
    assert [line.split(" ", 1)[1] for line in islice(found, 4)] == ["line 1", "line 2", "line 9", "line 3"]


def test_following_looks_at_the_recent_past_only() -> None:
    logs = Logs([[event(1, 100_000)]], [[event(2, 200_000)]], [[event(3, 300_000)]])
    found = read_logs(
        logs,
        "/g",
        since_s=60,
        follow=True,
        sleep=lambda _s: None,
        now_s=lambda: NOW_MS / 1000,  # type: ignore[arg-type]
    )
    list(islice(found, 3))
    assert logs.starts == [NOW_MS - 60_000, NOW_MS + 70_000, NOW_MS + 170_000]


def test_a_real_group_is_read_back(account) -> None:
    clients = account.clients()
    logs = clients.client("logs")
    logs.create_log_group(logGroupName="/g")
    logs.create_log_stream(logGroupName="/g", logStreamName="s")
    now_ms = int(time.time() * 1000)
    events: Any = [
        {"timestamp": now_ms - 3_600_000 * (3 - number), "message": f"m{number}"} for number in range(3)
    ]
    logs.put_log_events(logGroupName="/g", logStreamName="s", logEvents=events)

    found = list(read_logs(clients, "/g", since_s=2.5 * 3600, follow=False))

    assert [line.split(" ", 1)[1] for line in found] == ["m1", "m2"]
    assert all(line[10] == "T" and line.split(" ")[0].endswith("Z") for line in found)


def test_a_group_that_is_gone_is_said(account) -> None:
    with pytest.raises(AwsError, match="the log /nothing does not exist"):
        list(read_logs(account.clients(), "/nothing", since_s=60, follow=False))
