"""A document with a revision and an audit trail, changed by conditional writes.

Order of a change: the outbox of the last revision is flushed; then the document is written, with its events; then
the events get their own keys. A crash after any of these writes loses nothing: the next change goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, Generic, Protocol, Self, TypeVar

from miniprogram.delivery.documents.kinds import DocumentKind
from miniprogram.documents.audit_chain import extended, flush_events
from miniprogram.documents.audit_event import Trail
from miniprogram.documents.conditional_write import Around, conditional_write, encode_document
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.stored_models import NewerDocument, Unknown, parse_stored
from miniprogram.errors import DocumentError
from miniprogram.refusals import RevisionConflict
from miniprogram.seams.object_store import StoredObject


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
    """How one kind of document is stored: its key, its chain of events, and what is compiled into it."""

    storage: EnvironmentStorage
    kind: DocumentKind
    key: str
    chain: str
    model: type[Any]
    blank: Callable[[], D]
    compile: Callable[[D], D] = lambda document: document
    """Completes the document for the revision it is about to have. Raises Refused. Again, it changes nothing."""
    flush_outbox: Callable[[D], None] = lambda _document: None
    """Puts what a revision left in the outbox under keys of its own. Doing it again changes nothing."""
    clear_outbox: Callable[[D], D] = lambda document: document
    """The document without the outbox of its last revision."""
    repair_hint: str | None = None
    """What helps when the document cannot be read."""
    problem: Callable[[D], str | None] = lambda _document: None
    """Why a document that fits its model is no document of this key."""
    note_damage: Callable[[str], None] = lambda _reason: None
    """Told that it cannot be read, and why."""
    around: Around = nullcontext
    """What a write happens in, such as telling an index of it."""

    def read(self) -> D | None:
        """The document, or None. Raises DocumentError for a broken one."""
        found = self.storage.store.get(self.key)
        return None if found is None else self._stored(found.body)[0]

    def change(self, change: Callable[[D], Change[D]], *, now: str, expected_revision: int | None = None) -> D:
        """Write what `change` makes of the document, unless somebody else wrote meanwhile: then again.

        `change` must have no effect of its own. What it raises ends it, with nothing written. Raises
        RevisionConflict when the document is not at `expected_revision`, Refused when its bytes would not be
        read as what was meant.
        """
        made: list[D] = []

        def body(stored: StoredObject | None) -> bytes:
            found = self.blank() if stored is None else self._parse_to_change(stored.body)
            if expected_revision is not None and found.revision != expected_revision:
                raise RevisionConflict(expected_revision, found.revision)
            self.flush(found)
            written = self._next(found, change(self.clear_outbox(found)), now)
            made[:] = [written]
            return encode_document(self.key, lambda: written.model_dump(mode="json", by_alias=True))

        conditional_write(
            self.storage.store,
            self.key,
            body,
            check=lambda body: self._require_same(made[0], body),
            around=self.around,
            **self.kind.headers(),
        )
        self.flush(made[0])
        return made[0]

    def _next(self, found: D, wanted: Change[D], now: str) -> D:
        revision = found.revision + 1
        trail = extended(found.trail, [{**each, "revision": revision, "at": now} for each in wanted.events])
        changes = {"revision": revision, "updated_at_utc": now, "trail": trail}
        return self.compile(wanted.document.model_copy(update=changes))

    def _require_same(self, written: D, body: bytes) -> None:
        """Parse and compile the bytes as every reader will."""
        again = self.parse(body)
        if again != written or self.compile(again) != written:
            raise DocumentError("its bytes say something else than what was meant")

    def flush(self, document: D) -> None:
        """Put the outbox and the latest events of `document` under their keys, unless they are there."""
        self.flush_outbox(document)
        flush_events(self.storage, self.chain, document.trail)

    def parse(self, body: bytes) -> D:
        """The document in `body`. Raises DocumentError for a broken one."""
        return self._parsed(body)[0]

    def _parse_to_change(self, body: bytes) -> D:
        """Raises Refused for a document of a newer version: writing it would lose what is not known here."""
        parsed, unknown = self._stored(body)
        unknown.require_none()
        return parsed

    def _stored(self, body: bytes) -> tuple[D, Unknown]:
        """What lies in the store; a broken one is told of."""
        try:
            return self._parsed(body)
        except NewerDocument:
            raise
        except DocumentError as error:
            self.note_damage(str(error))
            raise

    def _parsed(self, body: bytes) -> tuple[D, Unknown]:
        try:
            document, unknown = parse_stored(self.model, body, name=self.key)
            problem = self.problem(document)
            if problem is not None:
                raise DocumentError(f"{self.key}: {problem}")
            return document, unknown
        except NewerDocument:
            raise
        except DocumentError as error:
            # nobody writes it by hand: where the JSON went wrong helps less than what can be restored
            raise DocumentError(str(error), hint=self.repair_hint or error.hint) from error
