"""Overrides: an operator's deny and pin, lifted again, and what hosts get that no target is for."""

from __future__ import annotations

from typing import Any, Literal

from miniprogram.identity.change_report import ChangeReport
from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.environment_document import read_environment
from miniprogram.identity.roles import ADMIN, OPERATOR
from miniprogram.models import FrozenModel
from miniprogram.names import check_name
from miniprogram.person_text import required_text
from miniprogram.refusals import NotFound, Refused, Unacceptable
from miniprogram.releases.changes import change_program
from miniprogram.releases.model.configuration import check_audience, segments_in
from miniprogram.releases.model.document import Override, ReleaseDocument
from miniprogram.releases.model.states import RELEASED
from miniprogram.releases.storage.release_documents import releases_of
from miniprogram.targets import Target


class Otherwise(FrozenModel):
    """What hosts without a target get: nothing (`refuse`), or what they got before (`legacy`)."""

    otherwise: Literal["refuse", "legacy"]


def add_override(
    context: CommandContext,
    program_id: str,
    target: Target,
    *,
    kind: Literal["deny", "pin"],
    audience: dict[str, Any],
    version: str | None,
    reason: str,
) -> ChangeReport:
    """Deny these people a release (or, without `version`, everything), or always give them one."""
    _check(kind, audience, version, reason)
    known = read_environment(context.storage).rules_of(target) is not None

    def add(document: ReleaseDocument) -> tuple[ReleaseDocument, Override]:
        if not known and not any(each.target == target for each in document.releases):
            raise Refused("target_exists", f"there is no host app environment {target}, so nobody would be meant")
        override = Override(
            id=f"o-{document.next_number}",
            kind=kind,
            target=target,
            audience=audience,
            release=_live_id(document, version, target) if version else None,
            reason=reason,
            created_by=context.actor.name,
            created_at=context.stamp,
        )
        unknown = sorted(name for name in segments_in(audience) if document.segment(name) is None)
        if unknown:
            raise Refused("segments_exist", f"the audience asks for unknown segments: {', '.join(unknown)}")
        changes = {"overrides": (*document.overrides, override), "next_number": document.next_number + 1}
        return document.model_copy(update=changes), override

    about = f"{version or 'everything'} on {target}"
    return change_program(
        context, program_id, f"release {kind}", add, subject=about, roles=OPERATOR, target=target, reason=reason
    )


def remove_override(context: CommandContext, program_id: str, override_id: str, *, reason: str) -> ChangeReport:
    """Take an override back: whoever may set one on its target may. Raises NotFound for one they may not read."""
    check_name("program", program_id)
    document = releases_of(context.storage, program_id).read()
    target = _existing(context, document, program_id, override_id).target  # an override stays on its target

    def remove(document: ReleaseDocument) -> tuple[ReleaseDocument, Override]:
        found = _existing(context, document, program_id, override_id)
        others = tuple(each for each in document.overrides if each.id != override_id)
        return document.model_copy(update={"overrides": others}), found

    return change_program(
        context, program_id, "release lift", remove,
        subject=override_id, roles=OPERATOR, target=target, reason=reason,
    )  # fmt: skip


def set_otherwise(
    context: CommandContext, program_id: str, otherwise: Literal["refuse", "legacy"]
) -> ChangeReport:
    """What hosts get that no target is for, once the first release is out."""

    def put(document: ReleaseDocument) -> tuple[ReleaseDocument, Otherwise]:
        return document.model_copy(update={"otherwise": otherwise}), Otherwise(otherwise=otherwise)

    return change_program(context, program_id, "release otherwise", put, subject=otherwise, roles=ADMIN)


def _check(kind: str, audience: dict[str, Any], version: str | None, reason: str) -> None:
    if kind == "pin" and version is None:
        raise Unacceptable("a pin is to a version")
    if not reason.strip():
        raise Unacceptable(f"{kind} needs a reason")
    required_text("reason", reason)
    try:
        check_audience(audience)
    except ValueError as error:
        raise Unacceptable(str(error)) from None


def _existing(
    context: CommandContext, document: ReleaseDocument | None, program_id: str, override_id: str
) -> Override:
    overrides = document.overrides if document is not None else ()
    readable = [each for each in overrides if context.actor.sees(each.target, program_id)]
    found = next((each for each in readable if each.id == override_id), None)
    if found is None:
        known = ", ".join(each.id for each in readable) or "none"
        raise NotFound(f"there is no override {override_id!r}; known: {known}")
    return found


def _live_id(document: ReleaseDocument, version: str, target: Target) -> str:
    release = document.live(version, target)
    if release is None or release.state not in RELEASED:
        raise Refused("release_is_live", f"{version} is not released on {target}")
    return release.id
