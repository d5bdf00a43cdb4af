"""Log groups of CloudWatch, read back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from miniprogram.provider_kit.log_following import follow
from miniprogram.seams.log_source import LogSource
from miniprogram.testing import LogSourceContract
from miniprogram_aws.sdk.errors import AwsError
from miniprogram_aws.sdk.log_reader import LogGroup


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

    source = LogGroup(logs, "/g")  # type: ignore[arg-type]
    assert len({event.identity for page in source.pages(0) for event in page}) == 3


class TestLogGroup(LogSourceContract):
    """A group of a server that stands for CloudWatch."""

    @pytest.fixture(autouse=True)
    def _group(self, account: Any) -> None:
        self.clients = account.clients()
        self.logs = self.clients.client("logs")
        self.logs.create_log_group(logGroupName="/g")
        self.logs.create_log_stream(logGroupName="/g", logStreamName="s")

    def make_source(self) -> LogSource:
        return LogGroup(self.clients, "/g")

    def write(self, lines: Sequence[tuple[int, str]]) -> None:
        events: Any = [{"timestamp": at_ms, "message": text} for at_ms, text in lines]
        self.logs.put_log_events(logGroupName="/g", logStreamName="s", logEvents=events)

    def make_unreadable_source(self) -> LogSource:
        return LogGroup(self.clients, "/nothing")


def test_a_group_that_is_gone_is_said(account) -> None:
    with pytest.raises(AwsError, match="the log /nothing does not exist"):
        list(follow(LogGroup(account.clients(), "/nothing"), since_s=60, goes_on=False))
