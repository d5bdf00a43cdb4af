"""What happened: the trail of a mini-program or of the environment, and whether it is whole."""

from __future__ import annotations

from itertools import islice

from miniprogram.documents.audit_chain import Finding, read_events, verify
from miniprogram.documents.audit_event import Event, Trail
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
    """Events, the newest first. `total` counts all there are. The last `seq` is the `before` of the next page."""

    schema_version: int = 1
    command: str
    environment_name: str
    mini_program_id: str | None
    total: int
    events: tuple[Event, ...]


class Verification(FrozenModel):
    """The document of `audit verify --json`."""

    schema_version: int = 1
    command: str = "audit verify"
    environment_name: str
    mini_program_id: str | None
    events: int
    head: str
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
) -> History:
    """Events of a mini-program, or of the environment (None), narrowed to a version or a target.

    With a `reader` only events about what they have a role for.

    `before` is the position of an event: only older ones are shown, so the last `seq` of a page leads to the next.
    """
    chain, trail = _trail(storage, program_id)
    shown = trail if before is None or before > trail.length else trail.model_copy(update={"length": before - 1})
    wanted = (
        event
        for event in read_events(storage, chain, shown)
        if (version is None or event.version == version)
        and (target is None or event.target == str(target))
        and (reader is None or program_id is None or sees_event(reader, program_id, event.target))
    )
    return History(
        command=command,
        environment_name=storage.environment,
        mini_program_id=program_id,
        total=trail.length,
        events=tuple(islice(wanted, limit)),
    )


def verify_trail(storage: EnvironmentStorage, program_id: str | None) -> Verification:
    """Walk the whole chain and name every event that was changed, is missing, or stands where another should."""
    chain, trail = _trail(storage, program_id)
    findings = tuple(verify(storage, chain, trail))
    return Verification(
        environment_name=storage.environment,
        mini_program_id=program_id,
        events=trail.length,
        head=trail.hash,
        sound=not findings,
        findings=findings,
    )


def _trail(storage: EnvironmentStorage, program_id: str | None) -> tuple[str, Trail]:
    if program_id is None:
        return ENVIRONMENT_CHAIN, read_environment(storage).trail
    if releases_of(storage, program_id).read() is None:
        ended = read_withdrawn(storage, program_id).trail
        if ended.length:
            return program_id, ended  # of a program that was deleted
    return program_id, require_releases(storage, program_id).trail
