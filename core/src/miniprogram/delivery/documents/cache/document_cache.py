"""Documents kept in memory, each checked for change before it is used again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from miniprogram.delivery.documents.cache.document import Document
from miniprogram.delivery.documents.outage import NO_TOLERANCE, Notices, OutageTolerance, pause_s
from miniprogram.delivery.documents.segmented_lru import SegmentedLru
from miniprogram.delivery.evaluation.errors import BrokenDocument, SourceUnavailable, WouldWait

if TYPE_CHECKING:
    from miniprogram.delivery.documents.cache.snapshot import DocumentSnapshot
    from miniprogram.delivery.documents.sources import DocumentSource

DEFAULT_MAX_BYTES = 64 * 1024 * 1024
"""Memory for kept documents, in bytes, as estimated from their sizes; and an eighth of it for what is absent."""

_ENTRY_BYTES = 1_000
"""Beside the content."""
_ABSENT_SHARE = 8
"""The part of the memory beside it that is for what does not exist, whose names strangers choose."""
_ABSENT_BYTES = 350
"""What such a name takes, as measured."""
_COPIES = 4
"""A parsed or compressed document beside its bytes; an estimate on the large side."""

_GRACE = 1.5
"""How much older than fresh a document may be for callers who may not wait."""

_NEVER = float("-inf")
_RECENT_S = 30.0
"""How long it is remembered that a document changed: longer than any look takes."""
_MOST_RECENT = 4_096
"""Documents of which that is remembered. With more it holds for all."""

Compiled = TypeVar("Compiled")
_Content = Document | tuple[str, ...] | None
_Load = Callable[[str, "_Cached | None"], _Content]
"""Reads what is under a key, knowing what was there before."""


class _Cached:
    """Never changes. Used unasked until `fresh_until`. `retry_at`: the source failed and is not asked before."""

    __slots__ = ("checked_at", "content", "failures", "fresh_until", "marker", "retry_at")

    def __init__(
        self,
        marker: object,
        checked_at: float,
        content: _Content,
        fresh_until: float,
        *,
        retry_at: float = 0.0,
        failures: int = 0,
    ) -> None:
        self.marker, self.checked_at, self.content, self.fresh_until = marker, checked_at, content, fresh_until
        self.retry_at, self.failures = retry_at, failures

    def expired(self) -> _Cached:
        """The same, to be looked at before it is used again."""
        return self._again(_NEVER, self.retry_at, self.failures)

    def failed(self, retry_at: float) -> _Cached:
        """The same, after another look that failed."""
        return self._again(self.fresh_until, retry_at, self.failures + 1)

    def _again(self, fresh_until: float, retry_at: float, failures: int) -> _Cached:
        return _Cached(
            self.marker, self.checked_at, self.content, fresh_until, retry_at=retry_at, failures=failures
        )


class _Memory:
    """What is known by key. What does not exist has a bound of its own, and pushes out no document.

    What was looked at no later than `expired_at` is not fresh, whatever its age.
    """

    __slots__ = ("_absent", "_changed", "_present", "expired_at")

    def __init__(self, max_bytes: int) -> None:
        self.expired_at = _NEVER
        self._changed: dict[str, float] = {}
        self._present: SegmentedLru[str, _Cached] = SegmentedLru(max_bytes)
        self._absent: SegmentedLru[str, _Cached] = SegmentedLru(max_bytes // _ABSENT_SHARE)

    def get(self, key: str) -> _Cached | None:
        return self._present.get(key) or self._absent.get(key)

    def put(self, key: str, cached: _Cached) -> None:
        # Put first, then drop: whoever puts the other at the same moment, there are never both.
        if cached.content is None:
            self._absent.put(key, cached, _ABSENT_BYTES)
            self._present.drop(key)
        else:
            self._present.put(key, cached, _cost(cached.content))
            self._absent.drop(key)

    def expire(self, keys: Iterable[str], now: float) -> bool:
        """What is known of `keys` and of the folders they are in is not fresh. Whether anything was known."""
        found = False
        for name in {each for key in keys for each in _with_folders(key)}:
            # Remembered first, marked then; a look does it the other way round: one of them sees the other.
            self._changed[name] = now
            cached = self.get(name)
            if cached is not None:
                self.put(name, cached.expired())
                found = True
        if len(self._changed) > _MOST_RECENT:
            self._changed = {name: at for name, at in self._changed.items() if now - at < _RECENT_S}
        if len(self._changed) > _MOST_RECENT:
            self._changed, self.expired_at = {}, now
            return True
        return found

    def has_changed_since(self, key: str, looked_at: float) -> bool:
        """Whether something was said to have changed after somebody began to look at it."""
        return self.expired_at >= looked_at or self._changed.get(key, _NEVER) >= looked_at


class DocumentCache:
    """The documents of a source, read again only when their marker changed.

    Markers are asked for at most every `max_staleness_s` seconds: 0 for a folder, where asking is cheap and an
    edit shows at the next request; some seconds for a remote source, whose immutable objects are then never
    asked about again. Safe to use from many threads.

    Errors of the source come through, but for what `tolerance` bears. `snapshot` outlives this process.
    """

    def __init__(
        self,
        source: DocumentSource,
        *,
        max_staleness_s: float = 0.0,
        max_bytes: int = DEFAULT_MAX_BYTES,
        clock: Callable[[], float] = time.monotonic,
        tolerance: OutageTolerance = NO_TOLERANCE,
        snapshot: DocumentSnapshot | None = None,
        notices: Notices | None = None,
        memory: _Memory | None = None,
    ) -> None:
        self._source = source
        self._max_staleness_s = max_staleness_s
        self._clock = clock
        self._tolerance = tolerance
        self._tells_age = bool(max_staleness_s or tolerance.limit_s(fails_closed=False))
        self._snapshot = snapshot
        self._notices = notices or Notices(lambda _degraded: None)
        self._cached = _Memory(max_bytes) if memory is None else memory

    def document(self, key: str, *, immutable: bool = False, fails_closed: bool = False) -> Document | None:
        """The document under `key` as it is now (or was `max_staleness_s` ago); None when there is none.

        `fails_closed`: it must not be used for long while the source fails, and is not written to a snapshot.
        """
        cached = self._cached.get(key)
        if cached is None or (
            (self._clock() >= cached.fresh_until or cached.checked_at <= self._cached.expired_at)
            and not (immutable and self._max_staleness_s and cached.content is not None)
        ):
            cached = self._looked(key, cached, self._load, immutable=immutable, fails_closed=fails_closed)
        return cached.content  # type: ignore[return-value]

    def compiled(self, key: str, compile_document: Callable[[Document], Compiled]) -> Compiled | None:
        """What `compile_document` makes of the control document under `key`; None when there is none.

        When it cannot be read as one, what its last good state came to; raises BrokenDocument if none is known.
        """
        cached = self._cached.get(key)
        if cached is None or self._clock() >= cached.fresh_until or cached.checked_at <= self._cached.expired_at:
            cached = self._looked(key, cached, self._load_control)
        document = cached.content
        if not isinstance(document, Document):
            return None
        try:
            made = document.compiled(compile_document)
        except BrokenDocument as error:
            return self._last_good(document, compile_document, error)
        if not document.is_in_snapshot:
            self._keep_good(document)
        return made

    def use(self, document: Document, compile_document: Callable[[Document], Compiled]) -> Compiled:
        """What `compile_document` makes of it. Raises BrokenDocument, and tells operators of it once."""
        try:
            return document.compiled(compile_document)
        except BrokenDocument as error:
            self._notices.lost(error, document.etag)
            raise

    def trouble(self, key: str) -> str | None:
        """Why an older state than the present one of a document is used; None when it is not."""
        return self._notices.reason(key)

    def has(self, key: str, compile_document: Callable[[Document], object]) -> bool:
        """Whether there is a control document under `key`, good or not."""
        try:
            return self.compiled(key, compile_document) is not None
        except BrokenDocument:
            return True

    def listing(self, prefix: str) -> tuple[str, ...] | None:
        """What lies directly below `prefix`; None when the folder itself does not exist."""
        cached = self._cached.get(prefix)
        if cached is None or self._clock() >= cached.fresh_until or cached.checked_at <= self._cached.expired_at:
            cached = self._looked(prefix, cached, self._list)
        return cached.content  # type: ignore[return-value]

    def expire(self, keys: Iterable[str] | None) -> bool:
        """What is known of `keys`, or of everything, is looked at before it is used again, however young.

        Objects that never change stay. Whether anything was known of them. Called by one thread at a time.
        """
        now = self._clock()
        if keys is not None:
            return self._cached.expire(keys, now)
        self._cached.expired_at = now
        return True

    def unshared_bytes(self, key: str) -> bytes | None:
        """The bytes of an object that never changes and that its user keeps in another form."""
        snapshot = self._snapshot
        try:
            body = self._source.read(key)
        except SourceUnavailable:
            saved = None if snapshot is None else snapshot.load(key)
            if saved is None or saved.body is None:
                raise
            return saved.body
        if snapshot is not None and body is not None:
            snapshot.save(key, body)
        return body

    def without_source(self) -> MemoryOnlyCache:
        """The same memory, for callers who may not wait: raises WouldWait where the source would be asked."""
        return MemoryOnlyCache(
            self._source,
            max_staleness_s=self._max_staleness_s,
            clock=self._clock,
            tolerance=self._tolerance,
            notices=self._notices,
            memory=self._cached,
        )

    def _looked(
        self,
        key: str,
        cached: _Cached | None,
        load: _Load,
        *,
        immutable: bool = False,
        fails_closed: bool = False,
    ) -> _Cached:
        """What is known of `key` after another look at the source, or instead of one while it fails."""
        if cached is not None and cached.retry_at and self._clock() < cached.retry_at:
            return self._tolerated(key, cached, None, fails_closed=fails_closed)
        try:
            fresh = self._revalidated(key, cached, load)
        except SourceUnavailable as error:
            cached = cached or self._restored(key, immutable=immutable)
            if cached is None:
                raise
            cached = cached.failed(self._clock() + pause_s(key, cached.failures + 1))
            self._cached.put(key, cached)
            return self._tolerated(key, cached, error, fails_closed=fails_closed)
        if (cached is not None and cached.failures) or fresh.content is None:
            self._notices.is_well(key)
        if self._snapshot is not None:
            self._save(key, fresh, self._snapshot, immutable=immutable, fails_closed=fails_closed)
        return fresh

    def _tolerated(
        self, key: str, cached: _Cached, error: SourceUnavailable | None, *, fails_closed: bool
    ) -> _Cached:
        """`cached`, if it may be used although the source fails. Raises SourceUnavailable otherwise.

        Nobody has a key to a program that had none: that there is no such document is borne like a pointer.
        """
        age_s = self._clock() - cached.checked_at
        limit_s = self._tolerance.limit_s(fails_closed=fails_closed and cached.content is not None)
        if age_s >= limit_s:
            raise error or SourceUnavailable(f"{key}: the source failed and is not asked again yet")
        if age_s >= self._tolerance.hard_s:
            self._notices.outage(key, f"the source fails; used as it was {age_s:.0f} s ago")
        return cached

    def _revalidated(self, key: str, cached: _Cached | None, load: _Load) -> _Cached:
        # The marker is taken first: a change between the two calls then shows as a new marker next time.
        looked_at = self._clock() if self._tells_age else 0.0
        marker = self._source.marker(key)
        if cached is not None and marker == cached.marker:
            if not self._tells_age:
                return cached
            content = cached.content
        else:
            content = None if marker is None else load(key, cached)
        fresh = _Cached(marker, looked_at, content, looked_at + self._max_staleness_s)
        self._cached.put(key, fresh)
        if self._tells_age and self._cached.has_changed_since(key, looked_at):
            self._cached.put(key, fresh.expired())  # the look may have been just before the change
        return fresh

    def _load(self, key: str, _before: _Cached | None = None) -> Document | None:
        body = self._source.read(key)
        return None if body is None else Document(key, body)

    def _load_control(self, key: str, before: _Cached | None) -> Document | None:
        """An object that cannot be read is a document that cannot be used, and has a last good state too."""
        try:
            document = self._load(key)
        except BrokenDocument as error:
            document = Document.unreadable(error)
        if document is not None and before is not None and isinstance(before.content, Document):
            document.follow(before.content)
        return document

    def _list(self, prefix: str, _before: _Cached | None) -> tuple[str, ...]:
        return tuple(self._source.list(prefix))

    def _last_good(
        self, document: Document, compile_document: Callable[[Document], Compiled], error: BrokenDocument
    ) -> Compiled:
        previous = document.previous or self._saved_document(document.key)
        if previous is None:
            self._notices.lost(error, document.etag)
            raise error
        try:
            made = previous.compiled(compile_document)
        except BrokenDocument:
            self._notices.lost(error, document.etag)
            raise error from None
        document.follow(previous)
        self._notices.damaged(document.key, f"{error.reason}; its last good state goes on", document.etag)
        return made

    def _keep_good(self, document: Document) -> None:
        document.is_in_snapshot = True
        self._notices.is_well(document.key)
        if self._snapshot is not None:
            self._snapshot.save(document.key, document.body)

    def _saved_document(self, key: str) -> Document | None:
        saved = None if self._snapshot is None else self._snapshot.load(key)
        return None if saved is None or saved.body is None else Document(key, saved.body)

    def _restored(self, key: str, *, immutable: bool) -> _Cached | None:
        """What another process left about `key`, as old as it is."""
        saved = None if self._snapshot is None else self._snapshot.load(key)
        if saved is None:
            return None
        age_s = 0.0 if immutable and saved.body is not None else saved.age_s
        content: _Content = None
        if saved.body is not None:
            content = tuple(saved.body.decode().split("\n")) if key.endswith("/") else Document(key, saved.body)
        checked_at = self._clock() - age_s
        return _Cached(object(), checked_at, content, checked_at + self._max_staleness_s)

    def _save(
        self, key: str, fresh: _Cached, snapshot: DocumentSnapshot, *, immutable: bool, fails_closed: bool
    ) -> None:
        """Control documents are saved once they are known to be good, see `_keep_good`."""
        content = fresh.content
        if isinstance(content, tuple):
            snapshot.save(key, "\n".join(content).encode("utf-8", "surrogatepass"))
        elif content is None:
            if not immutable:
                snapshot.save(key, None)
        elif fails_closed:
            snapshot.forget(key)
        elif content.is_in_snapshot:
            snapshot.confirm(key)
        elif immutable:
            content.is_in_snapshot = True
            snapshot.save(key, content.body)


class MemoryOnlyCache(DocumentCache):
    """What is in memory, and half as long again as it is fresh: meanwhile somebody who may wait can look again.

    `is_due` is set when something was used that should be looked at.
    """

    is_due = False

    def _looked(
        self,
        key: str,
        cached: _Cached | None,
        load: _Load,  # noqa: ARG002 - nothing is read here
        *,
        immutable: bool = False,  # noqa: ARG002
        fails_closed: bool = False,
    ) -> _Cached:
        if cached is not None and cached.retry_at and self._clock() < cached.retry_at:
            return self._tolerated(key, cached, None, fails_closed=fails_closed)
        if cached is not None and not cached.failures:
            age_s = self._clock() - cached.checked_at
            is_known_old = cached.fresh_until == _NEVER or cached.checked_at <= self._cached.expired_at
            if age_s < _GRACE * self._max_staleness_s and not is_known_old:
                self.is_due = True
                return cached
        raise WouldWait(key)

    def _keep_good(self, document: Document) -> None:
        """Whoever may wait writes it down."""


def _with_folders(key: str) -> Iterator[str]:
    """`key`, and the folders whose listings it is in: `a/b/c`, `a/b/`, `a/`."""
    yield key
    end = key.rfind("/", 0, -1)
    while end > 0:
        yield key[: end + 1]
        end = key.rfind("/", 0, end)


def _cost(content: Document | tuple[str, ...]) -> int:
    if isinstance(content, Document):
        previous = 0 if content.previous is None else len(content.previous.body)
        return _ENTRY_BYTES + _COPIES * (len(content.body) + previous)
    return _ENTRY_BYTES + sum(map(len, content)) * 2
