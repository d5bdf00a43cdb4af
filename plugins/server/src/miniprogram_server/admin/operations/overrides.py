"""Overrides: deny, pin and lift, and what other hosts get."""

from __future__ import annotations

from typing import Any, Literal

from miniprogram.identity.change_report import ChangeReport
from miniprogram.models import FrozenModel
from miniprogram.names import VersionName
from miniprogram.releases.arguments import Reason
from miniprogram.releases.commands.overrides import add_override, remove_override, set_otherwise
from miniprogram.releases.queries.overrides import OverrideList, list_overrides
from miniprogram_server.admin.framework.operation import ANYBODY, Call, Operation, Result
from miniprogram_server.admin.operations.releases import TARGET

OVERRIDES_PATH = "/programs/{programId}/overrides"


class NewOverride(Reason):
    """Deny these people a version, or everything, or always give them one."""

    kind: Literal["deny", "pin"]
    audience: dict[str, Any]
    version: VersionName | None = None


class Otherwise(FrozenModel):
    """What hosts get that no target is for."""

    otherwise: Literal["refuse", "legacy"]


def _list(call: Call) -> Result:
    listed = list_overrides(call.context.storage, call.program_id)
    return Result(listed, listed.revision)


def _add(call: Call) -> Result:
    new: NewOverride = call.body
    report = add_override(
        call.context, call.program_id, call.target,
        kind=new.kind, audience=new.audience, version=new.version, reason=new.reason,
    )  # fmt: skip
    return Result(report, report.revision)


def _lift(call: Call) -> Result:
    report = remove_override(call.context, call.program_id, call.names["overrideId"], reason=call.body.reason)
    return Result(report, report.revision)


def _otherwise(call: Call) -> Result:
    report = set_otherwise(call.context, call.program_id, call.body.otherwise)
    return Result(report, report.revision)


OVERRIDES: tuple[Operation, ...] = (
    Operation(
        "GET", OVERRIDES_PATH, "OverrideList", "Overrides", "Overrides in force", ANYBODY, _list, OverrideList
    ),
    Operation(
        "POST",
        TARGET + "/overrides",
        "OverrideAdd",
        "Overrides",
        "Deny a release to people, or pin them",
        "operator",
        _add,
        ChangeReport,
        body=NewOverride,
        status=201,
        guarded=True,
    ),
    Operation(
        "POST",
        OVERRIDES_PATH + "/{overrideId}/lift",
        "OverrideLift",
        "Overrides",
        "Take an override back",
        "operator",
        _lift,
        ChangeReport,
        body=Reason,
        guarded=True,
    ),
    Operation(
        "PUT",
        "/programs/{programId}/otherwise",
        "OtherwiseSet",
        "Overrides",
        "What hosts without a target get",
        "admin",
        _otherwise,
        ChangeReport,
        body=Otherwise,
        guarded=True,
    ),
)
