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
from miniprogram.releases.state_machine.target_slots import storage
from miniprogram.releases.state_machine.transition_input import TransitionInput
from miniprogram.releases.state_machine.transitions import Row, possible_verbs, rows_for

DENYING = frozenset({guards.is_applicant, guards.maker_is_not_checker})
"""Guards that are about who asks, not about how things are."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a command came to. `release` is the attempt as it is now, finished or not."""

    document: ReleaseDocument
    release: Release
    before: State | None
    details: dict[str, Any] = field(default_factory=dict)
    advice: tuple[str, ...] = ()
    """Rules that were not enforced, because nobody checks who acts."""


def transition(it: TransitionInput) -> Step:
    """The document after the command.

    Raises Denied when the actor may not, Refused naming the guard when the command does not fit how things are.
    """
    row = find_row(it)
    if not it.actor.has(row.roles, it.command.target):
        roles = " or ".join(sorted(row.roles))
        raise Denied(
            "role", f"{it.actor.name} may not {row.verb} on {it.command.target}: that takes the role {roles}"
        )
    for guard in row.guards:
        reason = guard(it)
        if reason is not None:
            raise (Denied if guard in DENYING else Refused)(guard.__name__, reason)
    return _do(it, row)


def find_row(it: TransitionInput) -> Row:
    """The one row for the command. Raises Refused saying what could be done instead."""
    overlay = None if it.release is None else it.release.overlay
    rows = [row for row in rows_for(it.command.verb, it.source, overlay) if row.when is None or row.when(it)]
    if len(rows) == 1:
        return rows[0]
    where = _whereabouts(it)
    possible = [verb for verb in possible_verbs(it.source, overlay) if it.release is not None]
    hint = f"Possible now: {', '.join(possible)}." if possible else None
    raise Refused("state", f"{it.command.verb} is not possible: {where}", hint=hint)


def _whereabouts(it: TransitionInput) -> str:
    if it.release is not None:
        if it.command.verb in ("create", "reopen"):
            return f"{it.release.label} is {it.release.state}; a version goes to a target once"
        overlay = f", {it.release.overlay}" if it.release.overlay else ""
        return f"{it.release.label} is {it.release.state}{overlay}"
    what = f"{it.command.version} on {it.command.target}"
    earlier = it.facts.earlier
    return f"{what} is {earlier.state}" if earlier is not None else f"there is no release of {what}"


def _do(it: TransitionInput, row: Row) -> Step:
    advice = tuple(filter(None, [_advice(it, row)]))
    release, document = _subject(it, row)
    # a request to take it offline is answered by the row, not laid over a release that has ended
    members = changed_members(it, release) if row.target is not State.ARCHIVED else {}
    state = row.target or release.state
    changed = release.model_copy(update={**members, "state": state, "updated_at": it.now})
    details = _details(it, release, changed)
    placed = storage(it, document, changed)
    latest = placed.by_id(changed.id) or _put_away(placed, changed.id)
    return Step(placed, latest, it.source, details, advice)


def _subject(it: TransitionInput, row: Row) -> tuple[Release, ReleaseDocument]:
    """The release the command is about, and the document that has room for it."""
    if it.release is not None:
        return it.release, it.document
    if row.verb == "force-remove" and it.facts.earlier is not None:
        return it.facts.earlier, it.document
    wanted = it.command.version
    withdrawn = tuple(version for version in it.document.withdrawn_versions if version != wanted)
    changes = {"next_number": it.document.next_number + 1, "withdrawn_versions": withdrawn}
    return new_release(it), it.document.model_copy(update=changes)


def _put_away(document: ReleaseDocument, release_id: str) -> Release:
    return next(each for each in reversed(document.outbox) if each.id == release_id)


def _advice(it: TransitionInput, row: Row) -> str | None:
    if guards.maker_is_not_checker not in row.guards:
        return None
    problem = guards.second_person_wanted(it)
    return f"{problem}; a server that knows who acts would refuse this" if problem else None


def _details(it: TransitionInput, before: Release, after: Release) -> dict[str, Any]:
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
    if it.command.verb == "rollback":
        details["destination"] = it.facts.destination.version if it.facts.destination else None
    if after.review is not None and after.review != before.review:
        details["reviewDigest"] = after.review.digest
    return details
