"""The stored documents of an environment as a delivery function reads them: one look per request, or none.

Several small documents decide about a request, and each may change at any time. After `soft_s` seconds one is due
for another look, but a request looks at one of them only: the others wait for the next requests, at most until
`hard_s`. What did not change is not sent again. A look that fails before `hard_s` changes nothing, and is not
repeated for some seconds; after it the failure is the engine's to bear or to refuse.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from threading import Lock, local
from typing import NamedTuple, Protocol

from miniprogram.delivery.documents.bounded_looks import BoundedLooks, Look
from miniprogram.delivery.evaluation.errors import BrokenDocument, SourceUnavailable

MAX_LIST_BYTES = 32 * 1024 * 1024
"""Id lists are asked, never sent: four million ids, and what the engine keeps of one list at most."""
MAX_KEY_BYTES = 1024
MOST_REMEMBERED = 8_192
MOST_PENDING = 64
FETCHED_AT_ONCE = 5
MOST_RECENT = 8
MAX_RECENT_BYTES = 64 * 1024
"""Of a body that is kept for threads that meet: pointers, rules and policies are smaller."""
HARD_FACTOR = 3
DEFAULT_BUDGET_S = 6.0
"""What all looks of one request may take together, in seconds."""
RETRY_AFTER_S = 2.0
"""How long the store is left alone about a document that is still good enough, after it failed to answer."""


class Fetched(NamedTuple):
    """An object as the store sent it. `body` is None when it is still what the caller has."""

    etag: str
    body: bytes | None


class RemoteObjects(Protocol):
    """The calls of a cloud's SDK that a delivery function makes. Safe to call from many threads.

    Each raises SourceUnavailable, naming the operation and the error code, when the store fails or refuses.
    """

    def fetch(self, key: str, *, known: str | None, max_bytes: int) -> Fetched | None:
        """The object, without its body if its etag is still `known`; None when there is none.

        Raises BrokenDocument, having read nothing, when it is larger than `max_bytes`.
        """
        ...

    def names(self, folder: str) -> Iterable[str]:
        """Keys directly below `folder`, which ends in `/`, whole and in any order; those of folders end so too."""
        ...


class Freshness(NamedTuple):
    """How old what is known about a changing document may be, in seconds."""

    soft_s: float = 5.0
    hard_s: float = 5.0 * HARD_FACTOR

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Freshness:
        """From POINTER_MAX_AGE_SECONDS; 5 unless it is a number from 0 to 300."""
        try:
            soft = float(environ.get("POINTER_MAX_AGE_SECONDS", "5"))
        except ValueError:
            soft = 5.0
        soft = soft if 0 <= soft <= 300 else 5.0
        return cls(soft, soft * HARD_FACTOR)


_Found = Fetched | tuple[str, ...] | None
"""What a look finds: an object, the names below a folder, or nothing."""


class _Seen(NamedTuple):
    marker: object | None
    looked_at: float
    failed_at: float = float("-inf")


class _Turn(local):
    """What one request may still do. A thread answers one request at a time, and each has its own."""

    def __init__(self) -> None:
        self.begin(DEFAULT_BUDGET_S)
        self.bodies: dict[str, Fetched] = {}
        """What was fetched for its marker, and is usually read next."""

    def begin(self, budget_s: float) -> None:
        self.may_look = True
        self.failed: dict[str, SourceUnavailable] = {}
        self.ends_at = time.monotonic() + budget_s

    def put_aside(self, key: str, found: Fetched) -> None:
        self.bodies[key] = found
        while len(self.bodies) > MOST_PENDING:
            self.bodies.pop(next(iter(self.bodies)))


class RemoteSource:
    """A DocumentSource over `objects`. None larger than `max_bytes` is read: an answer has no room for more.

    Objects whose keys start with `lists_prefix` are id lists; a blank one says that there are none.
    Call `begin_request` before each request, in the thread that answers it. Safe to use from many threads.
    """

    def __init__(
        self,
        objects: RemoteObjects,
        freshness: Freshness,
        *,
        max_bytes: int,
        lists_prefix: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._objects, self._freshness, self._clock = objects, freshness, clock
        self._max_bytes, self._lists_prefix = max_bytes, lists_prefix
        self._seen: dict[str, _Seen] = {}
        self._recent: dict[str, Fetched] = {}
        """The last small bodies, for who comes between the end of a look and the moment its document is kept."""
        self._guard = Lock()
        self._looks = BoundedLooks()
        self._turn = _Turn()

    def begin_request(self, budget_s: float = DEFAULT_BUDGET_S) -> None:
        """What is due may be looked at again, once. All looks of the request together may take `budget_s`."""
        self._turn.begin(budget_s)

    def fetch_together(self, keys: Iterable[str]) -> None:
        """Look at those of `keys` that this request would have to wait for, all at once.

        Failures are left to whoever asks for the key.
        """
        seen = ((key, self._seen.get(key)) for key in keys)
        due = [key for key, known in seen if self._must_look(known) and not self._has_just_failed(known)]
        if len(due) < 2:
            return
        looked_at = self._clock()
        for look in self._start_looks(due[:FETCHED_AT_ONCE]):
            try:
                self._note(look.name, look.result(self._budget_s()), looked_at)
            except SourceUnavailable as error:
                self._note_failure(look.name, error)
            except BrokenDocument:
                self._forget(look.name)
        self._turn.may_look = False

    def _start_looks(self, keys: Iterable[str]) -> list[Look[_Found]]:
        """Looks at `keys`; fewer when too many hang already: whoever asks for the others is told so."""
        looks: list[Look[_Found]] = []
        with suppress(SourceUnavailable):
            for key in keys:
                looks.append(self._looks.start(key, self._reader(key)))
        return looks

    def marker(self, key: str) -> object | None:
        seen = self._seen.get(key)
        if seen is not None and not self._must_look(seen):
            if not (self._turn.may_look and self._is_due(seen)):
                return seen.marker
            self._turn.may_look = False
            return self._look_again(key, seen)
        return self._look(key)

    def read(self, key: str) -> bytes | None:
        body = self._take(key)
        if body is not None:
            return body
        self._forget(key)
        return None if self._look(key) is None else self._take(key)

    def _take(self, key: str) -> bytes | None:
        """What was put aside of `key` by the last look at it: one that came too late may have left another."""
        put_aside, seen = self._turn.bodies.pop(key, None) or self._recent.get(key), self._seen.get(key)
        return put_aside.body if put_aside and seen and put_aside.etag == seen.marker else None

    def list(self, prefix: str) -> list[str]:
        listed = self.marker(prefix)
        return list(listed) if isinstance(listed, tuple) else []

    def _look_again(self, key: str, seen: _Seen) -> object | None:
        """Another look at what is still good enough: if it fails, what is known goes on."""
        try:
            return self._look(key)
        except SourceUnavailable:
            return seen.marker

    def _is_due(self, seen: _Seen) -> bool:
        return self._clock() - seen.looked_at >= self._freshness.soft_s and not self._has_just_failed(seen)

    def _has_just_failed(self, seen: _Seen | None) -> bool:
        return seen is not None and self._clock() - seen.failed_at < RETRY_AFTER_S

    def _must_look(self, seen: _Seen | None) -> bool:
        return seen is None or self._clock() - seen.looked_at >= self._freshness.hard_s

    def _look(self, key: str) -> object | None:
        """The marker of `key` now. What failed once in a request is not asked again in it."""
        failed = self._turn.failed.get(key)
        if failed is not None:
            raise failed
        looked_at = self._clock()
        try:
            return self._note(key, self._looks.run(key, self._reader(key), self._budget_s()), looked_at)
        except SourceUnavailable as error:
            self._note_failure(key, error)
            raise

    def _note_failure(self, key: str, error: SourceUnavailable) -> None:
        self._turn.failed[key] = error
        seen = self._seen.get(key)
        if seen is not None:
            self._seen[key] = seen._replace(failed_at=self._clock())

    def _budget_s(self) -> float:
        return max(0.0, self._turn.ends_at - time.monotonic())

    def _reader(self, key: str) -> Callable[[], _Found]:
        if key.endswith("/"):
            return partial(self._names, key)
        seen = self._seen.get(key)
        return partial(self._fetch, key, None if seen is None else seen.marker)

    def _note(self, key: str, found: _Found, looked_at: float) -> object | None:
        """The marker of what a look found. Whoever waited for the look notes it, each for its request."""
        marker = found.etag if isinstance(found, Fetched) else found
        if isinstance(found, Fetched) and found.body is not None:
            self._turn.put_aside(key, found)
        with self._guard:
            if isinstance(found, Fetched) and found.body is not None and len(found.body) <= MAX_RECENT_BYTES:
                self._recent.pop(key, None)
                self._recent[key] = found
                while len(self._recent) > MOST_RECENT:
                    self._recent.pop(next(iter(self._recent)))
            while len(self._seen) >= MOST_REMEMBERED:
                self._forget(next(iter(self._seen)))
            self._seen.pop(key, None)  # so that the order is that of the last look
            self._seen[key] = _Seen(marker, looked_at)
        return marker

    def _fetch(self, key: str, known: object | None) -> Fetched | None:
        """The object, without its body if it still is `known`; None when there is none."""
        if not _is_key(key):
            return None
        is_list = self._lists_prefix and key.startswith(self._lists_prefix)
        return self._objects.fetch(
            key,
            known=known if isinstance(known, str) else None,
            max_bytes=MAX_LIST_BYTES if is_list else self._max_bytes,
        )

    def _names(self, folder: str) -> tuple[str, ...] | None:
        """What lies directly below `folder`, ascending; None when nothing does."""
        return tuple(sorted(self._objects.names(folder))) or None

    def _forget(self, key: str) -> None:
        self._seen.pop(key, None)


def _is_key(key: str) -> bool:
    return bool(key) and key.isprintable() and len(key.encode("utf-8", "replace")) <= MAX_KEY_BYTES
