"""Changing what is not a release: one role check, one write, one event each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from miniprogram.access.roles import Role
from miniprogram.cloud.store_keys import require_segment
from miniprogram.releases.apps import Target
from miniprogram.releases.chained_document import Change
from miniprogram.releases.desk import Desk, require_role
from miniprogram.releases.document import ReleaseDocument
from miniprogram.releases.environment_document import EnvironmentDocument, settings_of
from miniprogram.releases.record import Record
from miniprogram.releases.release_store import releases_of
from miniprogram.releases.reports import ChangeReport

ADMIN = frozenset({Role.ADMIN})
DEVELOPER = frozenset({Role.DEVELOPER})
OPERATOR = frozenset({Role.OPERATOR})
DEVELOPER_OR_OPERATOR = frozenset({Role.DEVELOPER, Role.OPERATOR})


def change_settings(
    desk: Desk,
    command: str,
    change: Callable[[EnvironmentDocument], tuple[EnvironmentDocument, Record]],
    *,
    subject: str,
    roles: frozenset[Role] = ADMIN,
    details: dict[str, Any] | None = None,
    reason: str | None = None,
) -> ChangeReport:
    """Change the environment's document. `change` gives the new one and the thing it is about."""
    require_role(desk, roles, command)
    about: list[Record] = []

    def write(document: EnvironmentDocument) -> Change[EnvironmentDocument]:
        changed, thing = change(document)
        about.append(thing)
        return Change(changed, [desk.event(command, subject=subject, details=details or {}, reason=reason)])

    written = settings_of(desk.place).change(write, now=desk.stamp, expected_revision=desk.expected_revision)
    return _report(desk, command, written.revision, about[-1], None)


def change_program(
    desk: Desk,
    program_id: str,
    command: str,
    change: Callable[[ReleaseDocument], tuple[ReleaseDocument, Record]],
    *,
    subject: str,
    roles: frozenset[Role] = DEVELOPER,
    target: Target | None = None,
    details: dict[str, Any] | None = None,
    reason: str | None = None,
) -> ChangeReport:
    """Change the releases document of a mini-program beside its releases; the policy follows in the same write."""
    program_id = require_segment(program_id, what="a mini-program id")
    require_role(desk, roles, command, target=target, program_id=program_id)
    about: list[Record] = []

    def write(document: ReleaseDocument) -> Change[ReleaseDocument]:
        changed, thing = change(document)
        about.append(thing)
        return Change(changed, [desk.event(command, subject=subject, details=details or {}, reason=reason)])

    kept = releases_of(desk.place, program_id)
    written = kept.change(write, now=desk.stamp, expected_revision=desk.expected_revision)
    return _report(desk, command, written.revision, about[-1], program_id)


def _report(desk: Desk, command: str, revision: int, about: Record, program_id: str | None) -> ChangeReport:
    secret = {"sha256"} if "sha256" in type(about).model_fields else None
    return ChangeReport(
        command=command,
        environment_name=desk.place.environment,
        mini_program_id=program_id,
        revision=revision,
        subject=about.model_dump(mode="json", by_alias=True, exclude=secret),
    )
