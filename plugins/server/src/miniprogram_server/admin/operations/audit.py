"""The audit trail: reading it, newest first, and verifying its chain."""

from __future__ import annotations

from pydantic import Field

from miniprogram.models import FrozenModel
from miniprogram.releases.queries.history import DEFAULT_LIMIT, History, Verification, history, verify_trail
from miniprogram_server.admin.framework.operation import Call, Operation, Result
from miniprogram_server.admin.operations.programs import ANYBODY

PROGRAM_AUDIT = "/programs/{programId}/audit"


class PageQuery(FrozenModel):
    """Which part of the trail: events before a position, so many of them."""

    before: int | None = Field(default=None, ge=2)
    limit: int = Field(default=DEFAULT_LIMIT, ge=1, le=500)


def _show(call: Call) -> Result:
    query: PageQuery = call.query
    program_id = call.names.get("programId")
    shown = history(call.context.storage, program_id, limit=query.limit, before=query.before, command="audit show")
    return Result(shown)


def _verify(call: Call) -> Result:
    return Result(verify_trail(call.context.storage, call.names.get("programId")))


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
        "What was done and denied about a mini-program",
        "Whether the trail was tampered with",
    ),
    *_operations(
        "/audit",
        "EnvironmentAudit",
        "What was done about apps, members and tokens",
        "Whether the environment's trail was tampered with",
    ),
)
