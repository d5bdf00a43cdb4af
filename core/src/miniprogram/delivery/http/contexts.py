"""Delivery contexts by their queries: parsed once for all hosts that say the same."""

from __future__ import annotations

from typing import Literal

from miniprogram.delivery.documents.segmented_lru import SegmentedLru
from miniprogram.delivery.evaluation.context.delivery_context import DeliveryContext
from miniprogram.delivery.evaluation.refusals import Refusal
from miniprogram.delivery.http.query import parse_context, split_query
from miniprogram.delivery.http.responses.decision_metadata import context_echo

_MAX_BYTES = 4 * 1024 * 1024
_ENTRY_BYTES = 2_000


class QueryContext:
    """Who asks: what hosts of a kind have in common, as query and as `shared`, and what this visitor adds.

    `extras` are further attributes by parameter name, `link` is the token of a signed link.
    """

    __slots__ = ("_context", "extras", "link", "shared", "shared_query")

    def __init__(
        self, shared_query: str, shared: DeliveryContext, extras: dict[str, str] | None, link: str | None
    ) -> None:
        self.shared_query, self.shared = shared_query, shared
        self.extras, self.link = extras or {}, link
        self._context: DeliveryContext | None = None if extras or link else shared

    @property
    def is_shared(self) -> bool:
        """Whether nothing in it is the visitor's own."""
        return self._context is self.shared

    @property
    def context(self) -> DeliveryContext:
        """All of it."""
        found = self._context
        if found is None:
            found = self._context = self.shared.for_visitor(self.extras, self.link)
        return found


class DeliveryContexts:
    """A bounded cache of contexts. `repeated`: what is taken of a parameter that is sent twice."""

    __slots__ = ("_parsed", "_repeated")

    def __init__(self, repeated: Literal["last", "joined"]) -> None:
        self._repeated = repeated
        self._parsed: SegmentedLru[str, DeliveryContext] = SegmentedLru(_MAX_BYTES)

    def read(self, query: str) -> QueryContext | Refusal:
        """Who asks by a raw query, or the refusal naming the first parameter that cannot be read."""
        context = self._parsed.get(query)
        if context is not None:
            return QueryContext(query, context, None, None)
        # What one visitor alone sends is no key: a cache of visitors would push out what they have in common.
        parts = split_query(query, repeated=self._repeated)
        shared, extras, link = parts.shared, parts.extras, parts.link
        parsed = self._parsed.get(shared)
        if parsed is None:
            found = parse_context(shared, repeated=self._repeated)
            if isinstance(found, Refusal):
                return found
            parsed = found
            context_echo(parsed)  # once for all the visitors who share it
            self._parsed.put(shared, parsed, _ENTRY_BYTES + 8 * len(shared))
        return QueryContext(shared, parsed, extras, link)
