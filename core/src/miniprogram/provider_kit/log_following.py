"""Log lines of a cloud, oldest first, each once, and on as they come. A plugin brings the call that fetches them.

def events(start_ms: int) -> list[LogEvent]: ...   # everything logged since, in any order

yield from follow(events, since_s=3600, goes_on=True)
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from miniprogram.clock import to_iso

POLL_S = 2.0
OVERLAP_MS = 30_000
"""How late an event may show up and still be printed, in milliseconds."""


class LogEvent(NamedTuple):
    """What was logged. `at_ms` since the epoch; `identity` tells events apart, such as an id."""

    at_ms: int
    message: str
    identity: object


Fetch = Callable[[int], Iterable[LogEvent]]
"""Events since a time in milliseconds, in any order. Asked again with a later time, it may repeat some."""


def follow(
    fetch: Fetch,
    *,
    since_s: float,
    goes_on: bool,
    sleep: Callable[[float], None] = time.sleep,
    now_s: Callable[[], float] = time.time,
) -> Iterator[str]:
    """`TIME MESSAGE` for what was logged in the last `since_s` seconds; with `goes_on` it never ends by itself.

    Raises what `fetch` raises.
    """
    start_ms = int((now_s() - since_s) * 1000)
    shown: dict[object, int] = {}
    while True:
        for event in sorted(fetch(start_ms), key=lambda event: event.at_ms):
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
