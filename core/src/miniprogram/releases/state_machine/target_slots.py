"""What a transition means for the document: which release is full, what is fallen back to, what is put away."""

from __future__ import annotations

from typing import Any

from miniprogram.releases.model.document import ReleaseDocument, TargetRecord
from miniprogram.releases.model.release import Ending, Release
from miniprogram.releases.model.states import FINISHED, RELEASED, State
from miniprogram.releases.state_machine.effects import ending
from miniprogram.releases.state_machine.transition_input import EMBEDDED, NO_RELEASE, TransitionInput
from miniprogram.targets import Kind


def apply_to_targets(inputs: TransitionInput, document: ReleaseDocument, release: Release) -> ReleaseDocument:
    """`document` with `release` as the command left it, in the state it now has."""
    if inputs.command.verb == "rollback" and inputs.source is None:
        return _restore(inputs, document, document.record(release.target))
    if release.state is State.FULL and inputs.source is not State.FULL:
        return _become_full(inputs, document, release)
    if release.state in FINISHED:
        return _finish(inputs, document, release)
    document = document.with_release(release)
    return _opened(document, release) if release.state in RELEASED else document


def _become_full(inputs: TransitionInput, document: ReleaseDocument, release: Release) -> ReleaseDocument:
    """The newest full one takes over; the one before is archived and stays at hand."""
    record, before = document.record(release.target), document.full(release.target)
    version = before.version if before else None
    full = release.model_copy(update={"full_at": inputs.now, "replaced": version})
    if before is not None:
        document = _forget_fallback(document, record)
        old = _ended(
            before, State.ARCHIVED, Ending(kind="replaced", actor=inputs.actor.name, at=inputs.now), inputs.now
        )
        document = _to_outbox(document.with_release(old), old)
    forced = (*record.forced_versions, release.version) if _is_forced(release) else record.forced_versions
    changes: dict[str, Any] = {"full": full.id, "fallback": before.id if before else record.fallback}
    changes |= {"opened": True, "full_once": True, "embedded": False}
    return document.with_release(full).with_record(
        record.model_copy(update={**changes, "forced_versions": tuple(dict.fromkeys(forced))})
    )


def _finish(inputs: TransitionInput, document: ReleaseDocument, release: Release) -> ReleaseDocument:
    ended = _ended(release, release.state, ending(inputs), inputs.now)
    record = document.record(release.target)
    was_full, was_fallback = record.full == release.id, record.fallback == release.id
    document = _to_outbox(document.without_release(release.id), ended)
    if was_full or was_fallback:
        document = _leave_target(inputs, document, record, ended)
    return _withdrawn(document, ended) if release.state is State.SUSPENDED else document


def _leave_target(
    inputs: TransitionInput, document: ReleaseDocument, record: TargetRecord, release: Release
) -> ReleaseDocument:
    """What the target has once its full release, or its fallback, is gone."""
    left: dict[str, Any] = {"forced_versions": _without(record.forced_versions, release.version)}
    if record.fallback == release.id:
        return document.with_record(record.model_copy(update={**left, "fallback": None}))
    left["full"] = None
    if inputs.command.verb == "rollback" and inputs.command.destination not in NO_RELEASE:
        return _restore(inputs, document, record.model_copy(update=left))
    if release.state is State.SUSPENDED:  # what was good before is served again, at once
        return document.with_record(record.model_copy(update=left))
    document = _forget_fallback(document, record)
    goes_back = inputs.command.verb == "rollback" and inputs.command.destination == EMBEDDED
    return document.with_record(record.model_copy(update={**left, "fallback": None, "embedded": goes_back}))


def _restore(inputs: TransitionInput, document: ReleaseDocument, record: TargetRecord) -> ReleaseDocument:
    """The archived release a rollback goes to is full again; what it had replaced is its fallback."""
    destination, below = inputs.loaded.destination, inputs.loaded.below
    if destination is None:
        return document.with_record(record.model_copy(update={"fallback": None}))
    document = _forget_fallback(document, record)
    changes = {
        "state": State.FULL,
        "overlay": None,
        "ending": None,
        "full_at": inputs.now,
        "updated_at": inputs.now,
    }
    full = destination.model_copy(update={**changes, "offline_request": None})
    document = document.with_release(full)
    usable = below is not None and _may_fall_back_to(document, below)
    if below is not None and usable:
        document = document.with_release(below)
    changed: dict[str, Any] = {"full": full.id, "fallback": below.id if below is not None and usable else None}
    changed |= {"opened": True, "full_once": True, "embedded": False}
    return document.with_record(record.model_copy(update=changed))


def _may_fall_back_to(document: ReleaseDocument, release: Release) -> bool:
    """Only what left because something newer came; what was taken back was taken back for a reason."""
    was_good = release.state is State.ARCHIVED and release.ending is not None and release.ending.kind == "replaced"
    return was_good and release.version not in document.withdrawn_versions


def _forget_fallback(document: ReleaseDocument, record: TargetRecord) -> ReleaseDocument:
    return document if record.fallback is None else document.without_release(record.fallback)


def _withdrawn(document: ReleaseDocument, release: Release) -> ReleaseDocument:
    """A removed version is served by no route at all, unless another target still has it."""
    live = (each for each in document.releases if each.version == release.version)
    if any(each.state in RELEASED or each.state is State.ARCHIVED for each in live):
        return document
    versions = dict.fromkeys((*document.withdrawn_versions, release.version))
    return document.model_copy(update={"withdrawn_versions": tuple(versions)})


def _opened(document: ReleaseDocument, release: Release) -> ReleaseDocument:
    record = document.record(release.target)
    official = release.kind is Kind.OFFICIAL
    served = release.state in (State.PILOT, State.GRAYSCALE) or (release.state is State.APPROVED and not official)
    if record.opened or not served:
        return document
    return document.with_record(record.model_copy(update={"opened": True, "full_once": False}))


def _to_outbox(document: ReleaseDocument, release: Release) -> ReleaseDocument:
    return document.model_copy(update={"outbox": (*document.outbox, release)})


def _ended(release: Release, state: State, how: Ending, now: str) -> Release:
    changes = {"state": state, "ending": how, "overlay": None, "offline_request": None, "updated_at": now}
    return release.model_copy(update=changes)


def _is_forced(release: Release) -> bool:
    return release.configuration.upgrade.mode == "forced"


def _without(versions: tuple[str, ...], version: str) -> tuple[str, ...]:
    return tuple(each for each in versions if each != version)
