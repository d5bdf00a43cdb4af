"""Lines of a log group, oldest first, each once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from miniprogram.clock import to_iso
from miniprogram_aws.sdk.client import AwsClients
from miniprogram_aws.sdk.errors import AwsError, mapped
from miniprogram_aws.sdk.sdk_errors import code_of

POLL_S = 2.0
OVERLAP_MS = 30_000
"""How late an event may show up in CloudWatch and still be printed, in milliseconds."""


def read_logs(
    clients: AwsClients,
    group: str,
    *,
    since_s: float,
    follow: bool,
    sleep: Callable[[float], None] = time.sleep,
    now_s: Callable[[], float] = time.time,
) -> Iterator[str]:
    """`TIME MESSAGE` for what was logged in the last `since_s` seconds; with `follow` it never ends by itself.

    Raises AwsError when the group does not exist or may not be read.
    """
    start_ms = int((now_s() - since_s) * 1000)
    shown: dict[object, int] = {}
    while True:
        for event in _events(clients, group, start_ms):
            name = _name(event)
            if name not in shown:
                shown[name] = event["timestamp"]
                yield _line(event)
        if not follow:
            return
        start_ms = max(start_ms, max(shown.values(), default=start_ms) - OVERLAP_MS)
        shown = {name: at_ms for name, at_ms in shown.items() if at_ms >= start_ms}
        sleep(POLL_S)


def _events(clients: AwsClients, group: str, start_ms: int) -> list[Any]:
    """In order of time: pages come per log stream."""
    with mapped(f"read the log {group}", resource=f"the log {group}", region=clients.region):
        pages = clients.client("logs").get_paginator("filter_log_events")
        try:
            found = [
                event
                for page in pages.paginate(logGroupName=group, startTime=start_ms)
                for event in page["events"]
            ]
        except Exception as error:
            if code_of(error) == "ResourceNotFoundException":
                raise AwsError(f"the log {group} does not exist (any more)") from None
            raise
    return sorted(found, key=lambda event: event["timestamp"])


def _name(event: Any) -> object:
    """What tells events apart; not every server that stands for AWS gives them ids."""
    return event.get("eventId") or (event.get("logStreamName"), event["timestamp"], event["message"])


def _line(event: Any) -> str:
    at = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
    return f"{to_iso(at)} {event['message'].rstrip()}"
