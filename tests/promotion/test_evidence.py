"""The rules about trails and approvals one by one, where an import has others behind them."""

from __future__ import annotations

from typing import Any

import pytest

from miniprogram.documents.audit_event import START, Event
from miniprogram.errors import DocumentError
from miniprogram.promotion.evidence import read_trail, trail_bytes, why_not_approved, why_not_new, why_weaker
from miniprogram.promotion.statement import Statement, Trail
from miniprogram.releases.model.document import Promotion, ReleaseDocument
from miniprogram.releases.model.release import GivenApproval, Release, Review
from miniprogram.releases.model.states import State
from miniprogram.releases.state_machine.review_digest import review_digest
from miniprogram.targets import AppEnvironment, Stage, Target

AT = "2030-01-02T03:04:05.000Z"
TARGET = Target(host_app="wallet", environment=Stage.SANDBOX)
DIGEST = "sha256:" + "d" * 64
RULES = AppEnvironment(name=Stage.SANDBOX, requires_review=True)


def event(seq: int, previous: str, **members: Any) -> Event:
    made = {"seq": seq, "at": AT, "actor": "rea", "via": "api", "command": "release approve", "revision": seq}
    return Event(**{**made, "previous_hash": previous, **members}).sealed()


def chain(*members: dict[str, Any]) -> list[Event]:
    events: list[Event] = []
    for number, each in enumerate(members or ({}, {}, {}), 1):
        events.append(event(number, events[-1].hash if events else START, **each))
    return events


def trail_of(events: list[Event]) -> Trail:
    return Trail(origin=events[0].hash, length=len(events), hash=events[-1].hash)


def test_a_trail_is_read_as_it_was_written() -> None:
    events = chain()
    assert list(read_trail(trail_bytes(events), trail_of(events), name="it")) == events


def test_a_number_that_is_left_out_is_noticed_though_the_hashes_fit() -> None:
    first = event(1, START)
    events = [first, event(3, first.hash)]
    with pytest.raises(DocumentError, match="event 2 was changed"):
        read_trail(trail_bytes(events), trail_of(events), name="it")


def test_an_event_that_remembers_another_is_noticed_though_its_hash_fits() -> None:
    events = [event(1, START), event(2, "f" * 64)]
    with pytest.raises(DocumentError, match="event 2 was changed"):
        read_trail(trail_bytes(events), trail_of(events), name="it")


def test_a_hash_that_does_not_fit_is_noticed_though_the_order_does() -> None:
    events = chain()
    events[-1] = events[-1].model_copy(update={"actor": "eve"})
    with pytest.raises(DocumentError, match="event 3 was changed"):
        read_trail(trail_bytes(events), trail_of(events), name="it")


def known(events: list[Event], upto: int, **members: Any) -> ReleaseDocument:
    """A document that took over what went as far as event `upto`."""
    said = {"origin": events[0].hash, "environment": "staging", "length": upto, "hash": events[upto - 1].hash}
    promotion = Promotion(**{**said, "statement": "s", "release": "r-1", **members})
    return ReleaseDocument(mini_program_id="shop", promotions=(promotion,))


@pytest.mark.parametrize(
    ("length", "members", "why"),
    [
        (2, {}, None),
        (3, {}, "was imported before"),
        (3, {"hash": "f" * 64}, "is older than"),
        (3, {"length": 4}, "is older than"),
        (2, {"hash": "f" * 64}, "event 2 differs"),
        (2, {"origin": "f" * 64}, "another trail"),
    ],
    ids=["goes on", "the same", "as long and another", "shorter", "another from there on", "another origin"],
)
def test_what_comes_must_go_on_from_what_came(length: int, members: dict[str, Any], why: str | None) -> None:
    events = chain()
    found = why_not_new(known(events, length, **members), trail_of(events), events)
    assert found is None if why is None else why in str(found)


