"""For each row of the transition table a situation it goes through in, and for each guard how to spoil that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from miniprogram.identity.roles import Actor, Grant, Role
from miniprogram.releases.model.configuration import Configuration, Window
from miniprogram.releases.model.document import ReleaseDocument, TargetRecord
from miniprogram.releases.model.release import GivenApproval, Grayscale, OfflineRequest, Release, Review
from miniprogram.releases.model.states import State
from miniprogram.releases.state_machine.review_digest import review_digest
from miniprogram.releases.state_machine.transition_input import Command, LoadedInputs, TransitionInput
from miniprogram.releases.state_machine.transitions import Row
from miniprogram.targets import Kind, Stage, Target, default_environment

NOW = "2030-01-02T03:04:05.000Z"
DIGEST = "sha256:as-published"
PRODUCTION = Target(host_app="wallet", environment=Stage.PRODUCTION)
VIP = {"attribute": "userId", "operator": "segment", "values": ["vip"]}
COMPLETE = Configuration(title="Shop", description="Buy things", server_domains=("https://api.example.com",))
UNTITLED = COMPLETE.model_copy(update={"title": ""})
WINDOW = Window(start="2030-01-02T00:00:00Z", end="2030-01-03T00:00:00Z", max_users=10)

Situation = TransitionInput
Spoiler = Callable[[Situation], Situation | None]
"""The situation with one thing wrong; None where that cannot be, in the state it starts from."""


def person(name: str) -> Actor:
    """Somebody authenticated who has every role, so that roles stand in no way."""
    return Actor(name=name, grants=tuple(Grant(role=role) for role in Role), authenticated=True)


def release_in(state: State, version: str = "1.1.0", **members: Any) -> Release:
    """A release as it usually is in `state`; `members` replace what is usual."""
    usual: dict[str, Any] = {
        "id": f"r-{version}",
        "version": version,
        "target": PRODUCTION,
        "state": state,
        "package_digest": DIGEST,
        "configuration": COMPLETE,
        "salt": "salt",
        "created_by": "ann",
        "created_at": NOW,
        "updated_at": NOW,
        "review": Review(applicant="ann", applied_at=NOW, digest=""),
    }
    if state is State.GRAYSCALE:
        usual["grayscale"] = Grayscale(basis_points=5000)
    if state in (State.FULL, State.ARCHIVED):
        usual["full_at"] = NOW
    return Release(**{**usual, **members})


def document_with(*releases: Release, **members: Any) -> ReleaseDocument:
    """A document with `releases`; a full one is its target's full release."""
    records = tuple(
        TargetRecord(target=each.target, full=each.id) for each in releases if each.state is State.FULL
    )
    return ReleaseDocument(mini_program_id="shop", next_number=9, targets=records, releases=releases, **members)


def situation(row: Row, source: State | None) -> Situation:
    """`row` from `source`, with nothing in its way."""
    stage = Stage.TEST if row.when is not None and row.when.__name__ == "_unreviewed" else Stage.PRODUCTION
    target = Target(host_app="wallet", environment=stage)
    release = None if source is None else _release(row, source, target)
    before = release_in(State.FULL, "1.0.0", target=target)
    others = () if release is not None and release.state is State.FULL else (before,)
    if row.verb == "rollback" and source is None:
        others = ()
    document = document_with(*others, *(() if release is None else (release,)))
    command = Command(row.verb, "1.1.0", target, reason="why", **_ARGUMENTS.get(row.verb, {}))
    loaded = LoadedInputs(default_environment(stage), DIGEST, earlier=_earlier(row, source, target), salt="s")
    if row.verb == "rollback":
        loaded = replace(loaded, destination=release_in(State.ARCHIVED, "1.0.0", target=target))
    actor = person("ann" if row.verb == "withdraw" else "bob")
    return _with_digest(TransitionInput(document, release, command, actor, loaded, NOW))


_ARGUMENTS: dict[str, dict[str, Any]] = {
    "configure": {"configuration": COMPLETE},
    "testers add": {"testers": ("eve",)},
    "testers remove": {"testers": ("eve",)},
    "grayscale": {"basis_points": 6000},
    "shrink": {"basis_points": 100},
    "finish": {"final": True},
}


def _release(row: Row, source: State, target: Target) -> Release:
    overlay = None if None in row.overlays else sorted(row.overlays, key=str)[0]
    asked = row.verb in ("approve", "reject") and source is State.FULL
    request = OfflineRequest(applicant="ann", applied_at=NOW, reason="law") if asked else None
    more = {} if row.when is None or row.when.__name__ != "_more_approvals" else {"wanted": 2}
    review = Review(applicant="ann", applied_at=NOW, digest="", **more)
    return release_in(source, target=target, overlay=overlay, offline_request=request, review=review)


def _earlier(row: Row, source: State | None, target: Target) -> Release | None:
    if source is not None or row.verb == "create":
        return None
    suspended = row.when is not None and row.when.__name__ == "_was_suspended"
    return release_in(State.SUSPENDED if suspended else State.CANCELED, target=target)


