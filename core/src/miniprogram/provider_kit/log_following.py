"""Log lines of a cloud, oldest first, each once, and on as they come. A plugin brings the log source.

yield from follow(LogGroup(clients, "/aws/lambda/shop"), since_s=3600, goes_on=True)
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterator
from datetime import UTC, datetime

from miniprogram.clock import to_iso
from miniprogram.seams.log_source import LogEvent, LogSource

POLL_S = 2.0
OVERLAP_MS = 30_000
"""How late an event may show up and still be printed, in milliseconds."""


def follow(
    source: LogSource,
    *,
    since_s: float,
    goes_on: bool,
    sleep: Callable[[float], None] = time.sleep,
    now_s: Callable[[], float] = time.time,
) -> Iterator[str]:
    """`TIME MESSAGE` for what was logged in the last `since_s` seconds; with `goes_on` it never ends by itself.

    Raises MiniProgramError when `source` cannot be read.
    """
    start_ms = int((now_s() - since_s) * 1000)
    shown: dict[Hashable, int] = {}
    while True:
        found = (event for page in source.pages(start_ms) for event in page)
        for event in sorted(found, key=lambda event: event.at_ms):
            if event.identity not in shown:
                shown[event.identity] = event.at_ms
                yield _line(event)
        if not goes_on:
            return
        start_ms = max(start_ms, max(shown.values(), default=start_ms) - OVERLAP_MS)
        shown = {identity: at_ms for identity, at_ms in shown.items() if at_ms >= start_ms}
        sleep(POLL_S)


def _line(event: LogEvent) -> str:
    at = datetime.fromtimestamp(event.at_ms / 1000, UTC)
    return f"{to_iso(at)} {event.message.rstrip()}"
