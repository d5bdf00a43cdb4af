"""What the delivery function writes to its log: one JSON line per request. No keys, no queries, no bodies."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from miniprogram.delivery.http.messages import Request, Response
from miniprogram.delivery.log_records import (
    SEVERITY,
    AnsweredRequest,
    Record,
    Sampling,
    failure_record,
    request_record,
    timestamp,
    to_line,
)

_SEVERITY_NAMES = {"WARN": "WARNING"}
"""Levels that clouds spell out."""


class RequestLog:
    """Lines of at least `level`: requests at INFO, refused ones at WARN, failures at ERROR.

    `severity_member` is where the cloud that reads the lines looks for their level; `level` stays beside it.
    """

    def __init__(self, level: str, sampling: Sampling | None = None, *, severity_member: str = "") -> None:
        self._least = SEVERITY.get(level, SEVERITY["INFO"])
        self._sampling = sampling or Sampling()
        self._severity_member = severity_member

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> RequestLog:
        """As LOG_LEVEL, LOG_SAMPLE and LOG_SEVERITY_MEMBER say. Raises ValueError for a share that is none."""
        return cls(
            environ.get("LOG_LEVEL", "INFO").strip().upper(),
            Sampling(_share(environ.get("LOG_SAMPLE", ""))),
            severity_member=environ.get("LOG_SEVERITY_MEMBER", "").strip(),
        )

    def request(self, request: Request, response: Response, trace_id: str, took_s: float) -> None:
        """An answered request."""
        served = AnsweredRequest(
            trace_id, response.route_kind, request.method, request.path, response.status, took_s * 1000,
            reason=response.reason,
        )  # fmt: skip
        if self._sampling.takes(served):
            share = self._sampling.share if self._sampling.thins_out(served) else 1.0
            self._write(request_record(served, timestamp(), sampled=share))

    def failure(self, error: Exception, trace_id: str) -> None:
        """A request that failed, and why."""
        self._write(failure_record(error, timestamp(), trace_id=trace_id, surface="delivery"))

    def _write(self, record: Record) -> None:
        if SEVERITY[record["level"]] >= self._least:
            if self._severity_member:
                record = {self._severity_member: _SEVERITY_NAMES.get(record["level"], record["level"]), **record}
            sys.stdout.write(to_line(record) + "\n")
            sys.stdout.flush()


def _share(text: str) -> float:
    if not text.strip():
        return 1.0
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise ValueError(f"LOG_SAMPLE must be a share from 0 to 1, not {text!r}")
    return share
