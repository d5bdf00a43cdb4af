"""The request log: one JSON line per request, written in batches.

A structured logger costs half a decision per line. Here a line is formatted later, off the request's path, and
many are written with one call.
"""

from __future__ import annotations

import json
import threading
from collections import deque
from typing import TextIO

from miniprogram.clock import to_iso, utc_now
from miniprogram_server.asgi import Served

INTERVAL_S = 0.25
MAX_WAITING = 100_000
"""Lines kept when the writer cannot follow; older ones are dropped, and how many is told."""


class RequestLog:
    """Call it with every answered request; `close` writes what is left."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._waiting: deque[Served] = deque()
        self._dropped = 0
        self._stop = threading.Event()
        self._writer = threading.Thread(target=self._run, name="request-log", daemon=True)
        self._writer.start()

    def __call__(self, served: Served) -> None:
        if len(self._waiting) >= MAX_WAITING:
            self._dropped += 1
        else:
            self._waiting.append(served)

    def close(self) -> None:
        """Write what is left and stop."""
        self._stop.set()
        self._writer.join(timeout=5.0)

    def _run(self) -> None:
        while not self._stop.wait(INTERVAL_S):
            self._flush()
        self._flush()

    def _flush(self) -> None:
        now = to_iso(utc_now())
        lines = [_line(self._waiting.popleft(), now) for _ in range(len(self._waiting))]
        if self._dropped:
            lines.append(json.dumps({"level": "WARN", "event": "log_lines_dropped", "count": self._dropped}))
            self._dropped = 0
        if not lines:
            return
        try:
            self._stream.write("\n".join(lines) + "\n")
            self._stream.flush()
        except (OSError, ValueError):
            self._stop.set()  # nobody reads any more; requests go on


def _line(served: Served, now: str) -> str:
    return json.dumps(
        {
            "time": now,
            "level": "WARN" if served.status >= 400 else "INFO",
            "event": "request",
            "traceId": served.trace_id,
            "routeKind": served.route_kind,
            "method": served.method,
            "path": served.path,
            "statusCode": served.status,
            "durationMs": round(served.duration_ms, 3),
        },
        ensure_ascii=False,
    )
