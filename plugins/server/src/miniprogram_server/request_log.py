"""The server's log: one JSON line per request and per event, written in batches.

A structured logger costs half a decision per line. Here a line is formatted later, off the request's path, and
many are written with one call. Delivery, the API and the console write the same members.
"""

from __future__ import annotations

import json
import random
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple, TextIO

from miniprogram.clock import to_iso, utc_now
from miniprogram.delivery.evaluation.errors import SourceUnavailable

INTERVAL_S = 0.25
MAX_WAITING = 100_000
"""Lines kept when the writer cannot follow; older ones are dropped, and how many is told."""
MAX_PATH = 512
"""Characters of a path that are written. Callers choose it."""


class Served(NamedTuple):
    """One answered request. The query is left out: it may name people.

    `surface` is `delivery`, `api` or `console`. `client` is the address of who administers; hosts' are not kept.
    """

    trace_id: str
    route_kind: str
    method: str
    path: str
    status: int
    duration_ms: float
    surface: str = "delivery"
    client: str = ""
    reason: str = ""
    """Why a version was decided on, or the code of a refusal: for counting."""


Observer = Callable[[Served], None]


class RequestLog:
    """Call it with every answered request, `event` with what else happens; `close` writes what is left.

    `requests`: whether requests are written at all. `sample`: the share of answers below 400 that are; refusals
    and failures always are.
    """

    def __init__(self, stream: TextIO, *, requests: bool = True, sample: float = 1.0) -> None:
        self._stream = stream
        self._requests = requests
        self._sample = sample
        self._random = random.Random()  # noqa: S311 - no secret depends on it
        self._waiting: deque[Served | dict[str, Any]] = deque()
        self._dropped = 0
        self._stop = threading.Event()
        self._writer = threading.Thread(target=self._run, name="request-log", daemon=True)
        self._writer.start()

    def __call__(self, served: Served) -> None:
        if not self._requests:
            return
        if self._sample < 1 and served.status < 400 and self._random.random() >= self._sample:
            return
        self._add(served)

    def event(self, event: str, *, level: str = "INFO", **facts: Any) -> None:
        """Something that is no request. `facts` are named like members of JSON."""
        self._add({"time": to_iso(utc_now()), "level": level, "event": event, **facts})

    def failure(self, error: BaseException, trace_id: str, **facts: Any) -> None:
        """A request that was answered with 5xx, and why. The traceback names places, never values."""
        if isinstance(error, SourceUnavailable):
            self.event("store_unavailable", level="ERROR", traceId=trace_id, reason=str(error), **facts)
            return
        import traceback

        frames = traceback.extract_tb(error.__traceback__)[-8:]
        frames_shown = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
        reason = type(error).__name__
        self.event("request_failed", level="ERROR", traceId=trace_id, reason=reason, at=frames_shown, **facts)

    def close(self) -> None:
        """Write what is left and stop."""
        self._stop.set()
        self._writer.join(timeout=5.0)

    def _add(self, line: Served | dict[str, Any]) -> None:
        if len(self._waiting) >= MAX_WAITING:
            self._dropped += 1
        else:
            self._waiting.append(line)

    def _run(self) -> None:
        while not self._stop.wait(INTERVAL_S):
            self._flush()
        self._flush()

    def _flush(self) -> None:
        now = to_iso(utc_now())
        lines = [self._line(self._waiting.popleft(), now) for _ in range(len(self._waiting))]
        if self._dropped:
            dropped = {"time": now, "level": "WARN", "event": "log_lines_dropped", "count": self._dropped}
            lines.append(json.dumps(dropped))
            self._dropped = 0
        if not lines:
            return
        try:
            self._stream.write("\n".join(lines) + "\n")
            self._stream.flush()
        except (OSError, ValueError):
            self._stop.set()  # nobody reads any more; requests go on

    def _line(self, line: Served | dict[str, Any], now: str) -> str:
        if isinstance(line, dict):
            return json.dumps(line, ensure_ascii=False)
        members: dict[str, Any] = {
            "time": now,
            "level": "WARN" if line.status >= 400 else "INFO",
            "event": "request",
            "surface": line.surface,
            "traceId": line.trace_id,
            "routeKind": line.route_kind,
            "method": line.method,
            "path": line.path[:MAX_PATH],
            "statusCode": line.status,
            "durationMs": round(line.duration_ms, 3),
        }
        if line.client:
            members["client"] = line.client
        if self._sample < 1 and line.status < 400:
            members["sampled"] = self._sample
        return json.dumps(members, ensure_ascii=False)
