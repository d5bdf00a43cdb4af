"""Documents kept in memory, each checked for change before it is used again."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

from miniprogram.delivery.documents.document import Document
from miniprogram.delivery.documents.segmented_lru import SegmentedLru
from miniprogram.delivery.documents.sources import DocumentSource
from miniprogram.delivery.evaluation.errors import WouldWait

DEFAULT_MAX_BYTES = 64 * 1024 * 1024
"""Memory for kept documents, in bytes, as estimated from their sizes."""

_ENTRY_BYTES = 600
_COPIES = 4
"""A parsed or compressed document beside its bytes; an estimate on the large side."""


class _Kept(NamedTuple):
    marker: object
    checked_at: float
    content: Document | tuple[str, ...] | None


class DocumentCache:
    """The documents of a source, read again only when their marker changed.

    Markers are asked for at most every `max_staleness_s` seconds: 0 for a folder, where asking is cheap and an
    edit shows at the next request; some seconds for a remote source, whose immutable objects are then never
    asked about again. Safe to use from many threads; errors of the source come through.
    """

    def __init__(
        self,
        source: DocumentSource,
        *,
        max_staleness_s: float = 0.0,
        max_bytes: int = DEFAULT_MAX_BYTES,
        clock: Callable[[], float] = time.monotonic,
        kept: SegmentedLru[_Kept] | None = None,
    ) -> None:
        self._source = source
        self._max_staleness_s = max_staleness_s
        self._clock = clock
        self._kept: SegmentedLru[_Kept] = SegmentedLru(max_bytes) if kept is None else kept

    def document(self, key: str, *, immutable: bool = False) -> Document | None:
        """The document under `key` as it is now (or was `max_staleness_s` ago); None when there is none."""
        kept = self._kept.get(key)
        if kept is None or not self._is_fresh(kept, immutable=immutable):
            kept = self._revalidated(key, kept, self._load)
        return kept.content  # type: ignore[return-value]

    def listing(self, prefix: str) -> tuple[str, ...] | None:
        """What lies directly below `prefix`; None when the folder itself does not exist."""
        kept = self._kept.get(prefix)
        if kept is None or not self._is_fresh(kept, immutable=False):
            kept = self._revalidated(prefix, kept, self._list)
        return kept.content  # type: ignore[return-value]

    def without_source(self) -> DocumentCache:
        """The same memory, for callers who may not wait: raises WouldWait where the source would be asked."""
        return _MemoryOnly(self._source, max_staleness_s=self._max_staleness_s, clock=self._clock, kept=self._kept)

    def _is_fresh(self, kept: _Kept, *, immutable: bool) -> bool:
        if not self._max_staleness_s:
            return False
        if immutable and kept.content is not None:
            return True
        return self._clock() - kept.checked_at < self._max_staleness_s

    def _revalidated(
        self, key: str, kept: _Kept | None, load: Callable[[str], Document | tuple[str, ...] | None]
    ) -> _Kept:
        # The marker is taken first: a change between the two calls then shows as a new marker next time.
        marker = self._source.marker(key)
        if kept is not None and marker == kept.marker:
            if not self._max_staleness_s:
                return kept
            content = kept.content
        else:
            content = None if marker is None else load(key)
        fresh = _Kept(marker, self._clock() if self._max_staleness_s else 0.0, content)
        self._kept.put(key, fresh, _cost(content))
        return fresh

    def _load(self, key: str) -> Document | None:
        body = self._source.read(key)
        return None if body is None else Document(key, body)

    def _list(self, prefix: str) -> tuple[str, ...]:
        return tuple(self._source.list(prefix))


class _MemoryOnly(DocumentCache):
    def _revalidated(self, key: str, *_known: object) -> _Kept:
        raise WouldWait(key)


def _cost(content: Document | tuple[str, ...] | None) -> int:
    if isinstance(content, Document):
        return _ENTRY_BYTES + _COPIES * len(content.body)
    return _ENTRY_BYTES + sum(map(len, content or ())) * 2
