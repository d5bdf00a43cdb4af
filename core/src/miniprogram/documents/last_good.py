"""A copy of the last revision of a document that could be read, for the day on which it cannot.

The document is what is changed; this is written after it, and never over a newer copy. Whoever crashes in between
leaves the copy to the next change; what that change says of its predecessor is in the trail.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel

from miniprogram.delivery.documents.kinds import DocumentKind
from miniprogram.documents.audit_chain import FETCHED_AHEAD, fetch_events
from miniprogram.documents.audit_event import Event, Trail
from miniprogram.documents.conditional_write import conditional_write
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.stored_models import parse_stored
from miniprogram.errors import DocumentError
from miniprogram.progress import advance
from miniprogram.seams.object_store import StoredObject
from miniprogram.strict_json import to_pretty_json

M = TypeVar("M", bound=BaseModel)


class Revised(Protocol):
    """What a model must have to be copied."""

    @property
    def revision(self) -> int: ...
    def model_dump(self, *, mode: str, by_alias: bool) -> dict[str, Any]: ...


def keep_copy(storage: EnvironmentStorage, kind: DocumentKind, key: str, document: Revised) -> None:
    """Copy `document`, which was just read or written, to `key`, unless the copy there is as new."""
    model: type[Any] = type(document)

    def body(stored: StoredObject | None) -> bytes | None:
        if stored is not None and _revision(model, stored.body, key) >= document.revision:
            return None
        return to_pretty_json(document.model_dump(mode="json", by_alias=True))

    conditional_write(storage.store, key, body, check=lambda _body: None, **kind.headers())


def read_copy(storage: EnvironmentStorage, key: str, model: type[M]) -> M | None:
    """The copy at `key`; None when there is none that can be read."""
    found = storage.store.get(key)
    if found is None:
        return None
    try:
        return parse_stored(model, found.body, name=key)[0]
    except DocumentError:
        return None


def events_after(storage: EnvironmentStorage, chain: str, trail: Trail) -> Iterator[Event]:
    """What was done after the end of `trail`, as far as it was stored and the chain is whole."""
    length, digest, block = trail.length, trail.hash, 1
    while True:
        for seq, event in fetch_events(storage, chain, range(length + 1, length + 1 + block)):
            if not isinstance(event, Event) or (event.seq, event.previous_hash) != (seq, digest):
                return
            if event.computed_hash() != event.hash:
                return
            yield event
            length, digest = seq, event.hash
            advance("reading events", length - trail.length)
        block = min(2 * block, FETCHED_AHEAD)  # mostly nothing was stored after it


def end_of_trail(storage: EnvironmentStorage, chain: str, trail: Trail, revision: int) -> tuple[Trail, int]:
    """`trail`, of the document's `revision`, with what was stored after it; and the last revision of all."""
    for event in events_after(storage, chain, trail):
        trail = Trail(length=event.seq, hash=event.hash, latest=(event,))
        revision = max(revision, event.revision)
    return trail, revision


def _revision(model: type[Any], body: bytes, key: str) -> int:
    try:
        revision: int = parse_stored(model, body, name=key)[0].revision
    except DocumentError:
        return -1
    return revision
