"""The transition table: every command, from where to where, by whom, and what stands in the way.

Two rows may share a command and a state; then `when` tells them apart, and exactly one of them holds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from miniprogram.identity.roles import (
    DEVELOPER,
    DEVELOPER_ADMIN,
    DEVELOPER_OR_OPERATOR,
    INSPECTOR,
    OPERATOR,
    OPERATOR_OR_AUTOMATION,
    REVIEWER,
    Role,
)
from miniprogram.releases.model.states import Overlay, State
from miniprogram.releases.state_machine import guards as g
from miniprogram.releases.state_machine.guards import Guard
from miniprogram.releases.state_machine.transition_input import TransitionInput

PLAIN: frozenset[Overlay | None] = frozenset({None})
"""Only while nothing is laid over the state."""
ANY_OVERLAY: frozenset[Overlay | None] = frozenset({None, *Overlay})
PAUSED: frozenset[Overlay | None] = frozenset({Overlay.PAUSED})
HALTED: frozenset[Overlay | None] = frozenset({Overlay.HALTED})
NOT_HALTED: frozenset[Overlay | None] = frozenset({None, Overlay.PAUSED})


@dataclass(frozen=True, slots=True)
class Row:
    """`target` None: the state stays. A source of None: there is no attempt under way."""

    verb: str
    sources: frozenset[State | None]
    target: State | None
    roles: frozenset[Role]
    guards: tuple[Guard, ...] = ()
    overlays: frozenset[Overlay | None] = PLAIN
    when: Callable[[TransitionInput], bool] | None = None


def _from(*states: State | None) -> frozenset[State | None]:
    return frozenset(states)


def _reviewed(inputs: TransitionInput) -> bool:
    return inputs.loaded.environment is None or inputs.loaded.environment.requires_review


def _unreviewed(inputs: TransitionInput) -> bool:
    return not _reviewed(inputs)


def _last_approval(inputs: TransitionInput) -> bool:
    review = None if inputs.release is None else inputs.release.review
    return review is None or len(review.approvals) + 1 >= review.wanted


def _more_approvals(inputs: TransitionInput) -> bool:
    return not _last_approval(inputs)


def _was_suspended(inputs: TransitionInput) -> bool:
    return inputs.loaded.earlier is not None and inputs.loaded.earlier.state is State.SUSPENDED


def _was_not_suspended(inputs: TransitionInput) -> bool:
    return not _was_suspended(inputs)


S = State
_OPEN = (S.CREATED, S.IN_REVIEW, S.APPROVED, S.PILOT, S.PREPARED, S.GRAYSCALE, S.FULL)

TABLE: tuple[Row, ...] = (
    Row("create", _from(None), S.CREATED, DEVELOPER,
        (g.target_exists, g.pair_unused, g.not_withdrawn, g.version_published, g.none_in_flight)),
    Row("reopen", _from(None), S.CREATED, DEVELOPER,
        (g.target_exists, g.reason_given, g.attempt_exists, g.never_finished_well, g.not_withdrawn,
         g.version_published, g.none_in_flight), when=_was_not_suspended),
    Row("reopen", _from(None), S.CREATED, INSPECTOR,
        (g.target_exists, g.reason_given, g.version_published, g.none_in_flight), when=_was_suspended),
    Row("configure", _from(S.CREATED), None, DEVELOPER, (g.segments_exist, g.target_capable)),
    Row("apply", _from(S.CREATED), S.IN_REVIEW, DEVELOPER_ADMIN,
        (g.target_exists, g.configuration_complete, g.segments_exist, g.package_unchanged, g.none_in_flight,
         g.target_capable, g.provenance_proven), when=_reviewed),
    Row("apply", _from(S.CREATED), S.APPROVED, DEVELOPER_ADMIN,  # a target that is unknown counts as reviewed
        (g.configuration_complete, g.segments_exist, g.package_unchanged, g.none_in_flight,
         g.target_capable, g.provenance_proven), when=_unreviewed),
    Row("withdraw", _from(S.IN_REVIEW), S.WITHDRAWN, DEVELOPER, (g.is_applicant,)),
    Row("approve", _from(S.IN_REVIEW), S.APPROVED, REVIEWER,
        (g.maker_is_not_checker, g.approves_once, g.digest_unchanged, g.provenance_proven), when=_last_approval),
    Row("approve", _from(S.IN_REVIEW), None, REVIEWER,
        (g.maker_is_not_checker, g.approves_once, g.digest_unchanged, g.provenance_proven), when=_more_approvals),
    Row("reject", _from(S.IN_REVIEW), S.REJECTED, REVIEWER, (g.maker_is_not_checker, g.reason_given)),
    Row("approve", _from(S.FULL), S.ARCHIVED, REVIEWER,
        (g.offline_requested, g.maker_is_not_checker, g.nothing_in_flight), overlays=ANY_OVERLAY),
    Row("reject", _from(S.FULL), None, REVIEWER,
        (g.offline_requested, g.maker_is_not_checker, g.reason_given), overlays=ANY_OVERLAY),
    Row("pilot start", _from(S.APPROVED), S.PILOT, DEVELOPER, (g.target_supports_pilot,)),
    Row("testers add", _from(S.APPROVED, S.PILOT), None, DEVELOPER,
        (g.target_supports_pilot, g.testers_named), overlays=NOT_HALTED),
    Row("testers remove", _from(S.APPROVED, S.PILOT), None, DEVELOPER, (g.testers_named,), overlays=ANY_OVERLAY),
    Row("pilot complete", _from(S.PILOT), S.PREPARED, DEVELOPER, (g.official_only,)),
    Row("pilot skip", _from(S.APPROVED), S.PREPARED, DEVELOPER, (g.official_only, g.pilot_not_demanded)),
    Row("grayscale", _from(S.PREPARED, S.GRAYSCALE), S.GRAYSCALE, DEVELOPER_OR_OPERATOR,
        (g.official_only, g.ratio_in_range, g.ratio_goes_up, g.earlier_full_release)),
    Row("shrink", _from(S.GRAYSCALE), None, DEVELOPER_OR_OPERATOR, (g.reason_given, g.ratio_goes_down),
        overlays=ANY_OVERLAY),
    Row("finish", _from(S.PREPARED, S.GRAYSCALE), S.FULL, DEVELOPER, (g.official_only, g.whole_or_final)),
    Row("pause", _from(S.PILOT, S.GRAYSCALE), None, DEVELOPER_OR_OPERATOR, (g.as_seen,)),
    Row("resume", _from(S.PILOT, S.GRAYSCALE), None, DEVELOPER_OR_OPERATOR, overlays=PAUSED),
    Row("resume", _from(S.PILOT, S.GRAYSCALE, S.FULL), None, OPERATOR, overlays=HALTED),
    Row("halt", _from(S.PILOT, S.GRAYSCALE, S.FULL), None, OPERATOR_OR_AUTOMATION, (g.reason_given, g.as_seen),
        overlays=NOT_HALTED),
    Row("cancel", _from(S.APPROVED, S.PILOT, S.PREPARED, S.GRAYSCALE), S.CANCELED, DEVELOPER,
        overlays=ANY_OVERLAY),
    Row("rollback", _from(S.FULL), S.ARCHIVED, OPERATOR, (g.destination_known, g.destination_usable),
        overlays=ANY_OVERLAY),
    Row("rollback", _from(None), S.FULL, OPERATOR,
        (g.reason_given, g.nothing_full, g.destination_named, g.destination_known, g.destination_usable)),
    Row("offline", _from(S.FULL), None, DEVELOPER,
        (g.reason_given, g.offline_not_requested, g.nothing_in_flight), overlays=ANY_OVERLAY, when=_reviewed),
    Row("offline", _from(S.FULL), S.ARCHIVED, DEVELOPER, (g.reason_given, g.nothing_in_flight),
        overlays=ANY_OVERLAY, when=_unreviewed),
    Row("force-remove", _from(*_OPEN), S.SUSPENDED, INSPECTOR, (g.reason_given, g.as_seen), overlays=ANY_OVERLAY),
    Row("force-remove", _from(None), S.SUSPENDED, INSPECTOR, (g.reason_given, g.was_there, g.as_seen)),
)  # fmt: skip


@cache
def rows_for(verb: str, source: State | None, overlay: Overlay | None) -> tuple[Row, ...]:
    """Rows of `verb` that start at `source` under `overlay`; mostly one, at most two."""
    return tuple(row for row in TABLE if row.verb == verb and source in row.sources and overlay in row.overlays)


@cache
def possible_verbs(source: State | None, overlay: Overlay | None) -> tuple[str, ...]:
    """What can be done from there, whatever the guards say."""
    found = (row.verb for row in TABLE if source in row.sources and overlay in row.overlays)
    return tuple(dict.fromkeys(found))
