"""Rules that one situation shows best; the model check walks all situations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from miniprogram.identity.host_apps import set_environment
from miniprogram.identity.roles import Role
from miniprogram.refusals import Denied, Refused, Unacceptable
from miniprogram.releases.commands.segments import put_ids
from miniprogram.releases.execution import perform
from miniprogram.releases.model.states import Overlay, State
from miniprogram.releases.queries.listing import show_release
from miniprogram.targets import Kind, Stage, Target

VIP = {"attribute": "userId", "operator": "segment", "values": ["vip"]}
WINDOW = {"start": "2030-01-02T00:00:00Z", "end": "2030-01-03T00:00:00Z", "max_users": 10}


def refused(rule: str, do: Callable[[], Any]) -> str:
    with pytest.raises((Refused, Denied)) as caught:
        do()
    assert caught.value.rule == rule
    return str(caught.value)


def steps(world: Any) -> list[tuple[str, str]]:
    target = world.document.policy["targets"][0]
    versions = {name: release["version"] for name, release in target["releases"].items()}
    return sorted((entry["step"], versions[entry["release"]]) for entry in target["entries"])


def test_the_usual_way(world: Any) -> None:
    world.full("1.0.0")
    world.piloted("1.1.0", " Ann@Example.com ")
    assert steps(world) == [("full", "1.0.0"), ("link", "1.0.0"), ("link", "1.1.0"), ("pilot", "1.1.0")]

    perform(world.context, "shop", "pilot complete", "1.1.0", world.target)
    perform(world.context, "shop", "grayscale", "1.1.0", world.target, basis_points=100)
    assert ("grayscale", "1.1.0") in steps(world)

    perform(world.context, "shop", "grayscale", "1.1.0", world.target, basis_points=10_000)
    report = perform(world.context, "shop", "finish", "1.1.0", world.target)
    assert (report.release.state, report.release.replaced) == (State.FULL, "1.0.0")
    assert steps(world) == [("fallback", "1.0.0"), ("full", "1.1.0"), ("link", "1.1.0")]


def test_maker_is_not_checker(world: Any) -> None:
    world.drafted("1.0.0")
    ann = world.as_person("ann", Role.ADMIN, Role.REVIEWER)
    perform(ann, "shop", "apply", "1.0.0", world.target)

    said = refused("maker_is_not_checker", lambda: perform(ann, "shop", "approve", "1.0.0", world.target))
    assert "somebody else" in said
    bob = world.as_person("bob", Role.REVIEWER)
    assert perform(bob, "shop", "approve", "1.0.0", world.target).release.review.reviewer == "bob"


def test_without_a_server_it_is_advice(world: Any) -> None:
    world.drafted("1.0.0")
    perform(world.context, "shop", "apply", "1.0.0", world.target)

    report = perform(world.context, "shop", "approve", "1.0.0", world.target)

    assert report.release.state is State.APPROVED
    assert report.advice == (
        "ann applied for it, so somebody else must decide; a server that knows who acts would refuse this",
    )


def test_an_approval_of_something_else_is_void(world: Any) -> None:
    put_ids(world.context, "shop", "vip", ["ann"])
    world.drafted("1.0.0", audience=VIP)
    perform(world.context, "shop", "apply", "1.0.0", world.target)
    put_ids(world.context, "shop", "vip", ["ann", "bob"])

    refused("digest_unchanged", lambda: perform(world.context, "shop", "approve", "1.0.0", world.target))


def test_a_reviewer_approves_what_was_shown(world: Any) -> None:
    world.drafted("1.0.0")
    perform(world.context, "shop", "apply", "1.0.0", world.target)
    shown = show_release(world.storage, "shop", "1.0.0", world.target).review_digest

    refused(
        "digest_unchanged",
        lambda: perform(world.context, "shop", "approve", "1.0.0", world.target, seen_digest="0" * 64),
    )
    report = perform(world.context, "shop", "approve", "1.0.0", world.target, seen_digest=shown)
    assert report.release.state is State.APPROVED


def test_taking_off_somebody_who_is_not_there_is_said(world: Any) -> None:
    world.piloted("1.0.0", "ann")

    report = perform(world.context, "shop", "testers remove", "1.0.0", world.target, testers=["ann", "eve"])

    assert report.release.testers == ()
    assert report.advice == ("not on the list: eve",)


def test_a_version_goes_to_a_target_once(world: Any) -> None:
    world.approved("1.0.0")
    perform(world.context, "shop", "cancel", "1.0.0", world.target, reason="a mistake")

    refused("pair_unused", lambda: perform(world.context, "shop", "create", "1.0.0", world.target))
    report = perform(world.context, "shop", "reopen", "1.0.0", world.target, reason="it is mended")
    assert (report.release.attempt, report.release.reopened_because) == (2, "it is mended")
    assert report.release.configuration.title == "Shop"


def test_one_in_flight_per_target_and_kind(world: Any) -> None:
    world.approved("1.0.0")

    refused("none_in_flight", lambda: perform(world.context, "shop", "create", "1.1.0", world.target))
    elsewhere = Target(host_app="wallet", environment=Stage.TEST)
    assert perform(world.context, "shop", "create", "1.1.0", elsewhere).release.state is State.CREATED
    assert (
        perform(world.context, "shop", "create", "1.2.0", world.target, kind=Kind.TEST).release.kind is Kind.TEST
    )


def test_two_drafts_cannot_both_be_applied_for(world: Any) -> None:
    world.drafted("1.0.0")
    world.drafted("1.1.0")
    perform(world.context, "shop", "apply", "1.0.0", world.target)

    refused("none_in_flight", lambda: perform(world.context, "shop", "apply", "1.1.0", world.target))


def test_test_versions_go_to_testers_and_links_only(world: Any) -> None:
    target = Target(host_app="wallet", environment=Stage.TEST)
    perform(world.context, "shop", "create", "1.0.0", target, kind=Kind.TEST)
    configuration = {"title": "Shop", "description": "d", "server_domains": ()}
    perform(world.context, "shop", "configure", "1.0.0", target, **configuration)

    assert perform(world.context, "shop", "apply", "1.0.0", target).release.state is State.APPROVED
    assert steps(world) == [("link", "1.0.0")]
    refused("official_only", lambda: perform(world.context, "shop", "pilot skip", "1.0.0", target))


def test_a_percentage_only_goes_up(world: Any) -> None:
    world.full("1.0.0")
    world.shared("1.1.0", 5000)
    salt = world.document.live("1.1.0", world.target).salt

    said = refused(
        "ratio_goes_up",
        lambda: perform(world.context, "shop", "grayscale", "1.1.0", world.target, basis_points=4999),
    )
    assert "50 %" in said
    perform(world.context, "shop", "shrink", "1.1.0", world.target, basis_points=100, reason="crashes")
    report = perform(world.context, "shop", "grayscale", "1.1.0", world.target, basis_points=200)
    assert (report.release.grayscale.basis_points, report.release.grayscale.keep_admitted) == (200, 5000)
    assert report.release.salt == salt


def test_the_first_release_has_nothing_to_share_with(world: Any) -> None:
    world.prepared("1.0.0")

    said = refused(
        "earlier_full_release",
        lambda: perform(world.context, "shop", "grayscale", "1.0.0", world.target, basis_points=100),
    )
    assert "--final" in said
    refused("whole_or_final", lambda: perform(world.context, "shop", "finish", "1.0.0", world.target))


def test_pause_and_halt(world: Any) -> None:
    world.full("1.0.0")
    world.shared("1.1.0", 5000)
    perform(world.context, "shop", "pause", "1.1.0", world.target)
    refused("state", lambda: perform(world.context, "shop", "finish", "1.1.0", world.target, final=True))
    robot = world.as_person("robot", Role.AUTOMATION)
    report = perform(robot, "shop", "halt", "1.1.0", world.target, reason="error rate")
    assert report.release.overlay is Overlay.HALTED

    developer = world.as_person("dev", Role.DEVELOPER)
    refused("role", lambda: perform(developer, "shop", "resume", "1.1.0", world.target))
    assert perform(world.context, "shop", "resume", "1.1.0", world.target).release.overlay is None


def test_rollback_goes_down_the_ladder(world: Any) -> None:
    world.full("1.0.0", "1.1.0", "1.2.0")

    report = perform(world.context, "shop", "rollback", None, world.target, reason="bad")
    assert report.instead.version == "1.1.0"
    assert steps(world) == [("fallback", "1.0.0"), ("full", "1.1.0"), ("link", "1.1.0")]

    assert perform(world.context, "shop", "rollback", None, world.target).instead.version == "1.0.0"
    refused("destination_known", lambda: perform(world.context, "shop", "rollback", None, world.target))
    assert perform(world.context, "shop", "rollback", None, world.target, to="none").instead is None
    assert steps(world) == []


def test_rollback_to_an_archived_one(world: Any) -> None:
    world.full("1.0.0", "1.1.0", "1.2.0")

    assert perform(world.context, "shop", "rollback", None, world.target, to="1.0.0").instead.version == "1.0.0"
    assert perform(world.context, "shop", "rollback", None, world.target, to="1.2.0").instead.version == "1.2.0"
    assert world.document.fallback(world.target).version == "1.1.0"


def test_what_was_taken_back_is_not_fallen_back_to(world: Any) -> None:
    world.full("1.0.0", "1.1.0")
    perform(world.context, "shop", "rollback", None, world.target, reason="bad")
    world.full("1.2.0")
    perform(world.context, "shop", "rollback", None, world.target, to="1.1.0")
    perform(world.context, "shop", "rollback", None, world.target, to="1.2.0")

    assert world.document.fallback(world.target).version == "1.0.0"


def test_offline_in_production_waits_for_a_reviewer(world: Any) -> None:
    world.full("1.0.0")
    assert perform(world.context, "shop", "offline", None, world.target, reason="law").release.state is State.FULL
    refused(
        "offline_not_requested",
        lambda: perform(world.context, "shop", "offline", None, world.target, reason="law"),
    )

    rejected = perform(world.context, "shop", "reject", "1.0.0", world.target, reason="no")
    assert rejected.release.offline_request is None
    perform(world.context, "shop", "offline", None, world.target, reason="law")
    report = perform(world.context, "shop", "approve", "1.0.0", world.target)
    assert (report.release.state, report.release.ending.kind) == (State.ARCHIVED, "unpublished_by_developer")
    assert report.release.ending.reason == "law"
    assert steps(world) == []


def test_force_remove_works_from_everywhere_and_at_once(world: Any) -> None:
    world.full("1.0.0", "1.1.0")
    report = perform(world.context, "shop", "force-remove", "1.1.0", world.target, reason="fraud")

    assert report.release.state is State.SUSPENDED
    assert world.document.policy["withdrawnVersions"] == ["1.1.0"]
    assert steps(world) == [("fallback", "1.0.0")]

    perform(world.context, "shop", "force-remove", "1.0.0", world.target, reason="fraud")
    assert world.document.policy["withdrawnVersions"] == ["1.1.0", "1.0.0"]
    developer = world.as_person("dev", Role.DEVELOPER)
    refused("role", lambda: perform(developer, "shop", "reopen", "1.1.0", world.target, reason="please"))


def test_a_removed_version_stays_where_it_is_used(world: Any) -> None:
    world.full("1.0.0")
    sandbox = Target(host_app="wallet", environment=Stage.SANDBOX)
    replace(world, target=sandbox).full("1.0.0")

    perform(world.context, "shop", "force-remove", "1.0.0", world.target, reason="fraud")

    assert world.document.withdrawn_versions == ()


WINDOWED_OR_LISTED = [({"window": WINDOW}, "time windows"), ({"audience": VIP}, "protected lists")]


@pytest.mark.parametrize(("asks", "ability"), WINDOWED_OR_LISTED)
def test_a_static_host_refuses_by_name_when_it_is_configured_and_when_it_is_applied_for(
    world: Any, asks: dict[str, Any], ability: str
) -> None:
    put_ids(world.context, "shop", "vip", ["ann"])
    world.drafted("1.0.0", **asks)
    set_environment(world.context, "wallet", Stage.PRODUCTION, {"static_host": True})

    said = refused("target_capable", lambda: perform(world.context, "shop", "apply", "1.0.0", world.target))
    assert said.startswith(f"wallet:production cannot do {ability}")
    perform(world.context, "shop", "configure", "1.0.0", world.target, window=None, audience=None)
    said = refused(
        "target_capable", lambda: perform(world.context, "shop", "configure", "1.0.0", world.target, **asks)
    )
    assert said.startswith(f"wallet:production cannot do {ability}")


def test_a_place_that_cannot_do_it_refuses_too(world: Any) -> None:
    world.drafted("1.0.0", window=WINDOW)
    cannot = {"time windows": "nothing counts there"}
    limited = replace(world.context, storage=replace(world.storage, cannot=cannot))

    # the limits of the place reach the guard through the facts
    said = refused("target_capable", lambda: perform(limited, "shop", "apply", "1.0.0", world.target))
    assert "nothing counts there" in said
    said = refused(
        "target_capable", lambda: perform(limited, "shop", "configure", "1.0.0", world.target, title="T")
    )
    assert "nothing counts there" in said
    perform(limited, "shop", "configure", "1.0.0", world.target, window=None)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"server_domains": ["http://a.example.com"]}, "is not a domain"),
        ({"server_domains": [f"https://h{n}.example.com" for n in range(31)]}, "at most 30"),
        ({"audience": {"attribute": "shoeSize", "operator": "in", "values": ["1"]}}, "is not an attribute"),
        ({"audience": {"all": {}}}, "must be a list"),
        ({"window": {**WINDOW, "end": "2029-01-01T00:00:00Z"}}, "end after"),
        ({"window": {**WINDOW, "start": "tomorrow"}}, "is not a time"),
        ({"upgrade": {"mode": "silent", "minimum_version": "x"}}, "upgrade"),
    ],
    ids=["http", "too many", "attribute", "tree", "window", "time", "version"],
)
def test_what_does_not_fit_is_named(world: Any, changes: dict[str, Any], said: str) -> None:
    world.drafted("1.0.0")

    with pytest.raises(Unacceptable, match=said):
        perform(world.context, "shop", "configure", "1.0.0", world.target, **changes)


def test_what_is_missing_is_named(world: Any) -> None:
    perform(world.context, "shop", "create", "1.0.0", world.target)

    said = refused(
        "configuration_complete", lambda: perform(world.context, "shop", "apply", "1.0.0", world.target)
    )
    assert said.endswith("title, description, server domains")


def test_an_unpublished_version_is_refused(world: Any) -> None:
    refused("version_published", lambda: perform(world.context, "shop", "create", "9.9.9", world.target))


def test_roles_hold_where_they_are_given(world: Any) -> None:
    scoped = world.as_person("dev", Role.DEVELOPER, host_app="wallet", environment=Stage.TEST)

    refused("role", lambda: perform(scoped, "shop", "create", "1.0.0", world.target))
    test = Target(host_app="wallet", environment=Stage.TEST)
    assert perform(scoped, "shop", "create", "1.0.0", test).release.created_by == "dev"


def wider(world: Any, *, extra: int = 1) -> Any:
    """A full release, and a draft that talks to one more domain, where that takes more reviewers."""
    world.full("1.0.0")
    set_environment(world.context, "wallet", Stage.PRODUCTION, {"extra_reviewers": extra})
    world.drafted("1.1.0", server_domains=("https://api.example.com", "https://pay.example.com"))
    perform(world.as_person("ann", Role.ADMIN), "shop", "apply", "1.1.0", world.target)
    return world


def test_what_may_do_more_takes_more_reviewers(world: Any) -> None:
    wider(world)
    review = world.document.live("1.1.0", world.target).review
    assert (review.wanted, review.widened) == (2, ("server domain https://pay.example.com",))
    bob, carl = (world.as_person(name, Role.REVIEWER) for name in ("bob", "carl"))

    first = perform(bob, "shop", "approve", "1.1.0", world.target, reason="looks fine").release
    assert (first.state, [each.reviewer for each in first.review.approvals]) == (State.IN_REVIEW, ["bob"])
    assert first.review.approved is None
    said = refused("approves_once", lambda: perform(bob, "shop", "approve", "1.1.0", world.target))
    assert "1 more by somebody else" in said
    second = perform(carl, "shop", "approve", "1.1.0", world.target).release
    assert (second.state, second.review.reviewer, second.review.approved) == (State.APPROVED, "carl", True)
    assert [each.reason for each in second.review.approvals] == ["looks fine", None]


def test_one_who_rejects_is_enough_and_a_new_application_starts_again(world: Any) -> None:
    wider(world)
    bob, carl = (world.as_person(name, Role.REVIEWER) for name in ("bob", "carl"))
    perform(bob, "shop", "approve", "1.1.0", world.target)
    rejected = perform(carl, "shop", "reject", "1.1.0", world.target, reason="why so many domains").release
    assert rejected.state is State.REJECTED
    perform(world.context, "shop", "reopen", "1.1.0", world.target, reason="explained")
    perform(world.as_person("ann", Role.ADMIN), "shop", "apply", "1.1.0", world.target)
    assert world.document.live("1.1.0", world.target).review.approvals == ()


@pytest.mark.parametrize("domains", [(), ("https://api.example.com",)], ids=["fewer", "the same"])
def test_what_may_do_no_more_takes_one_reviewer(world: Any, domains: tuple[str, ...]) -> None:
    world.full("1.0.0")
    set_environment(world.context, "wallet", Stage.PRODUCTION, {"extra_reviewers": 2})
    world.drafted("1.1.0", server_domains=domains)
    perform(world.as_person("ann", Role.ADMIN), "shop", "apply", "1.1.0", world.target)
    assert world.document.live("1.1.0", world.target).review.wanted == 1
    bob = world.as_person("bob", Role.REVIEWER)
    assert perform(bob, "shop", "approve", "1.1.0", world.target).release.state is State.APPROVED
