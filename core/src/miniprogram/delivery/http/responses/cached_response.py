"""An answer that is given again under another trace id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from miniprogram.delivery.http.messages import HeaderPairs, Request, Response

TRACE_HEADER = "x-backend-trace-id"

_PARTICULAR = frozenset(
    {
        "origin",
        "x-request-id",
        "x-mini-program-access-key",
        "access-control-request-private-network",
    }
)
"""Headers that make an answer a particular one."""


class CachedResponse:
    """A whole JSON response, or that it is unchanged, taken apart at its trace id.

    `before` and `after` are the headers around it, `body_start` and `body_end` the bytes of a body. Until
    `good_until`, on the clock of the service, it answers whoever sends the same; 0 where another might be decided
    otherwise.
    """

    __slots__ = (
        "after",
        "before",
        "body_end",
        "body_start",
        "cost",
        "good_until",
        "kind",
        "reason",
        "rendered",
        "status",
    )

    def __init__(self, response: Response, trace_id: str, good_until: float = 0.0) -> None:
        self.kind, self.reason, self.status = response.route_kind, response.reason, response.status
        self.body_start, _, self.body_end = response.body.rpartition(trace_id.encode())
        position = [name for name, _ in response.headers].index(TRACE_HEADER)
        self.before: HeaderPairs = response.headers[:position]
        self.after: HeaderPairs = response.headers[position + 1 :]
        self.good_until = good_until
        self.cost = 4_000 + 2 * len(response.body)
        """What it takes in memory, in bytes; an estimate on the large side."""
        self.rendered: Any = None
        """A transport's own form of it, made once and kept here."""

    def again(self, trace_id: str) -> Response:
        """The response under `trace_id`."""
        headers = (*self.before, (TRACE_HEADER, trace_id), *self.after)
        body = b"" if self.status == 304 else b"".join((self.body_start, trace_id.encode(), self.body_end))
        return Response(self.status, headers, body, self.kind, self.reason)


def is_particular(request: Request) -> bool:
    """Whether the answer to `request` may be for nobody else."""
    return request.method != "GET" or not _PARTICULAR.isdisjoint(request.headers)


def is_cacheable(response: Response) -> bool:
    """Whether `response` can be given again. Refusals cannot, nor bodies that came compressed."""
    return response.status in (200, 304) and not any(name == "content-encoding" for name, _ in response.headers)


def form_asked_for(headers: Mapping[str, str]) -> str:
    """Which form of an answer is wanted: what may be compressed, and what the client has already."""
    accepted, known = headers.get("accept-encoding", ""), headers.get("if-none-match")
    return accepted if known is None else f"{accepted}\n{known}"
