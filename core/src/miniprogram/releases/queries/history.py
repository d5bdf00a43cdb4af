"""What happened: the trail of a mini-program or of the environment, and whether it is whole."""

from __future__ import annotations

import time

from miniprogram.documents.audit_chain import read_events
from miniprogram.documents.audit_event import Event, Trail
from miniprogram.documents.audit_verification import BEGINNING, Checkpoint, Finding, verify
from miniprogram.documents.environment_storage import ENVIRONMENT_CHAIN, EnvironmentStorage
from miniprogram.identity.environment_document import read_environment
from miniprogram.identity.roles import Actor
from miniprogram.identity.sight import sees_event
from miniprogram.models import FrozenModel
from miniprogram.releases.storage.release_documents import releases_of, require_releases
from miniprogram.releases.storage.withdrawn import read_withdrawn
from miniprogram.targets import Target

DEFAULT_LIMIT = 50


class History(FrozenModel):
    """Events, the newest first. `total` counts all there are; `next_before` gives the next page, or is null."""

    schema_version: int = 1
    command: str
    environment_name: str
    mini_program_id: str | None
    total: int
    events: tuple[Event, ...]
    next_before: int | None = None


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
    version: str | None = None,
    target: Target | None = None,
    command: str = "release history",
    reader: Actor | None = None,
    most_read: int | None = None,
) -> History:
    """Events of a mini-program, or of the environment (None), narrowed to a version or a target.

    With a `reader` only events about what they have a role for. `before` is the position of an event: only older
    ones are shown. After `most_read` events a page ends, however many of them are wanted.
    """
    chain, trail = _trail(storage, program_id)
    shown = trail if before is None or before > trail.length else trail.model_copy(update={"length": before - 1})
    events: list[Event] = []
    position = shown.length + 1
    for read, event in enumerate(read_events(storage, chain, shown), 1):
        position = event.seq
        if (
            (version is None or event.version == version)
            and (target is None or event.target == str(target))
            and (reader is None or program_id is None or sees_event(reader, program_id, event.target))
        ):
            events.append(event)
        if len(events) == limit or read == most_read:
            break
    else:
        position = 1
    return History(
        command=command,
        environment_name=storage.environment,
        mini_program_id=program_id,
        total=trail.length,
        events=tuple(events),
        next_before=position if position > 1 else None,
    )


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