@pytest.mark.parametrize(
    ("there", "here", "why"),
    [
        (RULES, RULES, None),
        ({"requires_review": False}, RULES, "nothing is reviewed there"),
        (RULES, {"requires_review": False}, None),
        ({"requires_review": False}, {"requires_review": False}, None),
        (RULES, {"extra_reviewers": 1}, "here it takes 1"),
        ({"extra_reviewers": 2}, {"extra_reviewers": 1}, None),
    ],
)
def test_rules_there_are_as_strict_as_here(there: Any, here: Any, why: str | None) -> None:
    one, other = (
        each if isinstance(each, AppEnvironment) else RULES.model_copy(update=each) for each in (there, here)
    )
    found = why_weaker(one, other)
    assert found is None if why is None else why in str(found)


def approved(**members: Any) -> Statement:
    """A version that rea approved, as it is exported."""
    release = Release(
        id="r-7", version="1.0.0", target=TARGET, state=State.APPROVED, package_digest=DIGEST, salt="s",
        created_by="dev", created_at=AT, updated_at=AT,
    )  # fmt: skip
    digest = review_digest(ReleaseDocument(mini_program_id="shop"), release, DIGEST)
    said = {"applicant": "dev", "applied_at": AT, "digest": digest, "approved": True, "reviewer": "rea"}
    said["approvals"] = (GivenApproval(reviewer="rea", at=AT),)
    review = Review(**{**said, **members})
    return Statement(
        mini_program_id="shop", version="1.0.0", digest=DIGEST, environment="staging", exported_at=AT,
        exported_by="ann", rules=RULES, release=release.model_copy(update={"review": review}),
        trail=Trail(origin="0" * 64, length=1, hash="0" * 64), files=(),
    )  # fmt: skip


def of_approval(statement: Statement, **members: Any) -> dict[str, Any]:
    review = statement.release.review
    assert review is not None
    about = {
        "subject": "r-7",
        "target": str(TARGET),
        "version": "1.0.0",
        "details": {"reviewDigest": review.digest},
    }
    return {**about, **members}


def test_an_approval_the_trail_tells_of_counts() -> None:
    said = approved()
    assert why_not_approved(said, chain(of_approval(said)), 1) is None


def test_an_approval_of_a_review_that_names_one_reviewer_only_counts() -> None:
    """As reviews were stored before several people could be demanded."""
    said = approved(approvals=())
    assert why_not_approved(said, chain(of_approval(said)), 1) is None


@pytest.mark.parametrize(
    "change",
    [
        {"command": "release reject"},
        {"outcome": "denied"},
        {"subject": "r-8"},
        {"target": "wallet:test"},
        {"version": "0.9.0"},
        {"details": {"reviewDigest": "0" * 64}},
        {"details": {}},
        {"actor": "ron"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_event_about_something_else_is_no_approval(change: dict[str, Any]) -> None:
    said = approved()
    found = why_not_approved(said, chain(of_approval(said, **change)), 1)
    assert "the trail knows nothing of the approval by rea" in str(found)


@pytest.mark.parametrize(
    ("change", "wanted", "why"),
    [
        ({"approved": None}, 1, "was not approved"),
        ({"approved": False}, 1, "was not approved"),
        ({"digest": "0" * 64}, 1, "for something else"),
        ({}, 2, "takes 1 more"),
        ({"wanted": 3}, 1, "takes 2 more"),
        ({"applicant": "rea"}, 1, "takes 1 more by somebody else than rea"),
        ({"approvals": (GivenApproval(reviewer="rea", at=AT),) * 2}, 2, "takes 1 more"),
        ({"approvals": (), "reviewer": None}, 1, "takes 1 more"),
    ],
)
def test_too_little_is_said(change: dict[str, Any], wanted: int, why: str) -> None:
    said = approved(**change)
    assert why in str(why_not_approved(said, chain(of_approval(said)), wanted))


def test_a_version_that_was_never_reviewed_was_not_approved() -> None:
    said = approved()
    bare = said.model_copy(update={"release": said.release.model_copy(update={"review": None})})
    assert "was not approved" in str(why_not_approved(bare, chain(), 1))
