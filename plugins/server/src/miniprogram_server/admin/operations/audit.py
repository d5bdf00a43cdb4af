"""The audit trail: reading it, newest first, and verifying its chain."""

from __future__ import annotations

from pydantic import BaseModel, Field

from miniprogram.identity.denials import DenialList, list_denials
from miniprogram.identity.sight import require_sight_of_environment
from miniprogram.models import FrozenModel
from miniprogram.releases.queries.history import DEFAULT_LIMIT, History, Verification, history, verify_trail
from miniprogram_server.admin.framework.operation import ANYBODY, Call, Operation

PROGRAM_AUDIT = "/programs/{programId}/audit"


class LimitQuery(FrozenModel):
    """How many."""

    limit: int = Field(default=DEFAULT_LIMIT, ge=1, le=500)


class PageQuery(FrozenModel):
    """Which part of the trail: events before a position, so many of them."""

    before: int | None = Field(default=None, ge=2)
    limit: int = Field(default=DEFAULT_LIMIT, ge=1, le=500)


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
        command="audit show",
        reader=context.actor,
    )


def _verify(call: Call) -> BaseModel:
    if "programId" not in call.names:
        require_sight_of_environment(call.context)
    return verify_trail(call.context.storage, call.names.get("programId"))


def _denials(call: Call) -> BaseModel:
    require_sight_of_environment(call.context)
    return list_denials(call.context.storage, limit=call.query.limit)


def _operations(path: str, name: str, about: str, verified: str) -> tuple[Operation, Operation]:
    return (
        Operation("GET", path, f"{name}List", "Audit", about, ANYBODY, _show, History, query=PageQuery),
        Operation(
            "GET", f"{path}/verification", f"{name}Verify", "Audit", verified, ANYBODY, _verify, Verification
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
        "/audit/denials",
        "DenialList",
        "Audit",
        "Who was denied what, and how often",
        ANYBODY,
        _denials,
        DenialList,
        query=LimitQuery,
    ),
)
