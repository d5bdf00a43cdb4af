"""The last requests for decisions, so that an audience can be tried on them before it is released.

Only in memory, only so many, and only what audiences can ask: no tokens, no keys, no addresses. Nothing of it is
ever shown but a count.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator
from typing import Any

from miniprogram.delivery.evaluation.context.delivery_context import DeliveryContext
from miniprogram.delivery.http.query import parse_context, split_query

CAPACITY = 2_000
MAX_QUERY_BYTES = 4_096
_PREFIX = "/api/manifests/"
_SUFFIX = "/latest"


class RecentRequests:
    """A ring. Noting a request costs an append; parsing waits until somebody asks."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._ring: deque[tuple[str, bytes, int]] = deque(maxlen=capacity)

    def note(self, path: str, query: bytes) -> None:
        """Remember a request, if it is one for a decision."""
        if path.endswith(_SUFFIX) and path.startswith(_PREFIX) and len(query) <= MAX_QUERY_BYTES:
            self._ring.append((path[len(_PREFIX) : -len(_SUFFIX)], query, time.time_ns() // 1_000_000))

    def contexts(self, program_id: str) -> Iterator[dict[str, Any]]:
        """What audiences may ask about each request for `program_id`, the latest first."""
        for noted, query, now_ms in reversed(tuple(self._ring)):
            if noted == program_id:
                context = _context(query)
                if context is not None:
                    yield {**context.attributes, **context.extras, "now": now_ms}


def _context(query: bytes) -> DeliveryContext | None:
    parts = split_query(query.decode("latin-1"), repeated="last")
    parsed = parse_context(parts.shared, repeated="last")
    return parsed.for_visitor(parts.extras, None) if isinstance(parsed, DeliveryContext) else None
