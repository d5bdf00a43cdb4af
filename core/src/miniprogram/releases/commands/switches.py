"""Switches: set, removed, turned on and off, imported and exported."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import ValidationError

from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.identity.change_report import ChangeReport
from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.roles import DEVELOPER_OR_OPERATOR, EVERYWHERE, Actor
from miniprogram.models import FrozenModel
from miniprogram.refusals import NotFound, Refused, Unacceptable, unacceptable
from miniprogram.releases.changes import change_program
from miniprogram.releases.input_loading import SALT_BYTES
from miniprogram.releases.model.configuration import segments_in
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.model.switches import Switch
from miniprogram.releases.queries.readable import readable_document
from miniprogram.releases.storage.release_documents import require_releases


class SwitchList(FrozenModel):
    """The switches of a mini-program, by key."""

    schema_version: int = 1
    command: str = "switch list"
    environment_name: str
    mini_program_id: str
    revision: int
    switches: tuple[Switch, ...]


class ImportedSwitches(FrozenModel):
    """What an import did. `skipped` were there already."""

    written: tuple[str, ...]
    skipped: tuple[str, ...]


def set_switch(context: CommandContext, program_id: str, members: Mapping[str, Any]) -> ChangeReport:
    """Create a switch, or replace the one with its key. `members` as in the JSON of `switch export`."""
    switch = checked_switch(members)

    def put(document: ReleaseDocument) -> tuple[ReleaseDocument, Switch]:
        salted = _salted(switch, document.switch(switch.key))
        return _with(document, salted), salted

    return _change(context, program_id, "switch set", put, switch.key)


def turn_switch(context: CommandContext, program_id: str, key: str, *, on: bool) -> ChangeReport:
    """Turn a switch on, so that its rules count, or off, so that everybody gets its default."""

    def put(document: ReleaseDocument) -> tuple[ReleaseDocument, Switch]:
        after = _existing(document, key).model_copy(update={"enabled": on})
        return _with(document, after), after

    return _change(context, program_id, "switch on" if on else "switch off", put, key)


def remove_switch(context: CommandContext, program_id: str, key: str) -> ChangeReport:
    """Take a switch away: nobody is told about it any more."""

    def remove(document: ReleaseDocument) -> tuple[ReleaseDocument, Switch]:
        switch = _existing(document, key)
        others = tuple(each for each in document.switches if each.key != key)
        return document.model_copy(update={"switches": others}), switch

    return _change(context, program_id, "switch remove", remove, key)


def list_switches(storage: EnvironmentStorage, program_id: str, *, reader: Actor | None = None) -> SwitchList:
    """All switches; with a `reader` those for hosts that they have a role for."""
    document = readable_document(require_releases(storage, program_id), reader)
    return SwitchList(
        environment_name=storage.environment,
        mini_program_id=program_id,
        revision=document.revision,
        switches=document.switches,
    )


def show_switch(storage: EnvironmentStorage, program_id: str, key: str) -> Switch:
    """One switch. Raises NotFound."""
    return _existing(require_releases(storage, program_id), key)


def export_switches(
    storage: EnvironmentStorage, program_id: str, *, reader: Actor | None = None
) -> dict[str, Any]:
    """What `import_switches` takes: `{"switches": [...]}`; with a `reader` as far as they may read."""
    listed = list_switches(storage, program_id, reader=reader)
    return {"switches": [each.model_dump(mode="json", by_alias=True) for each in listed.switches]}


def import_switches(
    context: CommandContext, program_id: str, document: Any, *, existing: Literal["skip", "overwrite"]
) -> ChangeReport:
    """Take switches over from an export, all or none. `existing` says what happens to keys that are there."""
    switches = _imported(document)

    def take(releases: ReleaseDocument) -> tuple[ReleaseDocument, ImportedSwitches]:
        written, skipped = [], []
        for switch in switches:
            before = releases.switch(switch.key)
            if before is not None and existing == "skip":
                skipped.append(switch.key)
                continue
            releases = _with(releases, _salted(switch, before))
            written.append(switch.key)
        return releases, ImportedSwitches(written=tuple(written), skipped=tuple(skipped))

    return _change(context, program_id, "switch import", take, f"{len(switches)} switches")


def checked_switch(members: Mapping[str, Any], path: str = "") -> Switch:
    """Raises Unacceptable naming the first member that does not fit."""
    try:
        return Switch.model_validate(dict(members))
    except ValidationError as error:
        problem = unacceptable(error)
        raise Unacceptable(f"{path}{problem}") from None


def _imported(document: Any) -> list[Switch]:
    listed = document.get("switches") if isinstance(document, Mapping) else None
    if not isinstance(listed, Sequence) or isinstance(listed, str):
        raise Unacceptable('switches must be a list, as in {"switches": [...]}')
    switches: list[Switch] = []
    for index, each in enumerate(listed):
        if not isinstance(each, Mapping):
            raise Unacceptable(f"switches[{index}] must be an object")
        switches.append(checked_switch(each, f"switches[{index}]."))
    keys = [switch.key for switch in switches]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        raise Unacceptable(f"the switch {twice!r} stands twice")
    return switches


def _salted(switch: Switch, before: Switch | None) -> Switch:
    """Every percentage with a salt; one that stays in its place keeps its people."""
    old = before.rules if before else ()
    rules = []
    for index, rule in enumerate(switch.rules):
        if rule.basis_points is None or rule.salt is not None:
            rules.append(rule)
            continue
        salt = old[index].salt if index < len(old) else None
        rules.append(rule.model_copy(update={"salt": salt or secrets.token_hex(SALT_BYTES)}))
    return switch.model_copy(update={"rules": tuple(rules)})


def _change(context: CommandContext, program_id: str, command: str, change: Any, subject: str) -> ChangeReport:
    roles = DEVELOPER_OR_OPERATOR
    return change_program(context, program_id, command, change, subject=subject, roles=roles, where=_where)


def _where(thing: Switch | ImportedSwitches) -> str | None:
    if isinstance(thing, ImportedSwitches) or thing.host_app is None:
        return None
    return f"{thing.host_app}:{thing.environment or EVERYWHERE}"


def _with(document: ReleaseDocument, switch: Switch) -> ReleaseDocument:
    wanted = frozenset().union(*(segments_in(rule.audience) for rule in switch.rules))
    unknown = sorted(name for name in wanted if document.segment(name) is None)
    if unknown:
        raise Refused("segments_exist", f"{switch.key} asks for segments that do not exist: {', '.join(unknown)}")
    others = [each for each in document.switches if each.key != switch.key]
    return document.model_copy(update={"switches": tuple(sorted([*others, switch], key=lambda each: each.key))})


def _existing(document: ReleaseDocument, key: str) -> Switch:
    switch = document.switch(key)
    if switch is None:
        known = ", ".join(each.key for each in document.switches) or "none"
        raise NotFound(f"there is no switch {key!r}; known: {known}")
    return switch
