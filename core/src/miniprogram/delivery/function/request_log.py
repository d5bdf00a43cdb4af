"""What the delivery function writes to its log: one JSON line per request. No keys, no queries, no bodies."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

from miniprogram.delivery.evaluation.errors import SourceUnavailable
from miniprogram.delivery.http.messages import Request, Response

_LEVELS = {"DEBUG": 10, "INFO": 20, "WARN": 30, "ERROR": 40}


class RequestLog:
    """Lines of at least `level`: requests at INFO, refused ones at WARN, failures at ERROR."""

    def __init__(self, level: str) -> None:
        self._level = _LEVELS.get(level, 20)

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> RequestLog:
        return cls(environ.get("LOG_LEVEL", "INFO").strip().upper())

    def request(self, request: Request, response: Response, trace_id: str, took_s: float) -> None:
        """`path` is cut, since callers choose it."""
        self._write(
            "INFO" if response.status < 400 else "WARN",
            "request_completed",
            trace_id,
            routeKind=response.route_kind,
            method=request.method[:16],
            path=request.path[:256],
            statusCode=response.status,
            durationMs=round(took_s * 1000, 2),
        )

    def failure(self, error: Exception, trace_id: str) -> None:
        if isinstance(error, SourceUnavailable):
            self._write("ERROR", "store_unavailable", trace_id, reason=str(error))
            return
        import traceback

        where = traceback.extract_tb(error.__traceback__)[-4:]
        frames_shown = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in where]
        self._write("ERROR", "request_failed", trace_id, reason=type(error).__name__, at=frames_shown)

    def _write(self, level: str, event: str, trace_id: str, **facts: Any) -> None:
        if _LEVELS[level] >= self._level:
            line = json.dumps({"level": level, "event": event, "traceId": trace_id, **facts})
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
