"""A document with a revision and an audit trail, changed by compare-and-swap.

Order of a change: what the last revision left undone is put away; then the document is written, with its events;
then the events get their own keys. A crash after any of these writes loses nothing: the next change goes on from
there.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, Self, TypeVar

from miniprogram.documents.audit_chain import extended, flush_events
from miniprogram.documents.audit_event import Trail
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.errors import PreconditionFailed, StoreError
from miniprogram.refusals import RevisionConflict
from miniprogram.stores.cache_control import POINTER
from miniprogram.strict_json import parse_json, parse_model, require_object, to_pretty_json

ATTEMPTS = 200
LONGEST_PAUSE_S = 0.1


class Chained(Protocol):
    """What a model must have to be kept this way."""

    @property
    def revision(self) -> int: ...
    @property
    def trail(self) -> Trail: ...
    def model_copy(self, *, update: dict[str, Any] | None = None) -> Self: ...
    def model_dump(self, *, mode: str, by_alias: bool) -> dict[str, Any]: ...


D = TypeVar("D", bound=Chained)


@dataclass(frozen=True, slots=True)
class Change(Generic[D]):
    """The document wanted, and what to say about it in the trail (members of Event, see `events`)."""

    document: D
    events: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class AuditedDocuments(Generic[D]):
    """How one kind of document is kept. `finish` completes the document for the revision it is about to have."""

    storage: EnvironmentStorage
    key: str
    chain: str
    model: type[Any]
    blank: Callable[[], D]
    finish: Callable[[D], D]
    put_away: Callable[[D], None]
    """Writes what a revision left to be put away. Doing it again changes nothing."""
    begin: Callable[[D], D] = lambda document: document
    """The document without what its last revision left to be put away."""

    def read(self) -> D | None:
        """The document, or None. Raises DocumentError for a broken one."""
        return self._read()[0]

    def change(self, change: Callable[[D], Change[D]], *, now: str, expected_revision: int | None = None) -> D:
        """Write what `change` makes of the document, unless somebody else wrote meanwhile: then again.

        `change` must have no effect of its own. What it raises ends it, with nothing written. Raises
        RevisionConflict when the document is not at `expected_revision`.
        """
        for attempt in range(ATTEMPTS):
            document, etag = self._read()
            found = document if document is not None else self.blank()
            if expected_revision is not None and found.revision != expected_revision:
                raise RevisionConflict(expected_revision, found.revision)
            self._put_away(found)
            wanted = change(self.begin(found))
            written = self._next(found, wanted, now)
            try:
                self.storage.store.put(
                    self.key,
                    to_pretty_json(written.model_dump(mode="json", by_alias=True)),
                    content_type="application/json",
                    cache_control=POINTER,
                    if_match=etag,
                    if_absent=etag is None,
                )
            except PreconditionFailed:
                _pause(attempt)
                continue
            self._put_away(written)
            return written
        raise StoreError(f"{self.key} is being changed by others all the time", hint="Try again in a moment.")

    def _next(self, found: D, wanted: Change[D], now: str) -> D:
        revision = found.revision + 1
        trail = extended(found.trail, [{**each, "revision": revision, "at": now} for each in wanted.events])
        changes = {"revision": revision, "updated_at_utc": now, "trail": trail}
        return self.finish(wanted.document.model_copy(update=changes))

    def _put_away(self, document: D) -> None:
        self.put_away(document)
        flush_events(self.storage, self.chain, document.trail)

    def _read(self) -> tuple[D | None, str | None]:
        stored = self.storage.store.get(self.key)
        if stored is None:
            return None, None
        members = require_object(parse_json(stored.body, name=self.key), name=self.key)
        return parse_model(self.model, members, name=self.key), stored.etag


def _pause(attempt: int) -> None:
    # spread the racing writers, or they meet again
    time.sleep(random.uniform(0, min(0.005 * 2**attempt, LONGEST_PAUSE_S)))  # noqa: S311 - not a secret
