"""What a command changes about its release, beside the state. The document around it is `placement`'s."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from miniprogram.releases.model.configuration import Configuration
from miniprogram.releases.model.release import Ending, OfflineRequest, Release, Review
from miniprogram.releases.model.states import Overlay, State
from miniprogram.releases.state_machine.review_digest import review_digest
from miniprogram.releases.state_machine.transition_input import TransitionInput

Members = dict[str, Any]
Effect = Callable[[TransitionInput, Release], Members]

ENDINGS = {
    "withdraw": "withdrawn",
    "reject": "rejected",
    "cancel": "canceled",
    "rollback": "rolled_back",
    "offline": "unpublished_by_developer",
    "approve": "unpublished_by_developer",
    "force-remove": "suspended_by_operator",
}
"""How a release ended, by the command that ended it."""


def new_release(it: TransitionInput) -> Release:
    """The attempt that `create` or `reopen` starts. Basic information is taken over from what was there before."""
    earlier = it.facts.earlier
    model = earlier or it.document.full(it.command.target)
    inherited = Configuration() if model is None else _inherited(model)
    return Release(
        id=f"r-{it.document.next_number}",
        version=it.command.version,
        target=it.command.target,
        kind=it.command.kind if earlier is None else earlier.kind,
        attempt=1 if earlier is None else earlier.attempt + 1,
        package_digest=it.facts.package_digest or "",
        configuration=inherited,
        salt=it.facts.salt,
        created_by=it.actor.name,
        created_at=it.now,
        updated_at=it.now,
        reopened_because=None if earlier is None else it.command.reason,
    )


def changed_members(it: TransitionInput, release: Release) -> Members:
    """What the command says about the members of `release` that are not its state."""
    effect = EFFECTS.get(it.command.verb)
    return {} if effect is None else effect(it, release)


def ending(it: TransitionInput) -> Ending:
    """How this command ends the attempt."""
    request = None if it.release is None else it.release.offline_request
    reason = it.command.reason or (request.reason if request else None)
    return Ending(kind=ENDINGS[it.command.verb], actor=it.actor.name, at=it.now, reason=reason)


def _inherited(model: Release) -> Configuration:
    old = model.configuration
    return Configuration(
        title=old.title,
        description=old.description,
        server_domains=old.server_domains,
        webview_domains=old.webview_domains,
    )


def _configure(it: TransitionInput, release: Release) -> Members:
    return {"configuration": it.command.configuration or release.configuration}


def _apply(it: TransitionInput, release: Release) -> Members:
    digest = review_digest(it.document, release, it.facts.package_digest)
    return {"review": Review(applicant=it.actor.name, applied_at=it.now, digest=digest)}


def _decide(it: TransitionInput, release: Release, *, approved: bool) -> Members:
    if release.state is State.FULL or release.review is None:
        return {"offline_request": None}
    decided = {"reviewer": it.actor.name, "decided_at": it.now, "approved": approved, "reason": it.command.reason}
    return {"review": release.review.model_copy(update=decided)}


def _add_testers(it: TransitionInput, release: Release) -> Members:
    return {"testers": tuple(sorted({*release.testers, *it.command.testers}))}


def _remove_testers(it: TransitionInput, release: Release) -> Members:
    return {"testers": tuple(sorted(set(release.testers) - set(it.command.testers)))}


def _grayscale(it: TransitionInput, release: Release) -> Members:
    asked = it.command.basis_points
    if asked is None:
        return {}
    kept = release.grayscale.kept if asked < release.grayscale.kept else 0
    return {"grayscale": release.grayscale.model_copy(update={"basis_points": asked, "kept": kept})}


def _shrink(it: TransitionInput, release: Release) -> Members:
    before = release.grayscale
    kept = max(before.kept, before.basis_points)
    return {"grayscale": before.model_copy(update={"basis_points": it.command.basis_points, "kept": kept})}


def _offline(it: TransitionInput, _release: Release) -> Members:
    request = OfflineRequest(applicant=it.actor.name, applied_at=it.now, reason=it.command.reason or "")
    return {"offline_request": request}


EFFECTS: dict[str, Effect] = {
    "configure": _configure,
    "apply": _apply,
    "approve": lambda it, release: _decide(it, release, approved=True),
    "reject": lambda it, release: _decide(it, release, approved=False),
    "pilot start": _add_testers,
    "testers add": _add_testers,
    "testers remove": _remove_testers,
    "grayscale": _grayscale,
    "shrink": _shrink,
    "pause": lambda _it, _release: {"overlay": Overlay.PAUSED},
    "halt": lambda _it, _release: {"overlay": Overlay.HALTED},
    "resume": lambda _it, _release: {"overlay": None},
    "offline": _offline,
}
