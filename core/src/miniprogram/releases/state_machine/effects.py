"""What a command changes about its release, beside the state. `target_slots` changes the document around it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from miniprogram.releases.model.configuration import Configuration
from miniprogram.releases.model.release import Ending, GivenApproval, OfflineRequest, Release, Review
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


def new_release(inputs: TransitionInput) -> Release:
    """The attempt that `create` or `reopen` starts.

    A second attempt is the same release until somebody changes it. A new version takes over what is said about the
    full one, but for whom and when.
    """
    earlier = inputs.loaded.earlier
    if earlier is not None:
        configuration = earlier.configuration
    else:
        full = inputs.document.full(inputs.command.target)
        configuration = Configuration() if full is None else _inherited(full)
    return Release(
        id=f"r-{inputs.document.next_number}",
        version=inputs.command.version,
        target=inputs.command.target,
        kind=inputs.command.kind if earlier is None else earlier.kind,
        attempt=1 if earlier is None else earlier.attempt + 1,
        package_digest=inputs.loaded.package_digest or "",
        configuration=configuration,
        salt=inputs.loaded.salt,
        testers=() if earlier is None else earlier.testers,
        created_by=inputs.actor.name,
        created_at=inputs.now,
        updated_at=inputs.now,
        reopened_because=None if earlier is None else inputs.command.reason,
    )


def changed_members(inputs: TransitionInput, release: Release) -> Members:
    """What the command says about the members of `release` that are not its state."""
    effect = EFFECTS.get(inputs.command.verb)
    return {} if effect is None else effect(inputs, release)


def ending(inputs: TransitionInput) -> Ending:
    """How this command ends the attempt."""
    request = None if inputs.release is None else inputs.release.offline_request
    reason = inputs.command.reason or (request.reason if request else None)
    return Ending(kind=ENDINGS[inputs.command.verb], actor=inputs.actor.name, at=inputs.now, reason=reason)


def _inherited(model: Release) -> Configuration:
    old = model.configuration
    return Configuration(
        title=old.title,
        description=old.description,
        server_domains=old.server_domains,
        webview_domains=old.webview_domains,
    )


def _configure(inputs: TransitionInput, release: Release) -> Members:
    return {"configuration": inputs.command.configuration or release.configuration}


def _apply(inputs: TransitionInput, release: Release) -> Members:
    digest = review_digest(inputs.document, release, inputs.loaded.package_digest)
    environment, widened = inputs.loaded.environment, inputs.loaded.widened
    extra = environment.extra_reviewers if environment is not None and widened else 0
    review = Review(
        applicant=inputs.actor.name,
        applied_at=inputs.now,
        digest=digest,
        wanted=1 + extra,
        widened=widened if extra else (),
    )
    return {"review": review}


def _decide(inputs: TransitionInput, release: Release, *, approved: bool) -> Members:
    if release.state is State.FULL or release.review is None:
        return {"offline_request": None}
    review = release.review
    if approved:
        one = GivenApproval(reviewer=inputs.actor.name, at=inputs.now, reason=inputs.command.reason)
        review = review.model_copy(update={"approvals": (*review.approvals, one)})
        if len(review.approvals) < review.wanted:
            return {"review": review}
    decided = {
        "reviewer": inputs.actor.name,
        "decided_at": inputs.now,
        "approved": approved,
        "reason": inputs.command.reason,
    }
    return {"review": review.model_copy(update=decided)}


def _add_testers(inputs: TransitionInput, release: Release) -> Members:
    return {"testers": tuple(sorted({*release.testers, *inputs.command.testers}))}


def _remove_testers(inputs: TransitionInput, release: Release) -> Members:
    return {"testers": tuple(sorted(set(release.testers) - set(inputs.command.testers)))}


def _grayscale(inputs: TransitionInput, release: Release) -> Members:
    asked = inputs.command.basis_points
    if asked is None:
        return {}
    keep_admitted = release.grayscale.keep_admitted if asked < release.grayscale.keep_admitted else 0
    return {
        "grayscale": release.grayscale.model_copy(update={"basis_points": asked, "keep_admitted": keep_admitted})
    }


def _shrink(inputs: TransitionInput, release: Release) -> Members:
    before = release.grayscale
    keep_admitted = max(before.keep_admitted, before.basis_points)
    return {
        "grayscale": before.model_copy(
            update={"basis_points": inputs.command.basis_points, "keep_admitted": keep_admitted}
        )
    }


def _offline(inputs: TransitionInput, _release: Release) -> Members:
    request = OfflineRequest(
        applicant=inputs.actor.name, applied_at=inputs.now, reason=inputs.command.reason or ""
    )
    return {"offline_request": request}


EFFECTS: dict[str, Effect] = {
    "configure": _configure,
    "apply": _apply,
    "approve": lambda inputs, release: _decide(inputs, release, approved=True),
    "reject": lambda inputs, release: _decide(inputs, release, approved=False),
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
