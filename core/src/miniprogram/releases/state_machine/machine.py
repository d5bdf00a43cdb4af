"""One step of the state machine: find the row, ask who and what stands against it, and do it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from miniprogram.refusals import Denied, Refused
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.model.release import Release
from miniprogram.releases.model.states import State
from miniprogram.releases.state_machine import guards
from miniprogram.releases.state_machine.effects import changed_members, new_release
from miniprogram.releases.state_machine.target_slots import apply_to_targets
from miniprogram.releases.state_machine.transition_input import EMBEDDED, TransitionInput
from miniprogram.releases.state_machine.transitions import Row, possible_verbs, rows_for


@dataclass(frozen=True, slots=True)
class Step:
    """What a command came to. `release` is the attempt as it is now, finished or not."""

    document: ReleaseDocument
    release: Release
    before: State | None
    details: dict[str, Any] = field(default_factory=dict)
    advice: tuple[str, ...] = ()
    """Rules that were not enforced, because nobody checks who acts, and what had no effect."""


def transition(inputs: TransitionInput) -> Step:
    """The document after the command.

    Raises Denied when the actor may not, Refused naming the guard when the command does not fit how things are.
    """
    row = find_row(inputs)
    if not inputs.actor.has(row.roles, inputs.command.target, inputs.document.mini_program_id):
        roles = " or ".join(sorted(row.roles))
        raise Denied(
            "role",
            f"{inputs.actor.name} may not {row.verb} on {inputs.command.target}: that takes the role {roles}",
        )
    for guard in row.guards:
        reason = guard(inputs)
        if reason is not None:
            raise (Denied if guard.about_actor else Refused)(guard.code, reason)
    return _do(inputs, row)


def find_row(inputs: TransitionInput) -> Row:
    """The one row for the command. Raises Refused saying what could be done instead."""
    overlay = None if inputs.release is None else inputs.release.overlay
    rows = [
        row
        for row in rows_for(inputs.command.verb, inputs.source, overlay)
        if row.when is None or row.when(inputs)
    ]
    if len(rows) == 1:
        return rows[0]
    where = _whereabouts(inputs)
    possible = [verb for verb in possible_verbs(inputs.source, overlay) if inputs.release is not None]
    hint = f"Possible now: {', '.join(possible)}." if possible else None
    raise Refused("state", f"{inputs.command.verb} is not possible: {where}", hint=hint)


def _whereabouts(inputs: TransitionInput) -> str:
    if inputs.release is not None:
        if inputs.command.verb in ("create", "reopen"):
            return f"{inputs.release.label} is {inputs.release.state}; a version goes to a target once"
        overlay = f", {inputs.release.overlay}" if inputs.release.overlay else ""
        return f"{inputs.release.label} is {inputs.release.state}{overlay}"
    what = f"{inputs.command.version} on {inputs.command.target}"
    earlier = inputs.loaded.earlier
    return f"{what} is {earlier.state}" if earlier is not None else f"there is no release of {what}"


def _do(inputs: TransitionInput, row: Row) -> Step:
    advice = tuple(filter(None, [_advice(inputs, row), _strangers(inputs)]))
    release, document = _subject(inputs, row)
    # a request to take it offline is answered by the row, not laid over a release that has ended
    members = changed_members(inputs, release) if row.target is not State.ARCHIVED else {}
    state = row.target or release.state
    changed = release.model_copy(update={**members, "state": state, "updated_at": inputs.now})
    details = _details(inputs, release, changed)
    placed = apply_to_targets(inputs, document, changed)
    latest = placed.by_id(changed.id) or _just_finished(placed, changed.id)
    return Step(placed, latest, inputs.source, details, advice)


def _subject(inputs: TransitionInput, row: Row) -> tuple[Release, ReleaseDocument]:
    """The release the command is about, and the document that has room for it."""
    if inputs.release is not None:
        return inputs.release, inputs.document
    if row.verb == "force-remove" and inputs.loaded.earlier is not None:
        return inputs.loaded.earlier, inputs.document
    if row.verb == "rollback" and inputs.loaded.destination is not None:
        return inputs.loaded.destination, inputs.document
    wanted = inputs.command.version
    withdrawn = tuple(version for version in inputs.document.withdrawn_versions if version != wanted)
    changes = {"next_number": inputs.document.next_number + 1, "withdrawn_versions": withdrawn}
    return new_release(inputs), inputs.document.model_copy(update=changes)


def _just_finished(document: ReleaseDocument, release_id: str) -> Release:
    return next(each for each in reversed(document.outbox) if each.id == release_id)


def _advice(inputs: TransitionInput, row: Row) -> str | None:
    if guards.maker_is_not_checker not in row.guards:
        return None
    problem = guards.second_person_wanted(inputs)
    return f"{problem}; a server that knows who acts would refuse this" if problem else None


def _strangers(inputs: TransitionInput) -> str | None:
    """Testers that were taken off a list they are not on."""
    if inputs.command.verb != "testers remove":
        return None
    unknown = sorted(set(inputs.command.testers) - set(inputs.subject.testers))
    return f"not on the list: {', '.join(unknown[:10])}" if unknown else None


def _details(inputs: TransitionInput, before: Release, after: Release) -> dict[str, Any]:
    """What the audit trail says beside state and reason."""
    details: dict[str, Any] = {"releaseId": after.id, "attempt": after.attempt}
    if before.grayscale != after.grayscale:
        details |= {
            "fromBasisPoints": before.grayscale.basis_points,
            "toBasisPoints": after.grayscale.basis_points,
        }
    if before.testers != after.testers:
        details["added"] = sorted(set(after.testers) - set(before.testers))
        details["removed"] = sorted(set(before.testers) - set(after.testers))
    if before.overlay != after.overlay:
        details["overlay"] = after.overlay
    if inputs.command.verb == "rollback":
        is_embedded = inputs.command.destination == EMBEDDED
        found = inputs.loaded.destination
        details["destination"] = EMBEDDED if is_embedded else found.version if found else None
    if after.review is not None and after.review != before.review:
        details["reviewDigest"] = after.review.digest
    return details
