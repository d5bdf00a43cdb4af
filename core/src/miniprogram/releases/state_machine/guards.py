"""The rules that stand in the way of a transition, one function each.

A guard returns the sentence that says why not, or None. The table in `transitions` says which guard watches what.
"""

from __future__ import annotations

from collections.abc import Callable

from miniprogram.releases.model.configuration import segments_in
from miniprogram.releases.model.states import State
from miniprogram.releases.state_machine.abilities import needed_abilities
from miniprogram.releases.state_machine.review_digest import review_digest
from miniprogram.releases.state_machine.transition_input import NO_VERSION, TransitionInput
from miniprogram.targets import Kind

Guard = Callable[[TransitionInput], str | None]

WHOLE = 10_000


def target_exists(it: TransitionInput) -> str | None:
    if it.facts.environment is None:
        return (
            f"there is no host app environment {it.command.target}; add it with `app add` or `app environment set`"
        )
    return None


def version_published(it: TransitionInput) -> str | None:
    if it.facts.package_digest is None:
        return f"{it.command.version} of {it.document.mini_program_id} is not published whole; publish it first"
    return None


def pair_unused(it: TransitionInput) -> str | None:
    used = it.release or it.facts.earlier
    if used is None:
        return None
    more = "; `release reopen` starts another attempt" if used.state is not State.ARCHIVED else ""
    return f"{it.command.version} went to {it.command.target} before and is {used.state}{more}"


def none_in_flight(it: TransitionInput) -> str | None:
    kind = it.command.kind if it.release is None else it.release.kind
    other = it.document.in_flight(it.command.target, kind)
    if other is None or other is it.release:
        return None
    return f"{other.version} is on its way to {it.command.target} ({other.state}); only one can be"


def nothing_in_flight(it: TransitionInput) -> str | None:
    others = (it.document.in_flight(it.command.target, kind) for kind in Kind)
    found = next((other for other in others if other is not None), None)
    return (
        f"{found.version} is on its way to {it.command.target} ({found.state}); cancel it first" if found else None
    )


def segments_exist(it: TransitionInput) -> str | None:
    configuration = it.command.configuration or (it.release and it.release.configuration)
    wanted = segments_in(configuration.audience) if configuration else frozenset()
    unknown = sorted(name for name in wanted if it.document.segment(name) is None)
    return f"the audience asks for segments that do not exist: {', '.join(unknown)}" if unknown else None


def configuration_complete(it: TransitionInput) -> str | None:
    missing = it.subject.configuration.missing()
    return f"still to be said with `release configure`: {', '.join(missing)}" if missing else None


def package_unchanged(it: TransitionInput) -> str | None:
    if it.facts.package_digest == it.subject.package_digest:
        return None
    return f"the package of {it.subject.version} is not the one the release was created from"


def place_can_do_it(it: TransitionInput) -> str | None:
    for name in needed_abilities(it.document, it.subject):
        if name in it.facts.cannot:
            return f"{it.command.target} cannot do {name}: {it.facts.cannot[name]}"
    return None


def reason_given(it: TransitionInput) -> str | None:
    return None if it.command.reason and it.command.reason.strip() else f"{it.command.verb} needs a reason"


def is_applicant(it: TransitionInput) -> str | None:
    review = it.subject.review
    if not it.actor.authenticated or review is None or review.applicant == it.actor.name:
        return None
    return f"only {review.applicant}, who applied, can withdraw it"


def maker_is_not_checker(it: TransitionInput) -> str | None:
    """Where nobody checks who somebody is, this is only advice: see `advice`."""
    return second_person_wanted(it) if it.actor.authenticated else None


def second_person_wanted(it: TransitionInput) -> str | None:
    """What maker and checker being one looks like, enforced or not."""
    asked = it.subject.offline_request if it.subject.state is State.FULL else it.subject.review
    if asked is None or asked.applicant != it.actor.name:
        return None
    return f"{it.actor.name} applied for it, so somebody else must decide"


def digest_unchanged(it: TransitionInput) -> str | None:
    review = it.subject.review
    now = review_digest(it.document, it.subject, it.facts.package_digest)
    if review is None or review.digest != now:
        return "what was applied for has changed since, so an approval would be void; withdraw and apply again"
    if it.command.seen_digest is not None and it.command.seen_digest != now:
        return "what the reviewer saw is not what was applied for; look again"
    return None