def _with_digest(given: Situation) -> Situation:
    """The review is about what is there now."""
    if given.release is None or given.release.review is None:
        return given
    digest = review_digest(given.document, given.release, given.loaded.package_digest)
    return changed(given, review=given.release.review.model_copy(update={"digest": digest}))


def changed(given: Situation, **members: Any) -> Situation:
    """The situation with other members of its release."""
    release = given.subject.model_copy(update=members)
    return replace(given, release=release, document=given.document.with_release(release))


def asked(given: Situation, **arguments: Any) -> Situation:
    return replace(given, command=replace(given.command, **arguments))


def loaded(given: Situation, **facts: Any) -> Situation:
    return replace(given, loaded=replace(given.loaded, **facts))


def with_rules(given: Situation, **rules: Any) -> Situation:
    environment = given.loaded.environment
    assert environment is not None
    return loaded(given, environment=environment.model_copy(update=rules))


def with_another(given: Situation, state: State = State.APPROVED, **members: Any) -> Situation:
    """Somebody else's release on the same target."""
    other = release_in(state, "1.2.0", **{"target": given.command.target, **members})
    return replace(given, document=given.document.with_release(other))


def without_full(given: Situation) -> Situation:
    kept = () if given.release is None else (given.release,)
    return replace(given, document=document_with(*kept))


def _approved_by_bob(given: Situation) -> Situation:
    """As many are still wanted as before, but who asks has approved it."""
    review = given.subject.review
    assert review is not None
    one = GivenApproval(reviewer="bob", at=NOW)
    return changed(given, review=review.model_copy(update={"approvals": (one,), "wanted": review.wanted + 1}))


def _segments_unknown(given: Situation) -> Situation:
    audience = COMPLETE.model_copy(update={"audience": VIP})
    if given.command.verb == "configure":
        return asked(given, configuration=audience)
    return changed(given, configuration=audience)


def _with_window(given: Situation) -> Situation:
    configuration = COMPLETE.model_copy(update={"window": WINDOW})
    if given.command.verb == "configure":
        return asked(given, configuration=configuration)
    return changed(given, configuration=configuration)


def with_withdrawn(given: Situation, version: str | None = None) -> Situation:
    """`version`, or the one the command is about, was removed by an inspector."""
    document = given.document.model_copy(update={"withdrawn_versions": (version or given.command.version,)})
    return replace(given, document=document)


SPOILERS: dict[str, Spoiler] = {
    "target_exists": lambda given: loaded(given, environment=None),
    "pair_unused": lambda given: loaded(given, earlier=release_in(State.CANCELED)),
    "not_withdrawn": with_withdrawn,
    "version_published": lambda given: loaded(given, package_digest=None),
    "none_in_flight": with_another,
    "nothing_in_flight": with_another,
    "reason_given": lambda given: asked(given, reason=" "),
    "attempt_exists": lambda given: loaded(given, earlier=None),
    "never_finished_well": lambda given: loaded(given, earlier=release_in(State.ARCHIVED)),
    "was_there": lambda given: loaded(given, earlier=None),
    "segments_exist": _segments_unknown,
    "configuration_complete": lambda given: changed(given, configuration=UNTITLED),
    "package_unchanged": lambda given: loaded(given, package_digest="sha256:other"),
    "provenance_proven": lambda given: loaded(given, unproven="shop 1.1.0 has no provenance"),
    "target_capable": lambda given: loaded(_with_window(given), cannot={"time windows": "it counts nobody"}),
    "as_seen": lambda given: asked(given, seen="r-1:pilot"),
    "is_applicant": lambda given: replace(given, actor=person("bob")),
    "approves_once": _approved_by_bob,
    "maker_is_not_checker": lambda given: replace(given, actor=person("ann")),
    "digest_unchanged": lambda given: loaded(given, package_digest="sha256:other"),
    "offline_requested": lambda given: changed(given, offline_request=None),
    "offline_not_requested": lambda given: changed(
        given, offline_request=OfflineRequest(applicant="eve", applied_at=NOW, reason="law")
    ),
    "official_only": lambda given: changed(given, kind=Kind.TRIAL),
    "target_supports_pilot": lambda given: with_rules(given, supports_pilot=False),
    "pilot_not_demanded": lambda given: with_rules(given, demands_pilot=True),
    "testers_named": lambda given: asked(given, testers=()),
    "ratio_in_range": lambda given: asked(given, basis_points=10_001),
    "ratio_goes_up": lambda given: asked(given, basis_points=5000) if given.source is State.GRAYSCALE else None,
    "ratio_goes_down": lambda given: asked(given, basis_points=5000),
    "earlier_full_release": without_full,
    "whole_or_final": lambda given: asked(given, final=False),
    "nothing_full": lambda given: replace(
        given, document=document_with(release_in(State.FULL, "1.2.0", target=given.command.target))
    ),
    "destination_named": lambda given: asked(given, destination="none"),
    "destination_known": lambda given: loaded(given, destination=None),
    "destination_usable": lambda given: replace(
        given, document=given.document.model_copy(update={"withdrawn_versions": ("1.0.0",)})
    ),
}
"""By guard: the same situation with just that rule broken."""
