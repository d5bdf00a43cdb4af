"""The server's log: one JSON line per request and per event, written in batches.

A structured logger costs half a decision per line. Here a line is formatted later, off the request's path, and
many are written with one call. What is in a line is said by `miniprogram.delivery.log_records`.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Any, TextIO

from miniprogram.delivery.log_records import (
    AnsweredRequest,
    Level,
    Record,
    Sampling,
    event_record,
    failure_record,
    request_record,
    timestamp,
    to_line,
)

INTERVAL_S = 0.25
MAX_WAITING = 100_000
"""Lines kept when the writer cannot follow; older ones are dropped, and how many is told."""


Observer = Callable[[AnsweredRequest], None]


class RequestLog:
    """Call it with every answered request, `event` with what else happens; `close` writes what is left.

    `requests`: whether requests are written at all. `sample`: the share of delivery's answers below 400 that are;
    refusals, failures and administration always are.
    """

    def __init__(self, stream: TextIO, *, requests: bool = True, sample: float = 1.0) -> None:
        self._stream = stream
        self._requests = requests
        self._sampling = Sampling(sample)
        self._waiting: deque[AnsweredRequest | Record] = deque()
        self._dropped = 0
        self._stop = threading.Event()
        self._writer = threading.Thread(target=self._run, name="request-log", daemon=True)
        self._writer.start()

    def __call__(self, served: AnsweredRequest) -> None:
        if self._requests and self._sampling.takes(served):
            self.add(served)

    def event(self, event: str, *, level: Level = "INFO", **facts: Any) -> None:
        """Something that is no request. `facts` are named like members of JSON."""
        self.add(event_record(event, level, timestamp(), **facts))

    def failure(self, error: BaseException, trace_id: str, *, surface: str = "delivery", **facts: Any) -> None:
        """A request that was answered with 5xx, and why."""
        self.add(failure_record(error, timestamp(), trace_id=trace_id, surface=surface, **facts))

    def close(self) -> None:
        """Write what is left and stop."""
        self._stop.set()
        self._writer.join(timeout=5.0)

    def add(self, line: AnsweredRequest | Record) -> None:
        """Have a line written soon."""
        if len(self._waiting) >= MAX_WAITING:
            self._dropped += 1
        else:
            self._waiting.append(line)

    def _run(self) -> None:
        while not self._stop.wait(INTERVAL_S):
            self._flush()
        self._flush()

    def _flush(self) -> None:
        now = timestamp()
        lines = [self._line(self._waiting.popleft(), now) for _ in range(len(self._waiting))]
        if self._dropped:
            lines.append(to_line(event_record("log_lines_dropped", "WARN", now, count=self._dropped)))
            self._dropped = 0
        if not lines:
            return
        try:
            self._stream.write("\n".join(lines) + "\n")
            self._stream.flush()
        except (OSError, ValueError):
            self._stop.set()  # nobody reads any more; requests go on

    def _line(self, line: AnsweredRequest | Record, now: str) -> str:
        if isinstance(line, dict):
            return to_line(line)
        share = self._sampling.share if self._sampling.thins_out(line) else 1.0
        return to_line(request_record(line, now, sampled=share))
