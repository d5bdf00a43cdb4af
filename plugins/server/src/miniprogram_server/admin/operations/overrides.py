"""Overrides: deny, pin and lift, and what other hosts get."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from miniprogram.models import FrozenModel
from miniprogram.names import VersionName
from miniprogram.releases.arguments import Reason
from miniprogram.releases.commands import overrides as commands
from miniprogram.releases.commands.overrides import add_override, remove_override, set_otherwise
from miniprogram.releases.model.configuration import AudienceTree
from miniprogram.releases.model.document import Override
from miniprogram.releases.queries.overrides import OverrideList, list_overrides
from miniprogram_server.admin.framework.changes import change_of
from miniprogram_server.admin.framework.operation import ANYBODY, Call, Operation
from miniprogram_server.admin.operations.releases import TARGET

OVERRIDES_PATH = "/programs/{programId}/overrides"


class NewOverride(Reason):
    """Deny these people a version, or everything, or always give them one."""

    kind: Literal["deny", "pin"]
    audience: AudienceTree
    version: VersionName | None = None


class Otherwise(FrozenModel):
    """What hosts get that no target is for."""

    otherwise: Literal["refuse", "legacy"]


def _list(call: Call) -> BaseModel:
    return list_overrides(call.context.storage, call.program_id)


def _add(call: Call) -> BaseModel:
    new: NewOverride = call.body
    return add_override(
        call.context, call.program_id, call.target,
        kind=new.kind, audience=new.audience, version=new.version, reason=new.reason,
    )  # fmt: skip


def _lift(call: Call) -> BaseModel:
    return remove_override(call.context, call.program_id, call.names["overrideId"], reason=call.body.reason)


def _otherwise(call: Call) -> BaseModel:
    return set_otherwise(call.context, call.program_id, call.body.otherwise)


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
        change_of(Override),
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
        change_of(Override),
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
        change_of(commands.Otherwise),
        body=Otherwise,
        guarded=True,
    ),
)
