"""The audit trail: reading it, newest first, and verifying its chain."""

from __future__ import annotations

from pydantic import BaseModel, Field

from miniprogram.documents.audit_search import EventFilter, event_filter
from miniprogram.documents.audit_verification import Checkpoint
from miniprogram.identity.access_log import AccessList, list_access
from miniprogram.identity.denials import DenialList, list_denials
from miniprogram.identity.sight import require_sight_of_environment
from miniprogram.models import FrozenModel
from miniprogram.releases.queries.history import DEFAULT_LIMIT, History, Verification, history, verify_trail
from miniprogram_server.admin.framework.operation import ANYBODY, Call, Operation

MOST_READ = 2_000
"""Events that are looked at for one page, when few of them are for the eyes of whoever asks."""
PART_S = 6.0
"""How long a part of a trail is verified before it is answered: well within what a request may take."""
PROGRAM_AUDIT = "/programs/{programId}/audit"


class ByWhomQuery(FrozenModel):
    """By whom, which command, and when: `since` and `until` are days of UTC, or times with their zone."""

    actor: str = Field(default="", max_length=128)
    command: str = Field(default="", max_length=80)
    since: str = Field(default="", max_length=40)
    until: str = Field(default="", max_length=40)
    limit: int = Field(default=DEFAULT_LIMIT, ge=1, le=500)

    def only(self, outcome: str = "") -> EventFilter:
        """What is asked. Raises Unacceptable."""
        return event_filter(
            actor=self.actor, command=self.command, outcome=outcome, since=self.since, until=self.until
        )


class DenialsQuery(ByWhomQuery):
    """Which denials: also those about a mini-program."""

    program: str = Field(default="", max_length=240)


class PageQuery(ByWhomQuery):
    """Which part of the trail: such events, before or after a position, the newest or the oldest first."""

    before: int | None = Field(default=None, ge=2)
    after: int | None = Field(default=None, ge=1)
    order: str = Field(default="newest", pattern="^(newest|oldest)$")
    outcome: str = Field(default="", pattern="^(done|denied)?$")


class PartQuery(FrozenModel):
    """Which part of the trail to verify: after an event that was verified before, and had this hash then."""

    after: int = Field(default=0, ge=0)
    hash: str | None = Field(default=None, pattern="^[0-9a-f]{64}$")
    limit: int | None = Field(default=None, ge=1)


def _show(call: Call) -> BaseModel:
    query: PageQuery = call.query
    program_id = call.names.get("programId")
    if program_id is None:
        require_sight_of_environment(call.context)
    context = call.context
    return history(
        context.storage,
        program_id,
        limit=query.limit,
        before=query.before,
        after=query.after,
        oldest_first=query.order == "oldest",
        only=query.only(query.outcome),
        command="audit show",
        reader=context.actor,
        most_read=MOST_READ,
    )


def _access(call: Call) -> BaseModel:
    return list_access(call.context, limit=call.query.limit, before=call.query.before)


def _verify(call: Call) -> BaseModel:
    if "programId" not in call.names:
        require_sight_of_environment(call.context)
    asked: PartQuery = call.query
    start = Checkpoint(asked.after, asked.hash)
    program_id = call.names.get("programId")
    return verify_trail(call.context.storage, program_id, start=start, limit=asked.limit, seconds=PART_S)


def _denials(call: Call) -> BaseModel:
    require_sight_of_environment(call.context)
    asked: DenialsQuery = call.query
    return list_denials(
        call.context.storage, limit=asked.limit, only=asked.only(), program_id=asked.program or None
    )


def _operations(path: str, name: str, about: str, verified: str) -> tuple[Operation, Operation]:
    return (
        Operation("GET", path, f"{name}List", "Audit", about, ANYBODY, _show, History, query=PageQuery),
        Operation(
            "GET",
            f"{path}/verification",
            f"{name}Verify",
            "Audit",
            verified,
            ANYBODY,
            _verify,
            Verification,
            query=PartQuery,
        ),
    )


AUDIT: tuple[Operation, ...] = (
    *_operations(
        PROGRAM_AUDIT,
        "Audit",
        "What was done about a mini-program",
        "Whether the trail was tampered with",
    ),
    *_operations(
        "/audit",
        "EnvironmentAudit",
        "What was done about apps, members and tokens",
        "Whether the environment's trail was tampered with",
    ),
    Operation(
        "GET",
        "/audit/access",
        "AccessList",
        "Audit",
        "Who signed in to the console, and who failed or was refused",
        "admin",
        _access,
        AccessList,
        query=PageQuery,
    ),
    Operation(
        "GET",
        "/audit/denials",
        "DenialList",
        "Audit",
        "Who was denied what, and how often",
        ANYBODY,
        _denials,
        DenialList,
        query=DenialsQuery,
    ),
)
