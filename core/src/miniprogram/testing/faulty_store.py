"""A store that counts what is done to it, and fails when it is told to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from miniprogram.errors import StoreError
from miniprogram.seams.object_store import ObjectStore
from miniprogram.testing.wrapped_store import Method, WrappedStore


class FaultyStore(WrappedStore):
    """`store` behind a counter. From write number `fail_at` on (the first is 0) every write raises StoreError.

    `writes` holds the keys of all puts and deletes that went through, in order, `reads` those of gets and the
    prefixes of listings.
    """

    def __init__(self, store: ObjectStore | None = None, *, fail_at: int | None = None) -> None:
        super().__init__(store)
        self._fail_at = fail_at
        self._guard = Lock()
        self.writes: list[str] = []
        self.reads: list[str] = []

    @contextmanager
    def around(self, method: Method, key: str) -> Iterator[None]:
        if method not in {"put", "delete"}:
            self.reads.append(key)
            yield
            return
        with self._guard:
            if self._fail_at is not None and len(self.writes) >= self._fail_at:
                raise StoreError(f"{key}: the store fails on purpose")
            yield
            self.writes.append(key)
