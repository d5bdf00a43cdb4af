"""Answers that many hosts get: the latest manifest for one context, as it was a moment ago.

Hosts of one kind ask the same question all day. While nothing may have changed (see `max_staleness_s` of the
service), their answer differs in the trace id only, and is put together from the bytes kept here.
"""

from __future__ import annotations

from collections.abc import Callable

from miniprogram.delivery.documents.segmented_lru import SegmentedLru
from miniprogram.delivery.http.messages import Request, Response
from miniprogram.delivery.http.responses.cached_response import (
    CachedResponse,
    form_asked_for,
    is_cacheable,
    is_particular,
)

_MAX_BYTES = 8 * 1024 * 1024


class SharedAnswers:
    """Answers by path, query and the form asked for; each is good for `max_age_s` seconds."""

    __slots__ = ("_answers", "_clock", "_max_age_s")

    def __init__(self, max_age_s: float, clock: Callable[[], float]) -> None:
        self._max_age_s = max_age_s
        self._clock = clock
        self._answers: SegmentedLru[str, CachedResponse] = SegmentedLru(_MAX_BYTES)

    def find(self, request: Request) -> CachedResponse | None:
        """What was answered to the same question; None when it has to be worked out."""
        cached = self._answers.get(_key(request))
        return cached if cached is not None and self._clock() < cached.good_until else None

    def keep(self, request: Request, response: Response, trace_id: str) -> None:
        """Keep `response`, which everybody gets who asks the same, if it can be given again."""
        if not is_particular(request) and is_cacheable(response):
            cached = CachedResponse(response, trace_id, self._clock() + self._max_age_s)
            self._answers.put(_key(request), cached, cached.cost)


def _key(request: Request) -> str:
    return f"{request.path}?{request.query}\n{form_asked_for(request.headers)}"
