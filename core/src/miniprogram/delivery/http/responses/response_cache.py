"""Answers that many hosts get: the latest manifest for one context, as it was a moment ago.

Hosts of one kind ask the same question all day. While nothing may have changed (see `max_staleness_s` of the
service), their answer differs in the trace id only, and is put together from the bytes kept here.
"""

from __future__ import annotations

from collections.abc import Callable

from miniprogram.delivery.documents.segmented_lru import SegmentedLru
from miniprogram.delivery.http.messages import HeaderPairs, Request, Response
from miniprogram.delivery.http.responses.caching import REVALIDATE

TRACE_HEADER = "x-backend-trace-id"

_MAX_BYTES = 16 * 1024 * 1024
_ENTRY_BYTES = 2_000
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


class _CachedAnswer:
    __slots__ = ("body_end", "body_start", "cached_at", "headers_after", "headers_before", "kind", "reason")

    def __init__(self, response: Response, trace_id: bytes, cached_at: float) -> None:
        self.cached_at = cached_at
        self.kind = response.route_kind
        self.reason = response.reason
        self.body_start, self.body_end = _around(response.body, trace_id)
        position = [name for name, _ in response.headers].index(TRACE_HEADER)
        self.headers_before: HeaderPairs = response.headers[:position]
        self.headers_after: HeaderPairs = response.headers[position + 1 :]


class ResponseCache:
    """Answers by path, query and whether gzip is understood; each is good for `max_age_s` seconds."""

    __slots__ = ("_answers", "_clock", "_max_age_s")

    def __init__(self, max_age_s: float, clock: Callable[[], float]) -> None:
        self._max_age_s = max_age_s
        self._clock = clock
        self._answers: SegmentedLru[_CachedAnswer] = SegmentedLru(_MAX_BYTES)

    def answer(self, request: Request, trace_id: Callable[[], str]) -> Response | None:
        """What was answered to the same question, under a new trace id; None when it has to be worked out."""
        if not self._max_age_s or _is_particular(request):
            return None
        cached = self._answers.get(_key(request))
        if cached is None or self._clock() - cached.cached_at >= self._max_age_s:
            return None
        trace = trace_id()
        headers = (*cached.headers_before, (TRACE_HEADER, trace), *cached.headers_after)
        body = b"".join((cached.body_start, trace.encode(), cached.body_end))
        return Response(200, headers, body, cached.kind, cached.reason)

    def keep(self, request: Request, response: Response, trace_id: str) -> None:
        """Keep `response` if everybody who asks the same gets it. Refusals and compressed bodies are not kept."""
        if not self._max_age_s or response.status != 200 or _is_particular(request):
            return
        headers = dict(response.headers)
        if "content-encoding" in headers or headers.get("cache-control") != REVALIDATE:
            return
        cached = _CachedAnswer(response, trace_id.encode(), self._clock())
        self._answers.put(_key(request), cached, _ENTRY_BYTES + 2 * len(response.body))


def _is_particular(request: Request) -> bool:
    return request.method != "GET" or not _PARTICULAR.isdisjoint(request.headers)


def _key(request: Request) -> str:
    return f"{request.path}?{request.query}\n{request.headers.get('accept-encoding', '')}"


def _around(body: bytes, trace_id: bytes) -> tuple[bytes, bytes]:
    start, _, end = body.rpartition(trace_id)
    return start, end
