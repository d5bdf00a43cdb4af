"""A CloudWatch log group, read back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from miniprogram.seams.log_source import LogEvent
from miniprogram_aws.sdk.client import AwsClients
from miniprogram_aws.sdk.errors import AwsError, mapped
from miniprogram_s3.sdk_failures import code_of


class LogGroup:
    """Implements LogSource. Pages come per log stream."""

    def __init__(self, clients: AwsClients, name: str) -> None:
        self._clients, self.name = clients, name

    def pages(self, start_ms: int) -> Iterator[Sequence[LogEvent]]:
        group = self.name
        with mapped(f"read the log {group}", resource=f"the log {group}", region=self._clients.region):
            pages = self._clients.client("logs").get_paginator("filter_log_events")
            try:
                for page in pages.paginate(logGroupName=group, startTime=start_ms):
                    yield [
                        LogEvent(event["timestamp"], event["message"], _identity(event))
                        for event in page["events"]
                    ]
            except Exception as error:
                if code_of(error) == "ResourceNotFoundException":
                    raise AwsError(f"the log {group} does not exist (any more)") from None
                raise


def _identity(event: Any) -> str | tuple[Any, ...]:
    """What tells events apart; not every server that stands for AWS gives them ids."""
    return event.get("eventId") or (event.get("logStreamName"), event["timestamp"], event["message"])
