"""Releases that cannot be read: what is wrong with them, and going back to the last good revision."""

from __future__ import annotations

from pydantic import BaseModel

from miniprogram.releases.arguments import Reason
from miniprogram.releases.commands.repair import RepairReport, examine_document, repair_document
from miniprogram_server.admin.framework.operation import ANYBODY, Call, Operation

PATH = "/programs/{programId}/repair"


def _examine(call: Call) -> BaseModel:
    return examine_document(call.context.storage, call.program_id)


def _repair(call: Call) -> BaseModel:
    return repair_document(call.context, call.program_id, reason=call.body.reason)


REPAIR: tuple[Operation, ...] = (
    Operation(
        "GET",
        PATH,
        "ReleaseExamine",
        "Repair",
        "Whether the releases can be read",
        ANYBODY,
        _examine,
        RepairReport,
    ),
    Operation(
        "POST",
        PATH,
        "ReleaseRepair",
        "Repair",
        "Restore the last good revision of releases that cannot be read",
        "admin",
        _repair,
        RepairReport,
        body=Reason,
    ),
)
