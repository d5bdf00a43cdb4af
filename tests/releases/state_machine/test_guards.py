"""Every guard of every row: a situation that only this guard refuses, and each guard at its own boundary.

Which guards a row has is written down here once more. A guard that is dropped from a row, or says yes where it
must say no, lets a situation through that only it refuses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from miniprogram.identity.roles import Grant, Role
from miniprogram.refusals import Denied, Refused
from miniprogram.releases.model.release import Ending, Grayscale, OfflineRequest
from miniprogram.releases.model.states import Overlay, State
from miniprogram.releases.state_machine import guards
from miniprogram.releases.state_machine.guards import Guard
from miniprogram.releases.state_machine.machine import transition
from miniprogram.releases.state_machine.review_digest import review_digest
from miniprogram.releases.state_machine.transitions import TABLE, Row, possible_verbs, rows_for
from miniprogram.targets import Kind, Stage, Target
from testbed import transition_situations as t

S = State
APPLYING = (
    "target_exists configuration_complete segments_exist package_unchanged none_in_flight target_capable "
    "provenance_proven"
)
WANTED: dict[tuple[str, str], str] = {
    ("create", ""): "target_exists pair_unused not_withdrawn version_published none_in_flight",
    ("reopen", "_was_not_suspended"):
        "target_exists reason_given attempt_exists never_finished_well not_withdrawn version_published "
        "none_in_flight",
    ("reopen", "_was_suspended"): "target_exists reason_given version_published none_in_flight",
    ("configure", "created"): "segments_exist target_capable",
    ("apply", "_reviewed"): APPLYING,
    ("apply", "_unreviewed"): APPLYING.removeprefix("target_exists "),
    ("withdraw", "in_review"): "is_applicant",
    ("approve", "_last_approval"): "maker_is_not_checker approves_once digest_unchanged provenance_proven",
    ("approve", "_more_approvals"): "maker_is_not_checker approves_once digest_unchanged provenance_proven",
    ("reject", "in_review"): "maker_is_not_checker reason_given",
    ("approve", "full"): "offline_requested maker_is_not_checker nothing_in_flight",
    ("reject", "full"): "offline_requested maker_is_not_checker reason_given",
    ("pilot start", "approved"): "target_supports_pilot",
    ("testers add", "approved pilot"): "target_supports_pilot testers_named",
    ("testers remove", "approved pilot"): "testers_named",
    ("pilot complete", "pilot"): "official_only",
    ("pilot skip", "approved"): "official_only pilot_not_demanded",
    ("grayscale", "grayscale prepared"): "official_only ratio_in_range ratio_goes_up earlier_full_release",
    ("shrink", "grayscale"): "reason_given ratio_goes_down",
    ("finish", "grayscale prepared"): "official_only whole_or_final",
    ("pause", "grayscale pilot"): "as_seen",
    ("resume", "grayscale pilot"): "",
    ("resume", "full grayscale pilot"): "",
    ("halt", "full grayscale pilot"): "reason_given as_seen",
    ("cancel", "approved grayscale pilot prepared"): "",
    ("rollback", "full"): "destination_known destination_usable",
    ("rollback", ""): "reason_given nothing_full destination_named destination_known destination_usable",
    ("offline", "_reviewed"): "reason_given offline_not_requested nothing_in_flight",
    ("offline", "_unreviewed"): "reason_given nothing_in_flight",
    ("force-remove", "approved created full grayscale in_review pilot prepared"): "reason_given as_seen",
    ("force-remove", ""): "reason_given was_there as_seen",
}  # fmt: skip
"""Guards by row: its verb, and what tells it from others of the verb, a condition or the states it starts from."""


DEVELOPER, OPERATOR = "admin developer developer-admin", "admin operator"
ROLES: dict[str, str] = {
    "apply": "admin developer-admin",
    "approve": "reviewer",
    "reject": "reviewer",
    "grayscale": "admin developer developer-admin operator",
    "shrink": "admin developer developer-admin operator",
    "pause": "admin developer developer-admin operator",
    "resume": "admin developer developer-admin operator",
    "halt": "admin automation operator",
    "rollback": OPERATOR,
    "force-remove": "inspector",
}
"""Who may do what, by verb, with the roles that bring others; a developer where it does not stand here."""
ROLES_OF_ROW: dict[tuple[str, str], str] = {
    ("reopen", "_was_suspended"): "inspector",
    ("resume", "full grayscale pilot"): OPERATOR,
}
"""Rows whose roles are not those of their verb."""


ALWAYS = "None paused halted"
UNDER: dict[tuple[str, str], str] = {
    ("approve", "full"): ALWAYS,
    ("reject", "full"): ALWAYS,
    ("testers add", "approved pilot"): "None paused",
    ("testers remove", "approved pilot"): ALWAYS,
    ("shrink", "grayscale"): ALWAYS,
    ("resume", "grayscale pilot"): "paused",
    ("resume", "full grayscale pilot"): "halted",
    ("halt", "full grayscale pilot"): "None paused",
    ("cancel", "approved grayscale pilot prepared"): ALWAYS,
    ("rollback", "full"): ALWAYS,
    ("offline", "_reviewed"): ALWAYS,
    ("offline", "_unreviewed"): ALWAYS,
    ("force-remove", "approved created full grayscale in_review pilot prepared"): ALWAYS,
}
"""The overlays under which a row may be taken; where it does not stand here, only while there is none."""


def name_of(row: Row) -> tuple[str, str]:
    states = " ".join(sorted(state for state in row.sources if state is not None))
    return row.verb, row.when.__name__ if row.when is not None else states


ROWS = {name_of(row): row for row in TABLE}


def cases() -> list[Any]:
    return [
        pytest.param(row, source, code, id=f"{row.verb} from {source}: {code}")
        for name, row in ROWS.items()
        for source in sorted(row.sources, key=str)
        for code in WANTED.get(name, "").split()
    ]


def sources() -> list[Any]:
    return [
        pytest.param(row, source, id=f"{' '.join(name)} from {source}")
        for name, row in ROWS.items()
        for source in sorted(row.sources, key=str)
    ]


def test_the_rows_are_those_written_down_here() -> None:
    assert len(ROWS) == len(TABLE)
    assert ROWS.keys() == WANTED.keys()


@pytest.mark.parametrize(("row", "source"), sources())
def test_a_row_goes_through_with_nothing_in_its_way(row: Row, source: State | None) -> None:
    step = transition(t.situation(row, source))

    assert step.release.state is (row.target or source)


@pytest.mark.parametrize("row", TABLE, ids=[" ".join(name) for name in ROWS])
def test_a_row_takes_one_of_its_roles_and_no_other(row: Row) -> None:
    wanted = ROLES_OF_ROW.get(name_of(row), ROLES.get(row.verb, DEVELOPER)).split()
    may = set()
    for role in Role:
        given = t.situation(row, next(iter(sorted(row.sources, key=str))))
        actor = given.actor.model_copy(update={"grants": (Grant(role=role),)})
        try:
            transition(replace(given, actor=actor))
        except Denied:
            continue
        else:
            may.add(role.value)

    assert may == set(wanted)


@pytest.mark.parametrize(("row", "source"), sources())
def test_a_row_may_be_taken_under_its_overlays_and_no_other(row: Row, source: State | None) -> None:
    found = [str(overlay) for overlay in (None, *Overlay) if row in rows_for(row.verb, source, overlay)]

    assert found == UNDER.get(name_of(row), "None").split()


@pytest.mark.parametrize(
    ("source", "overlay", "verbs"),
    [
        (None, None, "create reopen rollback force-remove"),
        (S.CREATED, None, "configure apply force-remove"),
        (S.PILOT, Overlay.PAUSED, "testers add,testers remove,resume,halt,cancel,force-remove"),
        (S.GRAYSCALE, Overlay.HALTED, "shrink resume cancel force-remove"),
        (S.FULL, Overlay.HALTED, "approve reject resume rollback offline force-remove"),
        (S.ARCHIVED, None, ""),
    ],
    ids=str,
)
def test_what_can_be_done_is_what_some_row_begins_with(
    source: State | None, overlay: Overlay | None, verbs: str
) -> None:
    assert list(possible_verbs(source, overlay)) == (verbs.split(",") if "," in verbs else verbs.split())


@pytest.mark.parametrize(("row", "source", "code"), cases())
def test_only_this_guard_refuses(row: Row, source: State | None, code: str) -> None:
    spoilt = t.SPOILERS[code](t.situation(row, source))
    if spoilt is None:
        assert len(row.sources) > 1, "a guard that can never refuse in its row is no guard"
        return

    with pytest.raises((Refused, Denied)) as caught:
        transition(spoilt)

    assert caught.value.rule == code
    assert [guard.code for guard in row.guards if guard(spoilt)] == [code]


def test_every_guard_has_its_situations() -> None:
    known = {value.code for value in vars(guards).values() if isinstance(value, Guard)}
    in_table = {code for codes in WANTED.values() for code in codes.split()}

    assert known == in_table == t.SPOILERS.keys()


def of(verb: str, source: State | None = None) -> t.Situation:
    """The situation of the first row of `verb` from `source`."""
    row = next(row for row in TABLE if row.verb == verb and source in row.sources)
    return t.situation(row, source)


GRAY, FULL = of("grayscale", S.GRAYSCALE), of("approve", S.FULL)
APPLY, REVIEW, ROLLBACK = of("apply", S.CREATED), of("approve", S.IN_REVIEW), of("rollback", S.FULL)
NOBODY = t.person("ann").model_copy(update={"authenticated": False})
ELSEWHERE = Target(host_app="bank", environment=Stage.PRODUCTION)
SEEN = review_digest(REVIEW.document, REVIEW.subject, t.DIGEST)


def domains(**members: Any) -> Callable[[t.Situation], t.Situation]:
    return lambda given: t.changed(given, configuration=t.COMPLETE.model_copy(update=members))


BOUNDARIES: list[tuple[str, str, t.Situation, bool]] = [
    ("ratio_in_range", "0", t.asked(GRAY, basis_points=0), False),
    ("ratio_in_range", "1", t.asked(GRAY, basis_points=1), True),
    ("ratio_in_range", "10000", t.asked(GRAY, basis_points=10_000), True),
    ("ratio_in_range", "10001", t.asked(GRAY, basis_points=10_001), False),
    ("ratio_in_range", "none, no window", t.asked(GRAY, basis_points=None), False),
    ("ratio_in_range", "none, a window", domains(window=t.WINDOW)(t.asked(GRAY, basis_points=None)), True),
    ("ratio_goes_up", "below", t.asked(GRAY, basis_points=4999), False),
    ("ratio_goes_up", "the same", t.asked(GRAY, basis_points=5000), False),
    ("ratio_goes_up", "above", t.asked(GRAY, basis_points=5001), True),
    ("ratio_goes_up", "not said", t.asked(GRAY, basis_points=None), True),
    ("ratio_goes_up", "at first", t.asked(of("grayscale", S.PREPARED), basis_points=1), True),
    ("ratio_goes_up", "at first, whatever it was", t.changed(
        t.asked(of("grayscale", S.PREPARED), basis_points=1), grayscale=Grayscale(basis_points=5000)), True),
    ("ratio_goes_down", "below 0", t.asked(GRAY, basis_points=-1), False),
    ("ratio_goes_down", "0", t.asked(GRAY, basis_points=0), True),
    ("ratio_goes_down", "below", t.asked(GRAY, basis_points=4999), True),
    ("ratio_goes_down", "the same", t.asked(GRAY, basis_points=5000), False),
    ("ratio_goes_down", "not said", t.asked(GRAY, basis_points=None), False),
    ("whole_or_final", "99.99 %", _grayscale := t.changed(
        t.asked(GRAY, final=False), grayscale=Grayscale(basis_points=9999)), False),
    ("whole_or_final", "99.99 %, final", t.asked(_grayscale, final=True), True),
    ("whole_or_final", "100 %", t.changed(_grayscale, grayscale=Grayscale(basis_points=10_000)), True),
    ("reason_given", "none", t.asked(GRAY, reason=None), False),
    ("reason_given", "empty", t.asked(GRAY, reason=""), False),
    ("reason_given", "blank", t.asked(GRAY, reason=" \t\n"), False),
    ("reason_given", "one letter", t.asked(GRAY, reason="x"), True),
    ("configuration_complete", "no title", domains(title="")(APPLY), False),
    ("configuration_complete", "no description", domains(description="")(APPLY), False),
    ("configuration_complete", "no domains said", domains(server_domains=None)(APPLY), False),
    ("configuration_complete", "no domains", domains(server_domains=())(APPLY), True),
    ("none_in_flight", "nothing else", APPLY, True),
    ("none_in_flight", "it is itself", of("pilot start", S.APPROVED), True),
    ("none_in_flight", "a draft", t.with_another(APPLY, S.CREATED), True),
    ("none_in_flight", "a full one", t.with_another(APPLY, S.FULL), True),
    ("none_in_flight", "in review", t.with_another(APPLY, S.IN_REVIEW), False),
    ("none_in_flight", "in grayscale", t.with_another(APPLY, S.GRAYSCALE), False),
    ("none_in_flight", "another kind", t.with_another(APPLY, kind=Kind.TRIAL), True),
    ("none_in_flight", "another target", t.with_another(APPLY, target=ELSEWHERE), True),
    ("none_in_flight", "the kind of a new one", t.asked(
        t.with_another(of("create"), kind=Kind.TRIAL), kind=Kind.TRIAL), False),
    ("nothing_in_flight", "another kind", t.with_another(FULL, kind=Kind.TEST), False),
    ("nothing_in_flight", "a draft", t.with_another(FULL, S.CREATED), True),
    ("nothing_in_flight", "another target", t.with_another(FULL, target=ELSEWHERE), True),
    ("maker_is_not_checker", "somebody else", REVIEW, True),
    ("maker_is_not_checker", "the same", replace(REVIEW, actor=t.person("ann")), False),
    ("maker_is_not_checker", "nobody knows", replace(REVIEW, actor=NOBODY), True),
    ("maker_is_not_checker", "offline, asked by the same", replace(FULL, actor=t.person("ann")), False),
    ("maker_is_not_checker", "offline, asked by somebody else who did not apply", t.changed(
        replace(FULL, actor=t.person("ann")),
        offline_request=OfflineRequest(applicant="eve", applied_at=t.NOW, reason="law")), True),
    ("is_applicant", "the same", of("withdraw", S.IN_REVIEW), True),
    ("is_applicant", "somebody else", replace(REVIEW, actor=t.person("eve")), False),
    ("is_applicant", "nobody knows", replace(REVIEW, actor=NOBODY.model_copy(update={"name": "eve"})), True),
    ("digest_unchanged", "as applied for", REVIEW, True),
    ("digest_unchanged", "no review", t.changed(REVIEW, review=None), False),
    ("digest_unchanged", "other configuration", domains(title="Other")(REVIEW), False),
    ("digest_unchanged", "seen", t.asked(REVIEW, seen_digest=SEEN), True),
    ("digest_unchanged", "something else seen", t.asked(REVIEW, seen_digest="0" * 64), False),
    ("pair_unused", "never", of("create"), True),
    ("pair_unused", "fully released once", t.loaded(of("create"), earlier=t.release_in(S.ARCHIVED)), False),
    ("not_withdrawn", "another version removed", t.with_withdrawn(of("create"), "0.0.1"), True),
    ("pair_unused", "under way", replace(of("create"), release=t.release_in(S.PILOT)), False),
    ("segments_exist", "nothing said", t.asked(of("configure", S.CREATED), configuration=None), True),
    ("segments_exist", "nothing said, no draft", replace(of("create"), release=None), True),
    ("is_applicant", "nobody applied", t.changed(REVIEW, review=None), True),
    ("as_seen", "not said", of("halt", S.FULL), True),
    ("as_seen", "as it is", t.asked(of("halt", S.FULL), seen="r-1.1.0:full"), True),
    ("as_seen", "another state", t.asked(of("halt", S.FULL), seen="r-1.1.0:grayscale"), False),
    ("as_seen", "another attempt", t.asked(of("halt", S.FULL), seen="r-1.2.0:full"), False),
    ("as_seen", "where nothing is", t.loaded(
        t.asked(of("force-remove"), seen="r-1.1.0:full"), earlier=None), True),
    ("as_seen", "what was finished", t.asked(of("force-remove"), seen="r-1.1.0:canceled"), True),
    ("maker_is_not_checker", "a token that the applicant made", replace(
        REVIEW, actor=t.person("bob").model_copy(update={"token": "t1", "token_created_by": "ann"})), False),
    ("maker_is_not_checker", "a token that another made", replace(
        REVIEW, actor=t.person("bob").model_copy(update={"token": "t1", "token_created_by": "eve"})), True),
    ("maker_is_not_checker", "offline, a token that who asked made", replace(
        FULL, actor=t.person("bob").model_copy(update={"token": "t1", "token_created_by": "ann"})), False),
    ("version_published", "published", of("create"), True),
    ("attempt_exists", "canceled", of("reopen"), True),
    ("never_finished_well", "nothing before", t.loaded(of("reopen"), earlier=None), True),
    ("never_finished_well", "withdrawn", t.loaded(of("reopen"), earlier=t.release_in(S.WITHDRAWN)), True),
    ("was_there", "suspended already", t.loaded(of("force-remove"), earlier=t.release_in(S.SUSPENDED)), False),
    ("was_there", "archived", t.loaded(of("force-remove"), earlier=t.release_in(S.ARCHIVED)), True),
    ("package_unchanged", "gone", t.loaded(APPLY, package_digest=None), False),
    ("target_supports_pilot", "no such target", t.loaded(APPLY, environment=None), True),
    ("pilot_not_demanded", "no such target", t.loaded(APPLY, environment=None), True),
    ("official_only", "official", GRAY, True),
    ("official_only", "test", t.changed(GRAY, kind=Kind.TEST), False),
    ("destination_known", "archived", ROLLBACK, True),
    ("destination_known", "no version wanted", t.asked(
        t.loaded(ROLLBACK, destination=None), destination="none"), True),
    ("destination_known", "never full", t.loaded(
        ROLLBACK, destination=t.release_in(S.ARCHIVED, full_at=None)), False),
    ("destination_known", "canceled", t.loaded(
        ROLLBACK, destination=t.release_in(S.CANCELED, full_at=t.NOW)), False),
    ("destination_named", "a version", ROLLBACK, True),
    ("destination_named", "the one before", t.asked(ROLLBACK, destination=None), True),
    ("destination_named", "none", t.asked(ROLLBACK, destination="none"), False),
    ("nothing_full", "another version is", ROLLBACK, False),
    ("nothing_full", "none is", t.without_full(t.changed(ROLLBACK, state=S.ARCHIVED)), True),
    ("destination_usable", "as released", ROLLBACK, True),
    ("destination_usable", "withdrawn", t.SPOILERS["destination_usable"](ROLLBACK) or ROLLBACK, False),
    ("destination_usable", "another withdrawn", replace(
        ROLLBACK, document=ROLLBACK.document.model_copy(update={"withdrawn_versions": ("1.1.0",)})), True),
    ("destination_usable", "package gone", t.loaded(ROLLBACK, package_digest=None), False),
    ("destination_usable", "package changed", t.loaded(ROLLBACK, package_digest="sha256:other"), False),
    ("destination_usable", "no version wanted", t.asked(
        t.loaded(ROLLBACK, package_digest=None), destination="none"), True),
    ("target_capable", "the window is taken away", t.asked(t.loaded(t.changed(
        of("configure", S.CREATED), configuration=t.COMPLETE.model_copy(update={"window": t.WINDOW})),
        cannot={"time windows": "no"}), configuration=t.COMPLETE), True),
    ("target_capable", "can do everything", domains(window=t.WINDOW)(APPLY), True),
    ("target_capable", "cannot do what is not asked", t.loaded(APPLY, cannot={"time windows": "no"}), True),
    ("target_capable", "cannot sign links, official", t.loaded(APPLY, cannot={"signed links": "no"}), True),
    ("target_capable", "cannot sign links, trial", t.changed(
        t.loaded(APPLY, cannot={"signed links": "no"}), kind=Kind.TRIAL), False),
]  # fmt: skip
"""Guard, what is special, the situation, and whether the guard lets it through."""


@pytest.mark.parametrize(
    ("code", "given", "holds"),
    [pytest.param(code, given, holds, id=f"{code}: {what}") for code, what, given, holds in BOUNDARIES],
)
def test_where_a_guard_begins(code: str, given: t.Situation, *, holds: bool) -> None:
    guard = next(value for value in vars(guards).values() if isinstance(value, Guard) and value.code == code)

    reason = guard(given)

    assert (reason is None) == holds, reason
    assert holds or (reason and reason == reason.strip())


NOWHERE = t.loaded(ROLLBACK, destination=None)


@pytest.mark.parametrize(
    ("code", "given", "said"),
    [
        ("ratio_goes_up", t.asked(GRAY, basis_points=5000), "the ratio is 50 % already"),
        ("ratio_goes_up", t.asked(GRAY, basis_points=4999), "the ratio is 50 % and only goes up"),
        (
            "destination_known",
            t.asked(t.loaded(ROLLBACK, destination=None), destination="9.9.9"),
            "9.9.9 cannot be",
        ),
        (
            "destination_known",
            t.asked(NOWHERE, destination=None),
            "an earlier full release cannot be gone",
        ),
    ],
)
def test_a_reason_names_what_stands_against_it(code: str, given: t.Situation, said: str) -> None:
    guard = next(value for value in vars(guards).values() if isinstance(value, Guard) and value.code == code)

    assert (guard(given) or "").startswith(said)


def test_breaking_a_rule_about_who_asks_is_a_denial() -> None:
    about_actor = {value.code for value in vars(guards).values() if isinstance(value, Guard) and value.about_actor}

    assert about_actor == {"approves_once", "is_applicant", "maker_is_not_checker"}


def test_an_approval_says_how_many_more_it_takes() -> None:
    row = ROWS["approve", "_more_approvals"]
    given = t.SPOILERS["approves_once"](t.situation(row, State.IN_REVIEW))
    assert given is not None
    assert guards.approves_once(given) == "bob approved it already; it takes 2 more by somebody else"


@pytest.mark.parametrize(
    ("state", "way"),
    [
        (S.CANCELED, "`release reopen` starts another"),
        (S.REJECTED, "`release reopen` starts another"),
        (S.SUSPENDED, "an inspector can `release reopen` it"),
        (S.ARCHIVED, "`release rollback --to 1.1.0` brings it back"),
    ],
)
def test_a_pair_that_was_used_names_the_way_back(state: State, way: str) -> None:
    ended = t.release_in(state, ending=Ending(kind="canceled", actor="ann", at=t.NOW))

    assert way in (guards.pair_unused(t.loaded(of("create"), earlier=ended)) or "")
