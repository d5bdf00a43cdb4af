"""What logs are made of: JSON objects, one a line, with the same members wherever they are written.

The server, delivery functions and the command line write them; docs/reference/log-records.md says what they mean.
There are no keys, queries, bodies or values in them, and of people only who administers.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple

from miniprogram.delivery.evaluation.errors import BrokenDocument, Degraded, SourceUnavailable

Level = Literal["DEBUG", "INFO", "WARN", "ERROR"]
SEVERITY: dict[str, int] = {"DEBUG": 10, "INFO": 20, "WARN": 30, "ERROR": 40}
MAX_METHOD = 16
MAX_PATH = 512
"""Characters that are written. Callers choose both."""
MAX_FRAMES = 8

Record = dict[str, Any]

_traceparent = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}").fullmatch


class AnsweredRequest(NamedTuple):
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
    """Why a version was decided on, or the code of a refusal."""
    parent: str = ""
    """The request's `traceparent`, as it was sent."""


def timestamp() -> str:
    """Now, as documents write it: `2030-01-02T03:04:05.678Z`."""
    seconds, milliseconds = divmod(time.time_ns() // 1_000_000, 1000)
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(seconds))}.{milliseconds:03d}Z"


def event_record(event: str, level: Level, at_time: str, *, trace_id: str = "", **facts: Any) -> Record:
    """Something that happened. `event` is a fixed word in snake_case, `facts` are named like members of JSON."""
    return {
        "time": at_time,
        "level": level,
        "event": event,
        **({"traceId": trace_id} if trace_id else {}),
        **facts,
    }


def request_record(served: AnsweredRequest, at_time: str, *, sampled: float = 1.0) -> Record:
    """An answered request; `sampled`: the share of such requests that are written."""
    record = {
        "time": at_time,
        "level": level_of(served.status),
        "event": "request",
        "surface": served.surface,
        "traceId": served.trace_id,
        "routeKind": served.route_kind,
        "method": served.method[:MAX_METHOD],
        "path": served.path[:MAX_PATH],
        "statusCode": served.status,
        "durationMs": round(served.duration_ms, 3),
    }
    if served.reason:
        record["reason"] = served.reason
    if served.parent and (found := _traceparent(served.parent)) is not None:
        record["parentTraceId"] = found[1]
    if served.client:
        record["client"] = served.client
    if sampled < 1:
        record["sampled"] = sampled
    return record


def failure_record(error: BaseException, at_time: str, *, trace_id: str = "", **facts: Any) -> Record:
    """A request that failed, and why: in words where the error is ours, else its kind and its places in code."""
    told: Record
    if isinstance(error, Degraded):
        told = {"key": error.key, "reason": error.reason}
        return event_record("older_document_used", "WARN", at_time, trace_id=trace_id, **told, **facts)
    if isinstance(error, SourceUnavailable):
        return event_record("store_unavailable", "ERROR", at_time, trace_id=trace_id, reason=str(error), **facts)
    if isinstance(error, BrokenDocument):
        told = {"key": error.key, "reason": error.reason}
        return event_record("document_unreadable", "ERROR", at_time, trace_id=trace_id, **told, **facts)
    told = {"reason": type(error).__name__, "at": frames(error)}
    return event_record("request_failed", "ERROR", at_time, trace_id=trace_id, **told, **facts)


def frames(error: BaseException) -> list[str]:
    """The last places of a traceback, as `file.py:12 function`: never values, which may be keys."""
    import traceback  # deferred: a function starts without it

    shown = traceback.extract_tb(error.__traceback__)[-MAX_FRAMES:]
    return [f"{each.filename.rpartition('/')[2]}:{each.lineno} {each.name}" for each in shown]


def level_of(status: int) -> Level:
    """Of an answer with this status."""
    return "INFO" if status < 400 else "WARN" if status < 500 else "ERROR"


def to_line(record: Mapping[str, Any]) -> str:
    """`record` as one line of ASCII, without the line end, so that any stream takes it."""
    return json.dumps(record, default=str)


class Sampling:
    """Which requests are written: `share` of delivery's answers that went well, and all others."""

    def __init__(self, share: float = 1.0, draw: Callable[[], float] | None = None) -> None:
        self.share = share
        if draw is None and share < 1:
            from random import Random  # deferred: a function that writes everything starts without it

            draw = Random().random  # noqa: S311 - no secret depends on it
        self._draw = draw or (lambda: 0.0)

    def takes(self, served: AnsweredRequest) -> bool:
        """Whether this one is written."""
        return not self.thins_out(served) or self._draw() < self.share

    def thins_out(self, served: AnsweredRequest) -> bool:
        """Whether only a share of its kind is written."""
        return self.share < 1 and served.status < 400 and served.surface == "delivery"
