"""Switches."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from miniprogram.json_schema import SchemaOf
from miniprogram.models import Flag, FrozenModel
from miniprogram.names import HostAppName
from miniprogram.person_text import PersonLines
from miniprogram.releases.commands.switches import (
    ImportedSwitches,
    SwitchList,
    import_switches,
    list_switches,
    remove_switch,
    set_switch,
    turn_switch,
)
from miniprogram.releases.model.switches import Switch, SwitchRule, SwitchType, values_by_type
from miniprogram.targets import Stage
from miniprogram_server.admin.framework.changes import change_of
from miniprogram_server.admin.framework.operation import ANYBODY, Call, Operation
from miniprogram_server.admin.operations.segments import WHO

SWITCHES_PATH = "/programs/{programId}/switches"
SWITCH = SWITCHES_PATH + "/{key}"


class SwitchMembers(FrozenModel):
    """A switch without its key, which is in the path. Rules are asked in order; the first that holds decides."""

    model_config = ConfigDict(json_schema_extra=values_by_type)

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
    switches: tuple[Annotated[dict[str, Any], SchemaOf(lambda: Switch)], ...] = Field(max_length=1_000)


def _list(call: Call) -> BaseModel:
    return list_switches(call.context.storage, call.program_id, reader=call.context.actor)


def _set(call: Call) -> BaseModel:
    members = {**call.body.model_dump(by_alias=True), "key": call.names["key"]}
    return set_switch(call.context, call.program_id, members)


def _turn(call: Call) -> BaseModel:
    return turn_switch(call.context, call.program_id, call.names["key"], on=call.body.enabled)


def _remove(call: Call) -> BaseModel:
    return remove_switch(call.context, call.program_id, call.names["key"])


def _import(call: Call) -> BaseModel:
    document = {"switches": [dict(each) for each in call.body.switches]}
    return import_switches(call.context, call.program_id, document, existing=call.body.existing)


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
        change_of(ImportedSwitches),
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
        change_of(Switch),
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
        change_of(Switch),
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
        change_of(Switch),
        guarded=True,
    ),
)
