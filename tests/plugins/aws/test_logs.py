"""Log groups of CloudWatch, read back."""

from __future__ import annotations

import time
from typing import Any

import pytest

from miniprogram_aws.sdk.errors import AwsError
from miniprogram_aws.sdk.log_reader import events, read_logs


class Logs:
    """A log group with two pages."""

    region = "eu-west-1"

    def __init__(self, *pages: list[dict[str, Any]]) -> None:
        self._pages = pages

    def client(self, _service: str) -> Logs:
        return self

    def get_paginator(self, _name: str) -> Logs:
        return self

    def paginate(self, **asked: Any) -> list[dict[str, Any]]:
        return [{"events": page} for page in self._pages]


def test_events_without_ids_are_told_apart_by_stream_time_and_text() -> None:
    first = {"timestamp": 1, "message": "a", "logStreamName": "s"}
    other = {**first, "logStreamName": "t"}
    logs = Logs([first, first], [other, {**first, "eventId": "7"}])

    assert len({event.identity for event in events(logs, "/g", 0)}) == 3  # type: ignore[arg-type]


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

    found = list(read_logs(clients, "/g", since_s=2.5 * 3600, goes_on=False))

    assert [line.split(" ", 1)[1] for line in found] == ["m1", "m2"]
    assert all(line[10] == "T" and line.split(" ")[0].endswith("Z") for line in found)


def test_a_group_that_is_gone_is_said(account) -> None:
    with pytest.raises(AwsError, match="the log /nothing does not exist"):
        list(read_logs(account.clients(), "/nothing", since_s=60, goes_on=False))
