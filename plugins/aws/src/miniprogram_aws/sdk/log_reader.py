"""Lines of a CloudWatch log group, oldest first, each once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from miniprogram.provider_kit.log_following import LogEvent, follow
from miniprogram_aws.sdk.client import AwsClients
from miniprogram_aws.sdk.errors import AwsError, mapped
from miniprogram_s3.sdk_failures import code_of


def read_logs(clients: AwsClients, group: str, *, since_s: float, goes_on: bool) -> Iterator[str]:
    """`TIME MESSAGE` of the last `since_s` seconds, and then as they come.

    Raises AwsError when the group does not exist or may not be read.
    """
    return follow(lambda start_ms: events(clients, group, start_ms), since_s=since_s, goes_on=goes_on)


def events(clients: AwsClients, group: str, start_ms: int) -> list[LogEvent]:
    """What was logged since `start_ms`; pages come per log stream."""
    with mapped(f"read the log {group}", resource=f"the log {group}", region=clients.region):
        pages = clients.client("logs").get_paginator("filter_log_events")
        try:
            return [
                LogEvent(event["timestamp"], event["message"], _identity(event))
                for page in pages.paginate(logGroupName=group, startTime=start_ms)
                for event in page["events"]
            ]
        except Exception as error:
            if code_of(error) == "ResourceNotFoundException":
                raise AwsError(f"the log {group} does not exist (any more)") from None
            raise


def _identity(event: Any) -> object:
    """What tells events apart; not every server that stands for AWS gives them ids."""
    return event.get("eventId") or (event.get("logStreamName"), event["timestamp"], event["message"])
