"""The rules that stand in the way of a transition, one guard each.

A guard has a stable code, which clients may know, and a check that returns the sentence saying why not, or None.
The table in `transitions` says which guard watches what; `rule_codes` tells what each code means.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from miniprogram.delivery.evaluation.buckets import WHOLE
from miniprogram.releases.model.configuration import segments_in
from miniprogram.releases.model.release import Release
from miniprogram.releases.model.states import State
from miniprogram.releases.state_machine.abilities import needed_abilities
from miniprogram.releases.state_machine.review_digest import review_digest
from miniprogram.releases.state_machine.transition_input import NO_RELEASE, TransitionInput
from miniprogram.targets import Kind

Check = Callable[[TransitionInput], str | None]


@dataclass(frozen=True, slots=True)
class Guard:
    """A rule. `about_actor`: it is about who asks, so breaking it is a denial and not a refusal."""

    code: str
    check: Check
    about_actor: bool = False

    def __call__(self, inputs: TransitionInput) -> str | None:
        """Why the transition may not be made; None when this rule holds."""
        return self.check(inputs)


def _guard(code: str, *, about_actor: bool = False) -> Callable[[Check], Guard]:
    return lambda check: Guard(code, check, about_actor)


@_guard("target_exists")
def target_exists(inputs: TransitionInput) -> str | None:
    if inputs.loaded.environment is None:
        target = inputs.command.target
        return f"there is no host app environment {target}; add it with `app add` or `app environment set`"
    return None


@_guard("version_published")
def version_published(inputs: TransitionInput) -> str | None:
    if inputs.loaded.package_digest is None:
        what = f"{inputs.command.version} of {inputs.document.mini_program_id}"
        return f"{what} is not published whole; publish it first"
    return None


@_guard("pair_unused")
def pair_unused(inputs: TransitionInput) -> str | None:
    used = inputs.release or inputs.loaded.earlier
    if used is None:
        return None
    way_back = _ways_back(used)
    return f"{inputs.command.version} went to {inputs.command.target} before and is {used.state}{way_back}"


@_guard("not_withdrawn")
def not_withdrawn(inputs: TransitionInput) -> str | None:
    version = inputs.command.version
    if version in inputs.document.withdrawn_versions:
        return f"{version} was removed by an inspector; only an inspector reopens it where it was suspended"
    return None


@_guard("none_in_flight")
def none_in_flight(inputs: TransitionInput) -> str | None:
    kind = inputs.command.kind if inputs.release is None else inputs.release.kind
    other = inputs.document.in_flight(inputs.command.target, kind)
    if other is None or other is inputs.release:
        return None
    return f"{other.version} is on its way to {inputs.command.target} ({other.state}); only one can be"


@_guard("nothing_in_flight")
def nothing_in_flight(inputs: TransitionInput) -> str | None:
    others = (inputs.document.in_flight(inputs.command.target, kind) for kind in Kind)
    found = next((other for other in others if other is not None), None)
    return (
        f"{found.version} is on its way to {inputs.command.target} ({found.state}); cancel it first"
        if found
        else None
    )


@_guard("segments_exist")
def segments_exist(inputs: TransitionInput) -> str | None:
    configuration = inputs.command.configuration or (inputs.release and inputs.release.configuration)
    wanted = segments_in(configuration.audience) if configuration else frozenset()
    unknown = sorted(name for name in wanted if inputs.document.segment(name) is None)
    return f"the audience asks for segments that do not exist: {', '.join(unknown)}" if unknown else None


@_guard("configuration_complete")
def configuration_complete(inputs: TransitionInput) -> str | None:
    missing = inputs.subject.configuration.missing()
    return f"still to be said with `release configure`: {', '.join(missing)}" if missing else None


@_guard("package_unchanged")
def package_unchanged(inputs: TransitionInput) -> str | None:
    if inputs.loaded.package_digest == inputs.subject.package_digest:
        return None
    return f"the package of {inputs.subject.version} is not the one the release was created from"


@_guard("provenance_proven")
def provenance_proven(inputs: TransitionInput) -> str | None:
    unproven = inputs.loaded.unproven
    return f"{inputs.command.target} demands provenance: {unproven}" if unproven else None


@_guard("target_capable")
def target_capable(inputs: TransitionInput) -> str | None:
    wanted, release = inputs.command.configuration, inputs.subject
    if wanted is not None:  # refused while it is written, and not only once somebody waits for it
        release = release.model_copy(update={"configuration": wanted})
    for name in needed_abilities(inputs.document, release):
        if name in inputs.loaded.cannot:
            return f"{inputs.command.target} cannot do {name}: {inputs.loaded.cannot[name]}"
    return None


@_guard("reason_given")
def reason_given(inputs: TransitionInput) -> str | None:
    return (
        None
        if inputs.command.reason and inputs.command.reason.strip()
        else f"{inputs.command.verb} needs a reason"
    )


@_guard("as_seen")
def as_seen(inputs: TransitionInput) -> str | None:
    """What stands in the place of a revision where a release is only narrowed."""
    release = inputs.release or inputs.loaded.earlier
    seen = inputs.command.seen
    if seen is None or release is None or seen == f"{release.id}:{release.state}":
        return None
    return f"{release.label} is {release.state} now and not what you looked at; look again"


@_guard("is_applicant", about_actor=True)
def is_applicant(inputs: TransitionInput) -> str | None:
    review = inputs.subject.review
    if not inputs.actor.authenticated or review is None or review.applicant == inputs.actor.name:
        return None
    return f"only {review.applicant}, who applied, can withdraw it"


@_guard("maker_is_not_checker", about_actor=True)
def maker_is_not_checker(inputs: TransitionInput) -> str | None:
    """Where nobody checks who somebody is, this is only advice: see `advice`."""
    return second_person_wanted(inputs) if inputs.actor.authenticated else None


def second_person_wanted(inputs: TransitionInput) -> str | None:
    """What maker and checker being one looks like, enforced or not."""
    asked = inputs.subject.offline_request if inputs.subject.state is State.FULL else inputs.subject.review
    if asked is None:
        return None
    actor, applicant = inputs.actor, asked.applicant
    if applicant == actor.name:
        return f"{actor.name} applied for it, so somebody else must decide"
    if applicant in (actor.token_created_by, *actor.token_known_to):
        made = f"made the token {actor.token}" + (
            "" if applicant == actor.token_created_by else ", or one it led to"
        )
        return f"{applicant} applied for it and {made}, so a token of another must decide"
    return None


@_guard("approves_once", about_actor=True)
def approves_once(inputs: TransitionInput) -> str | None:
    """Where nobody checks who somebody is, one name may stand for several people."""
    review = inputs.subject.review
    if review is None or not inputs.actor.authenticated:
        return None
    if inputs.actor.name not in [each.reviewer for each in review.approvals]:
        return None
    missing = review.wanted - len(review.approvals)
    return f"{inputs.actor.name} approved it already; it takes {missing} more by somebody else"


@_guard("digest_unchanged")
def digest_unchanged(inputs: TransitionInput) -> str | None:
    review = inputs.subject.review
    now = review_digest(inputs.document, inputs.subject, inputs.loaded.package_digest)
    if review is None or review.digest != now:
        return "what was applied for has changed since, so an approval would be void; withdraw and apply again"
    if inputs.command.seen_digest is not None and inputs.command.seen_digest != now:
        return "what the reviewer saw is not what was applied for; look again"
    return None


@_guard("offline_requested")
def offline_requested(inputs: TransitionInput) -> str | None:
    return None if inputs.subject.offline_request else f"nobody has asked to take {inputs.subject.label} offline"


@_guard("offline_not_requested")
def offline_not_requested(inputs: TransitionInput) -> str | None:
    return (
        f"taking {inputs.subject.label} offline waits for a reviewer already"
        if inputs.subject.offline_request
        else None
    )


@_guard("official_only")
def official_only(inputs: TransitionInput) -> str | None:
    if inputs.subject.kind is Kind.OFFICIAL:
        return None
    return f"a {inputs.subject.kind} version goes to testers and links only"


@_guard("target_supports_pilot")
def target_supports_pilot(inputs: TransitionInput) -> str | None:
    environment = inputs.loaded.environment
    if environment is None or environment.supports_pilot:
        return None
    return f"{inputs.command.target} has no pilot; go on with `release pilot skip`"


@_guard("pilot_not_demanded")
def pilot_not_demanded(inputs: TransitionInput) -> str | None:
    environment = inputs.loaded.environment
    demanded = environment is not None and environment.demands_pilot
    return f"{inputs.command.target} demands a pilot" if demanded else None


@_guard("testers_named")
def testers_named(inputs: TransitionInput) -> str | None:
    return None if inputs.command.testers else "no tester is named"


@_guard("ratio_in_range")
def ratio_in_range(inputs: TransitionInput) -> str | None:
    asked = inputs.command.basis_points
    if asked is None:
        has_window = inputs.subject.configuration.window is not None
        return None if has_window else "a grayscale needs a ratio, or a time window in the configuration"
    return None if 1 <= asked <= WHOLE else "the ratio is from 0.01 to 100 per cent"


@_guard("ratio_goes_up")
def ratio_goes_up(inputs: TransitionInput) -> str | None:
    before, asked = inputs.subject.grayscale.basis_points, inputs.command.basis_points
    if asked is None or inputs.subject.state is State.PREPARED or asked > before:
        return None
    if asked == before:
        return f"the ratio is {_percent(before)} already"
    return f"the ratio is {_percent(before)} and only goes up; `release shrink` lowers it, with a reason"


@_guard("ratio_goes_down")
def ratio_goes_down(inputs: TransitionInput) -> str | None:
    before, asked = inputs.subject.grayscale.basis_points, inputs.command.basis_points
    if asked is not None and 0 <= asked < before:
        return None
    return f"shrinking needs a ratio below the present {_percent(before)}"


@_guard("earlier_full_release")
def earlier_full_release(inputs: TransitionInput) -> str | None:
    if inputs.document.full(inputs.command.target) is not None:
        return None
    return (
        f"{inputs.command.target} has no full release to share with; `release finish --final` makes this the first"
    )


@_guard("whole_or_final")
def whole_or_final(inputs: TransitionInput) -> str | None:
    if inputs.command.final or inputs.subject.grayscale.basis_points == WHOLE:
        return None
    now = _percent(inputs.subject.grayscale.basis_points)
    return f"the ratio is {now}; raise it to 100 % first, or say --final to release it to everybody now"


@_guard("destination_known")
def destination_known(inputs: TransitionInput) -> str | None:
    wanted, found = inputs.command.destination, inputs.loaded.destination
    if wanted in NO_RELEASE:
        return None
    if found is None:
        what = wanted or "an earlier full release"
        more = "say --to VERSION of an archived one, --to embedded or --to none"
        return f"{what} cannot be gone back to on {inputs.command.target}; {more}"
    if found.state is not State.ARCHIVED or found.full_at is None:
        return f"{found.version} was never fully released on {inputs.command.target}"
    return None


@_guard("nothing_full")
def nothing_full(inputs: TransitionInput) -> str | None:
    full = inputs.document.full(inputs.command.target)
    return f"{full.version} is fully released on {inputs.command.target} by now; look again" if full else None


@_guard("destination_named")
def destination_named(inputs: TransitionInput) -> str | None:
    """Without a full release there is nothing to take back, so there must be something to bring back."""
    if inputs.command.destination in NO_RELEASE:
        return f"{inputs.command.target} serves no version already"
    return None


@_guard("destination_usable")
def destination_usable(inputs: TransitionInput) -> str | None:
    found = inputs.loaded.destination
    if inputs.command.destination in NO_RELEASE or found is None:
        return None
    if found.version in inputs.document.withdrawn_versions:
        return f"{found.version} was removed by an inspector"
    if inputs.loaded.package_digest != found.package_digest:
        return f"the package of {found.version} is gone, or is not the one that was released"
    return None


@_guard("never_finished_well")
def never_finished_well(inputs: TransitionInput) -> str | None:
    earlier = inputs.loaded.earlier
    if earlier is not None and earlier.state is State.ARCHIVED:
        version, where = earlier.version, inputs.command.target
        return f"{version} was fully released on {where}; `release rollback --to {version}` brings it back"
    return None


@_guard("was_there")
def was_there(inputs: TransitionInput) -> str | None:
    earlier = inputs.loaded.earlier
    if earlier is None:
        return f"{inputs.command.version} never was a release on {inputs.command.target}"
    return f"{earlier.label} is suspended already" if earlier.state is State.SUSPENDED else None


@_guard("attempt_exists")
def attempt_exists(inputs: TransitionInput) -> str | None:
    if inputs.loaded.earlier is None:
        return (
            f"{inputs.command.version} never was a release on {inputs.command.target}; `release create` makes one"
        )
    return None


def _ways_back(used: Release) -> str:
    """What brings a version that was there before back, for the end of a sentence."""
    if used.state is State.SUSPENDED:
        return "; an inspector can `release reopen` it"
    if used.state is State.ARCHIVED:
        return f"; `release rollback --to {used.version}` brings it back" if used.full_at else ""
    return "; `release reopen` starts another attempt" if used.ending is not None else ""


def _percent(basis_points: int) -> str:
    return f"{basis_points / 100:g} %"
