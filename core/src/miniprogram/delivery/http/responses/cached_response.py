"""An answer that is given again under another trace id."""

from __future__ import annotations

from miniprogram.delivery.http.messages import HeaderPairs, Request, Response

TRACE_HEADER = "x-backend-trace-id"

_PARTICULAR = frozenset(
    {
        "origin",
        "if-none-match",
        "x-request-id",
        "x-mini-program-access-key",
        "access-control-request-private-network",
    }
)
"""Headers that make an answer a particular one."""


class CachedResponse:
    """A whole JSON response, taken apart at its trace id."""

    __slots__ = ("_after", "_before", "_body_end", "_body_start", "_kind", "_reason", "cost")

    def __init__(self, response: Response, trace_id: str) -> None:
        self._kind, self._reason = response.route_kind, response.reason
        self._body_start, _, self._body_end = response.body.rpartition(trace_id.encode())
        position = [name for name, _ in response.headers].index(TRACE_HEADER)
        self._before: HeaderPairs = response.headers[:position]
        self._after: HeaderPairs = response.headers[position + 1 :]
        self.cost = 2_000 + 2 * len(response.body)
        """What it takes in memory, in bytes; an estimate on the large side."""

    def again(self, trace_id: str) -> Response:
        """The response under `trace_id`."""
        headers = (*self._before, (TRACE_HEADER, trace_id), *self._after)
        body = b"".join((self._body_start, trace_id.encode(), self._body_end))
        return Response(200, headers, body, self._kind, self._reason)


def is_particular(request: Request) -> bool:
    """Whether the answer to `request` may be for nobody else."""
    return request.method != "GET" or not _PARTICULAR.isdisjoint(request.headers)


def is_cacheable(response: Response) -> bool:
    """Whether `response` can be given again. Refusals cannot, nor bodies that came compressed."""
    return response.status == 200 and not any(name == "content-encoding" for name, _ in response.headers)
