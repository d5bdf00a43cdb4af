"""The audit trail: reading it, newest first, and verifying its chain."""

from __future__ import annotations

from itertools import islice

from pydantic import Field

from miniprogram.documents.audit_chain import Finding, read_events, verify
from miniprogram.documents.audit_event import Event, Trail
from miniprogram.documents.environment_storage import ENVIRONMENT_CHAIN, EnvironmentStorage
from miniprogram.identity.environment_document import read_environment
from miniprogram.models import FrozenModel
from miniprogram.releases.storage.release_documents import require_releases
from miniprogram_server.admin.framework.operation import Call, Operation, Result
from miniprogram_server.admin.operations.programs import ANYBODY

PROGRAM_AUDIT = "/programs/{programId}/audit"


class EventPage(FrozenModel):
    """Events, newest first. `before` of the next page is the last `seq` of this one."""

    length: int
    events: tuple[Event, ...]


class PageQuery(FrozenModel):
    """Which part of the trail."""

    before: int | None = Field(default=None, ge=2)
    limit: int = Field(default=50, ge=1, le=500)


class Verification(FrozenModel):
    """`whole`: nothing was changed, taken out, put in or re-ordered. Positions count from 1."""

    length: int
    whole: bool
    findings: tuple[Finding, ...]


def page_of(storage: EnvironmentStorage, chain: str, trail: Trail, query: PageQuery) -> EventPage:
    """A page of `trail`. Raises DocumentError for a broken event."""
    shortened = trail
    if query.before is not None and query.before <= trail.length:
        shortened = trail.model_copy(update={"length": query.before - 1})
    return EventPage(
        length=trail.length, events=tuple(islice(read_events(storage, chain, shortened), query.limit))
    )


def verification(storage: EnvironmentStorage, chain: str, trail: Trail) -> Verification:
    """What `audit verify` finds."""
    findings = tuple(verify(storage, chain, trail))
    return Verification(length=trail.length, whole=not findings, findings=findings)


def _program(call: Call) -> Result:
    trail = require_releases(call.context.storage, call.program_id).trail
    return Result(page_of(call.context.storage, call.program_id, trail, call.query))


def _verify_program(call: Call) -> Result:
    trail = require_releases(call.context.storage, call.program_id).trail
    return Result(verification(call.context.storage, call.program_id, trail))


def _environment(call: Call) -> Result:
    trail = read_environment(call.context.storage).trail
    return Result(page_of(call.context.storage, ENVIRONMENT_CHAIN, trail, call.query))


def _verify_environment(call: Call) -> Result:
    trail = read_environment(call.context.storage).trail
    return Result(verification(call.context.storage, ENVIRONMENT_CHAIN, trail))


AUDIT: tuple[Operation, ...] = (
    Operation(
        "GET",
        PROGRAM_AUDIT,
        "AuditList",
        "Audit",
        "What was done and denied about a mini-program",
        ANYBODY,
        _program,
        EventPage,
        query=PageQuery,
    ),
    Operation(
        "GET",
        PROGRAM_AUDIT + "/verification",
        "AuditVerify",
        "Audit",
        "Whether the trail was tampered with",
        ANYBODY,
        _verify_program,
        Verification,
    ),
    Operation(
        "GET",
        "/audit",
        "EnvironmentAuditList",
        "Audit",
        "What was done about apps, members and tokens",
        ANYBODY,
        _environment,
        EventPage,
        query=PageQuery,
    ),
    Operation(
        "GET",
        "/audit/verification",
        "EnvironmentAuditVerify",
        "Audit",
        "Whether the environment's trail was tampered with",
        ANYBODY,
        _verify_environment,
        Verification,
    ),
)
