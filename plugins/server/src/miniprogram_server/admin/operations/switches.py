"""Switches."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from miniprogram.identity.change_report import ChangeReport
from miniprogram.models import Flag, FrozenModel
from miniprogram.names import HostAppName
from miniprogram.person_text import PersonLines
from miniprogram.releases.commands.switches import (
    SwitchList,
    import_switches,
    list_switches,
    remove_switch,
    set_switch,
    turn_switch,
)
from miniprogram.releases.model.switches import SwitchRule, SwitchType
from miniprogram.targets import Stage
from miniprogram_server.admin.framework.operation import ANYBODY, Call, Operation, Result
from miniprogram_server.admin.operations.segments import WHO

SWITCHES_PATH = "/programs/{programId}/switches"
SWITCH = SWITCHES_PATH + "/{key}"


class SwitchMembers(FrozenModel):
    """A switch without its key, which is in the path. Rules are asked in order; the first that holds decides."""

    type: SwitchType
    default: Any = None
    enabled: Flag = True
    description: PersonLines = Field(default="", max_length=2_000)
    host_app: HostAppName | None = None
    environment: Stage | None = None
    rules: tuple[SwitchRule, ...] = Field(default=(), max_length=200)


class SwitchState(FrozenModel):
    """On, or off: then everybody gets the default."""

    enabled: Flag


class SwitchImport(FrozenModel):
    """An export of switches, and what happens to keys that are there already."""

    existing: Literal["skip", "overwrite"]
    switches: tuple[dict[str, Any], ...] = Field(max_length=1_000)


def _list(call: Call) -> Result:
    listed = list_switches(call.context.storage, call.program_id, reader=call.context.actor)
    return Result(listed, listed.revision)


def _set(call: Call) -> Result:
    members = {**call.body.model_dump(by_alias=True), "key": call.names["key"]}
    report = set_switch(call.context, call.program_id, members)
    return Result(report, report.revision)


def _turn(call: Call) -> Result:
    report = turn_switch(call.context, call.program_id, call.names["key"], on=call.body.enabled)
    return Result(report, report.revision)


def _remove(call: Call) -> Result:
    report = remove_switch(call.context, call.program_id, call.names["key"])
    return Result(report, report.revision)


def _import(call: Call) -> Result:
    document = {"switches": [dict(each) for each in call.body.switches]}
    report = import_switches(call.context, call.program_id, document, existing=call.body.existing)
    return Result(report, report.revision)


SWITCHES: tuple[Operation, ...] = (
    Operation(
        "GET", SWITCHES_PATH, "SwitchList", "Switches", "Switches; also an export", ANYBODY, _list, SwitchList
    ),
    Operation(
        "POST",
        SWITCHES_PATH,
        "SwitchImport",
        "Switches",
        "Take switches over, all or none",
        WHO,
        _import,
        ChangeReport,
        body=SwitchImport,
        guarded=True,
    ),
    Operation(
        "PUT",
        SWITCH,
        "SwitchSet",
        "Switches",
        "Create or replace a switch",
        WHO,
        _set,
        ChangeReport,
        body=SwitchMembers,
        guarded=True,
    ),
    Operation(
        "PUT",
        SWITCH + "/enabled",
        "SwitchTurn",
        "Switches",
        "Turn a switch on or off",
        WHO,
        _turn,
        ChangeReport,
        body=SwitchState,
        guarded=True,
    ),
    Operation(
        "DELETE",
        SWITCH,
        "SwitchRemove",
        "Switches",
        "Take a switch away",
        WHO,
        _remove,
        ChangeReport,
        guarded=True,
    ),
)