def offline_requested(it: TransitionInput) -> str | None:
    return None if it.subject.offline_request else f"nobody has asked to take {it.subject.label} offline"


def offline_not_requested(it: TransitionInput) -> str | None:
    return (
        f"taking {it.subject.label} offline waits for a reviewer already" if it.subject.offline_request else None
    )


def official_only(it: TransitionInput) -> str | None:
    if it.subject.kind is Kind.OFFICIAL:
        return None
    return f"a {it.subject.kind} version goes to testers and links only"


def target_supports_pilot(it: TransitionInput) -> str | None:
    environment = it.facts.environment
    if environment is None or environment.supports_pilot:
        return None
    return f"{it.command.target} has no pilot; go on with `release pilot skip`"


def pilot_not_demanded(it: TransitionInput) -> str | None:
    environment = it.facts.environment
    demanded = environment is not None and environment.demands_pilot
    return f"{it.command.target} demands a pilot" if demanded else None


def testers_named(it: TransitionInput) -> str | None:
    return None if it.command.testers else "no tester is named"


def ratio_in_range(it: TransitionInput) -> str | None:
    asked = it.command.basis_points
    if asked is None:
        has_window = it.subject.configuration.window is not None
        return None if has_window else "a grayscale needs a ratio, or a time window in the configuration"
    return None if 1 <= asked <= WHOLE else "the ratio is from 0.01 to 100 per cent"


def ratio_goes_up(it: TransitionInput) -> str | None:
    before, asked = it.subject.grayscale.basis_points, it.command.basis_points
    if asked is None or it.subject.state is State.PREPARED or asked > before:
        return None
    if asked == before:
        return f"the ratio is {_percent(before)} already"
    return f"the ratio is {_percent(before)} and only goes up; `release shrink` lowers it, with a reason"


def ratio_goes_down(it: TransitionInput) -> str | None:
    before, asked = it.subject.grayscale.basis_points, it.command.basis_points
    if asked is not None and 0 <= asked < before:
        return None
    return f"shrinking needs a ratio below the present {_percent(before)}"


def earlier_full_release(it: TransitionInput) -> str | None:
    if it.document.full(it.command.target) is not None:
        return None
    return f"{it.command.target} has no full release to share with; `release finish --final` makes this the first"


def whole_or_final(it: TransitionInput) -> str | None:
    if it.command.final or it.subject.grayscale.basis_points == WHOLE:
        return None
    now = _percent(it.subject.grayscale.basis_points)
    return f"the ratio is {now}; raise it to 100 % first, or say --final to release it to everybody now"


def destination_known(it: TransitionInput) -> str | None:
    wanted, found = it.command.destination, it.facts.destination
    if wanted == NO_VERSION:
        return None
    if found is None:
        what = wanted or "an earlier full release"
        more = "say --to VERSION of an archived one, or --to none"
        return f"{what} cannot be gone back to on {it.command.target}; {more}"
    if found.state is not State.ARCHIVED or found.full_at is None:
        return f"{found.version} was never fully released on {it.command.target}"
    return None


def destination_usable(it: TransitionInput) -> str | None:
    found = it.facts.destination
    if it.command.destination == NO_VERSION or found is None:
        return None
    if found.version in it.document.withdrawn_versions:
        return f"{found.version} was removed by an inspector"
    if it.facts.package_digest != found.package_digest:
        return f"the package of {found.version} is gone, or is not the one that was released"
    return None


def never_finished_well(it: TransitionInput) -> str | None:
    earlier = it.facts.earlier
    if earlier is not None and earlier.state is State.ARCHIVED:
        return (
            f"{earlier.version} was fully released on {it.command.target}; `release rollback --to` brings it back"
        )
    return None


def was_there(it: TransitionInput) -> str | None:
    earlier = it.facts.earlier
    if earlier is None:
        return f"{it.command.version} never was a release on {it.command.target}"
    return f"{earlier.label} is suspended already" if earlier.state is State.SUSPENDED else None


def attempt_exists(it: TransitionInput) -> str | None:
    if it.facts.earlier is None:
        return f"{it.command.version} never was a release on {it.command.target}; `release create` makes one"
    return None


def _percent(basis_points: int) -> str:
    return f"{basis_points / 100:g} %"
