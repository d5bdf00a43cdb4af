"""What happened: the trail of a mini-program or of the environment, and whether it is whole."""

from __future__ import annotations

import time
from collections.abc import Iterator

from miniprogram.documents.audit_chain import read_positions
from miniprogram.documents.audit_event import Event, Trail
from miniprogram.documents.audit_search import EventFilter, positions_within
from miniprogram.documents.audit_verification import BEGINNING, Checkpoint, Finding, verify
from miniprogram.documents.environment_storage import ENVIRONMENT_CHAIN, EnvironmentStorage
from miniprogram.identity.environment_document import read_environment
from miniprogram.identity.roles import Actor
from miniprogram.identity.sight import sees_event
from miniprogram.models import FrozenModel
from miniprogram.releases.storage.release_documents import releases_of, require_releases
from miniprogram.releases.storage.withdrawn import read_withdrawn

DEFAULT_LIMIT = 50
EVERY_EVENT = EventFilter()


class History(FrozenModel):
    """Events, the newest first, or the oldest first if so asked. `total` counts all that there are.

    `next_before`, or `next_after` where the oldest come first, gives the next page; both are null on the last one.
    `looked_at` counts the events of this page and those between them that were not asked for.
    """

    schema_version: int = 1
    command: str
    environment_name: str
    mini_program_id: str | None
    total: int
    events: tuple[Event, ...]
    next_before: int | None = None
    next_after: int | None = None
    looked_at: int = 0


class ExportReport(FrozenModel):
    """The document of `audit export --json`: how many events the file at `path` holds, the oldest first."""

    schema_version: int = 1
    command: str = "audit export"
    environment_name: str
    mini_program_id: str | None
    format: str
    path: str
    events: int


class Verification(FrozenModel):
    """The document of `audit verify --json`: the events after `after` up to `verified`, of `events` there are.

    `sound`: nothing is wrong with those. `next_after` is null when they are the last ones; else the next part
    begins after it. `verified` and `verified_hash` are worth keeping: given as `after` and `hash` later, they show
    whether anything before was exchanged.
    """

    schema_version: int = 1
    command: str = "audit verify"
    environment_name: str
    mini_program_id: str | None
    events: int
    head: str
    after: int = 0
    verified: int
    verified_hash: str | None
    next_after: int | None = None
    sound: bool
    findings: tuple[Finding, ...]


def history(
    storage: EnvironmentStorage,
    program_id: str | None,
    *,
    limit: int = DEFAULT_LIMIT,
    before: int | None = None,
    after: int | None = None,
    oldest_first: bool = False,
    only: EventFilter = EVERY_EVENT,
    command: str = "release history",
    reader: Actor | None = None,
    most_read: int | None = None,
) -> History:
    """Events of a mini-program, or of the environment (None), `only` such ones.

    With a `reader` only events about what they have a role for. `before` and `after` are positions of events that
    are not shown, nor what is beyond them. After `most_read` events a page ends, however many are wanted.
    """
    chain, trail = _trail(storage, program_id)
    within = positions_within(storage, chain, trail, only)
    wanted = range(max(within.start, (after or 0) + 1), min(within.stop, before or within.stop))
    positions = wanted if oldest_first else wanted[::-1]
    events: list[Event] = []
    looked_at = 0
    for _, event in read_positions(storage, chain, trail, positions):
        looked_at += 1
        if event is not None and only.takes(event) and may_read(reader, program_id, event):
            events.append(event)
        if len(events) == limit or looked_at == most_read:
            break
    last = positions[looked_at - 1] if looked_at < len(positions) and looked_at else None
    return History(
        command=command,
        environment_name=storage.environment,
        mini_program_id=program_id,
        total=trail.length,
        events=tuple(events),
        next_before=None if oldest_first else last,
        next_after=last if oldest_first else None,
        looked_at=looked_at,
    )


def every_event(
    storage: EnvironmentStorage,
    program_id: str | None,
    *,
    only: EventFilter = EVERY_EVENT,
    reader: Actor | None = None,
) -> Iterator[Event]:
    """All events that `history` would show page by page, the oldest first. Raises NotFound, DocumentError."""
    chain, trail = _trail(storage, program_id)
    positions = positions_within(storage, chain, trail, only)
    for _, event in read_positions(storage, chain, trail, positions):
        if event is not None and only.takes(event) and may_read(reader, program_id, event):
            yield event


def may_read(reader: Actor | None, program_id: str | None, event: Event) -> bool:
    """Whether an event is for the eyes of `reader`; None stands for who may read everything."""
    return reader is None or program_id is None or sees_event(reader, program_id, event.target)


def verify_trail(
    storage: EnvironmentStorage,
    program_id: str | None,
    *,
    start: Checkpoint = BEGINNING,
    limit: int | None = None,
    seconds: float | None = None,
) -> Verification:
    """Walk the chain and name every event that was changed, is missing, or stands where another should.

    `limit` and `seconds` end a part early: the next one begins where it ended.
    """
    chain, trail = _trail(storage, program_id)
    ends_at = None if seconds is None else time.monotonic() + seconds

    def goes_on(verified: int) -> bool:
        return (limit is None or verified < limit) and (ends_at is None or time.monotonic() < ends_at)

    part = verify(storage, chain, trail, start=start, goes_on=goes_on)
    return Verification(
        environment_name=storage.environment,
        mini_program_id=program_id,
        events=trail.length,
        head=trail.hash,
        after=start.position,
        verified=part.checkpoint.position,
        verified_hash=part.checkpoint.hash,
        next_after=None if part.is_last else part.checkpoint.position,
        sound=not part.findings,
        findings=tuple(part.findings),
    )


def _trail(storage: EnvironmentStorage, program_id: str | None) -> tuple[str, Trail]:
    if program_id is None:
        return ENVIRONMENT_CHAIN, read_environment(storage).trail
    if releases_of(storage, program_id).read() is None:
        ended = read_withdrawn(storage, program_id).trail
        if ended.length:
            return program_id, ended  # of a program that was deleted
    return program_id, require_releases(storage, program_id).trail
