"""The seam every storage provider implements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol, TypedDict, runtime_checkable


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object with its bytes. `etag` is opaque; it changes whenever the bytes do."""

    key: str
    body: bytes
    etag: str


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """An object as a listing shows it, its body unread. `size` in bytes."""

    key: str
    size: int


class PutOptions(TypedDict, total=False):
    """The options of `ObjectStore.put`, for what hands them on: `**options: Unpack[PutOptions]`."""

    content_type: str | None
    cache_control: str | None
    if_match: str | None
    if_absent: bool


class ObjectStore(Protocol):
    """Objects by key, with compare-and-swap. Safe to call from many threads.

    Keys are `/`-joined segments without empty, `.` or `..` ones. Every failure is a StoreError that names the
    key and what to do; what the provider's SDK raises never comes through.
    """

    @property
    def location(self) -> str:
        """Where this is, for people: `/srv/programs` or `s3://bucket/prefix`."""
        ...

    @property
    def parallel_writes(self) -> int:
        """How many `put` calls at once make sense."""
        ...

    def get(self, key: str) -> StoredObject | None:
        """The object, or None when there is none."""
        ...

    def put(
        self,
        key: str,
        body: bytes,
        *,
        content_type: str | None = None,
        cache_control: str | None = None,
        if_match: str | None = None,
        if_absent: bool = False,
    ) -> str:
        """Store `body` whole and return its new etag.

        With `if_match` only over the object that has this etag, with `if_absent` only where there is none: else
        PreconditionFailed, and nothing is changed. Of two racing writers with the same condition one wins.
        """
        ...

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        """All objects whose key starts with `prefix`, by ascending key, however many there are.

        No body is read.
        """
        ...

    def list_names(self, folder: str, *, after: str = "") -> Iterator[str]:
        """Names directly below `folder`, ascending: objects as they are, folders with a `/` at their end.

        `folder` ends in `/`; an empty one stands for everything. Only names greater than `after` come: with the
        last name of one page it gives the next. Nothing deeper is walked through and no body is read, so the
        first entries of a long listing cost no more than those of a short one where the store has an index.
        """
        ...

    def delete(self, key: str, *, if_match: str | None = None) -> None:
        """Remove the object. One that is not there is fine, unless `if_match` was given (PreconditionFailed)."""
        ...


@runtime_checkable
class ReusingStore(ObjectStore, Protocol):
    """A store that can give bytes it has a second key, without being sent them again."""

    def reuse(self, key: str, body: bytes, *, source: str) -> bool:
        """Make `key` hold what the object `source` holds, if that is exactly `body` and nothing is at `key`.

        False when it cannot; the caller then puts `body` as usual.
        """
        ...


UNCHANGED: Literal["unchanged"] = "unchanged"


@runtime_checkable
class RevalidatingStore(ObjectStore, Protocol):
    """A store that can say that an object is as it was, without sending it."""

    def get_if_changed(self, key: str, etag: str) -> StoredObject | Literal["unchanged"] | None:
        """As `get`, but UNCHANGED when the object still has `etag`."""
        ...


def read_again(store: ObjectStore, key: str, etag: str | None) -> StoredObject | Literal["unchanged"] | None:
    """The object, None when there is none, or UNCHANGED when it still has `etag`: unsent where the store can."""
    found: StoredObject | Literal["unchanged"] | None
    if etag is not None and isinstance(store, RevalidatingStore):
        found = store.get_if_changed(key, etag)
    else:
        found = store.get(key)
    # some servers do not heed the condition
    return UNCHANGED if isinstance(found, StoredObject) and found.etag == etag else found


@runtime_checkable
class ConditionCheckingStore(ObjectStore, Protocol):
    """A store that has to find out whether its server honours conditions before anything relies on them."""

    def require_conditions(self) -> None:
        """Find out, unless that was done. Raises StoreError when writes would be refused for it."""
        ...
