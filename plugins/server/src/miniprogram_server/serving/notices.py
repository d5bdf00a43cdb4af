"""What goes wrong with connections, counted, and told in one line every few seconds instead of one for each."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

EVERY_S = 5.0

SENTENCES = {
    "connection_limit": "the limit of open connections is reached; those that waited longest were closed",
    "address_limit": "one address has as many connections as it may; those that waited longest were closed",
    "no_room": "connections were refused: all others are being answered",
    "no_descriptors": "no file descriptor is free: raise the limit of open files (ulimit -n)",
    "request_timeout": "requests did not arrive in time",
    "too_slow": "TLS handshakes did not end in time",
    "slow_reader": "clients did not take their answers in time",
    "request_head_too_large": "heads of requests were too large",
    "misdirected_request": "browsers asked for the console by another name than --public-origin, or localhost",
    "invalid_request": "requests were no HTTP",
    "server_busy": "requests were refused: there is too much to do",
}
"""By reason, for operators."""

Tell = Callable[..., None]
"""`tell(event, level=…, **facts)`."""


class Notices:
    """Counts by reason; `totals` never shrink. `tell` may be called as often as one likes."""

    def __init__(self, tell: Tell, clock: Callable[[], float] = time.monotonic) -> None:
        self.totals: Counter[str] = Counter()
        self._since: Counter[str] = Counter()
        self._addresses: dict[str, str] = {}
        self._tell = tell
        self._clock = clock
        self._told_at = -EVERY_S
        self._lock = threading.Lock()

    def note(self, reason: str, address: str) -> None:
        """Count one."""
        with self._lock:
            self.totals[reason] += 1
            self._since[reason] += 1
            self._addresses[reason] = address

    def tell(self, *, now: bool = False) -> None:
        """Tell what was counted since the last time, if that is long enough ago, or `now`."""
        clock_s = self._clock()
        if not self._since or (clock_s - self._told_at < EVERY_S and not now):
            return
        with self._lock:
            counted, self._since = self._since, Counter()
            addresses, self._addresses = self._addresses, {}
            self._told_at = clock_s
        for reason, count in counted.items():
            facts: dict[str, Any] = {"reason": reason, "count": count, "message": SENTENCES.get(reason, reason)}
            if addresses[reason]:
                facts["lastAddress"] = addresses[reason]
            self._tell("connections_refused", level="WARN", **facts)

    def loop_failed(self, _loop: object, context: dict[str, Any]) -> None:
        """An exception handler for an event loop."""
        error = context.get("exception")
        facts = {"message": str(context.get("message", "")), "error": type(error).__name__ if error else ""}
        self._tell("event_loop_failed", level="ERROR", **facts)
