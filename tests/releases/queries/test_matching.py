"""Lists for people: what waits for whom, and which releases a list is narrowed to."""

from __future__ import annotations

from typing import Any

import pytest

from miniprogram.delivery.documents.contents.program_index import ProgramRow
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.index.index_document import replace_index
from miniprogram.documents.index.listing import ProgramQuery
from miniprogram.identity.roles import Actor, Grant, Role
from miniprogram.releases.queries.environment_list import list_all
from miniprogram.releases.queries.matching import matching_programs, waits_for
from miniprogram.releases.queries.reviews import matching_reviews, review_inbox
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.targets import Stage

PRODUCTION = {"hostApp": "wallet", "environment": "production"}
TEST = {"hostApp": "wallet", "environment": "test"}


def release(state: str, target: dict[str, str] = PRODUCTION, **more: Any) -> dict[str, Any]:
    return {"id": "r1", "version": "1.0.0", "target": target, "kind": "official", "state": state, **more}


def row(*releases: dict[str, Any], name: str = "shop") -> ProgramRow:
    return ProgramRow(name, policy="own", listing={"managed": True, "revision": 1, "releases": list(releases)})


def actor(role: Role, **where: Any) -> Actor:
    return Actor(name="ann", grants=(Grant(role=role, **where),))


BY_BOB = {"waiting": [{"asks": "release", "applicant": "bob", "appliedAt": "2030-01-02T00:00:00Z"}]}
BY_ANN = {"waiting": [{"asks": "release", "applicant": "ann", "appliedAt": "2030-01-01T00:00:00Z"}]}


@pytest.mark.parametrize(
    ("role", "release", "waits"),
    [
        (Role.REVIEWER, release("in_review", **BY_BOB), True),
        (Role.REVIEWER, release("in_review", **BY_ANN), False),
        (Role.DEVELOPER, release("in_review", **BY_BOB), False),
        (Role.DEVELOPER_ADMIN, release("created"), True),
        (Role.DEVELOPER, release("approved"), True),
        (Role.OPERATOR, release("approved"), False),
        (Role.OPERATOR, release("grayscale"), True),
        (Role.OPERATOR, release("grayscale", overlay="halted"), True),
        (Role.DEVELOPER, release("grayscale", overlay="halted"), False),
        (Role.OPERATOR, release("full"), False),
        (Role.REVIEWER, release("full", offlineRequested=True, **BY_BOB), True),
        (Role.DEVELOPER, release("pilot"), True),
        (Role.DEVELOPER, release("pilot") | {"kind": "trial"}, False),
        (Role.ADMIN, release("of a newer version"), False),
        (Role.ADMIN, release("created") | {"target": "nowhere"}, False),
    ],
)
def test_a_release_waits_for_who_may_lead_it_on(role: Role, release: dict[str, Any], waits: bool) -> None:
    assert waits_for(actor(role), row(release)) is waits


@pytest.mark.parametrize(
    ("where", "waits"),
    [
        ({"host_app": "wallet"}, True),
        ({"host_app": "bank"}, False),
        ({"environment": Stage.TEST}, False),
        ({"program": "sh*"}, True),
        ({"program": "other"}, False),
    ],
)
def test_it_waits_only_where_the_role_holds(where: dict[str, Any], waits: bool) -> None:
    assert waits_for(actor(Role.DEVELOPER, **where), row(release("approved"))) is waits


@pytest.fixture
def storage() -> EnvironmentStorage:
    made = EnvironmentStorage(MemoryObjectStore(), environment="dev")
    rows = [
        row(release("full"), release("in_review", TEST, **BY_BOB), name="a"),
        row(release("in_review", **BY_ANN), name="b"),
        row(release("in_review", **BY_BOB, updatedAt="2031-01-01T00:00:00Z"), name="c"),
        ProgramRow("d", policy="own", unreadable="it is no JSON", listing={}),
    ]
    replace_index(made, lambda _: rows)
    return made


def found(storage: EnvironmentStorage, **query: str) -> str:
    return "".join(each.id for each in list_rows(storage, ProgramQuery(**query)))


def list_rows(storage: EnvironmentStorage, query: ProgramQuery) -> list[ProgramRow]:
    return [each.row for each in matching_programs(storage, query, reader=actor(Role.REVIEWER), order="id")]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ({}, "abcd"),
        ({"environment": "test"}, "ad"),
        ({"environment": "production", "state": "in_review"}, "bc"),
        ({"environment": "test", "state": "full"}, ""),
        ({"app": "bank"}, "d"),
        ({"app": "bank", "state": "unreadable"}, "d"),
        ({"app": "wallet", "state": "managed"}, "abc"),
        ({"app": "wallet", "search": "B"}, "b"),
    ],
)
def test_state_and_place_are_those_of_one_release(
    storage: EnvironmentStorage, query: dict[str, str], ids: str
) -> None:
    """What cannot be read may be anywhere, so no place hides it."""
    assert found(storage, **query) == ids


def test_a_list_of_all_releases_shows_those_that_are_asked_for(storage: EnvironmentStorage) -> None:
    listed = list_all(storage, ProgramQuery(environment="test"))
    shown = [(each.mini_program_id, [str(one.target) for one in each.releases]) for each in listed.programs]
    assert shown == [("a", ["wallet:test"])]
    assert [each.mini_program_id for each in listed.unreadable] == ["d"]


@pytest.mark.parametrize(("order", "ids"), [("waiting", "acbd"), ("id", "abcd"), ("changed", "cabd")])
def test_programs_come_in_the_order_that_is_asked_for(storage: EnvironmentStorage, order: Any, ids: str) -> None:
    reviewer = actor(Role.REVIEWER)
    matches = matching_programs(storage, ProgramQuery(), reader=reviewer, order=order)
    assert "".join(each.row.id for each in matches) == ids
    waiting = matching_programs(storage, ProgramQuery(), reader=reviewer, order=order, only_waiting=True)
    assert {each.listed.mini_program_id for each in waiting} == {"a", "c"}


def test_reviews_one_can_decide_come_first_and_places_narrow_them(storage: EnvironmentStorage) -> None:
    reviewer = actor(Role.REVIEWER, environment=Stage.PRODUCTION)
    every, unreadable = matching_reviews(storage, reviewer, ProgramQuery())
    assert [(each.program_id, each.is_for_me) for each in every] == [("c", True), ("b", False)]
    assert [each.mini_program_id for each in unreadable] == ["d"]
    mine, _ = matching_reviews(storage, reviewer, ProgramQuery(), only_mine_to_decide=True)
    assert [each.review.applicant for each in mine] == ["bob"]
    everywhere = actor(Role.REVIEWER)
    inbox = review_inbox(storage, everywhere, ProgramQuery(environment="test"))
    assert [(each.mini_program_id, each.may) for each in inbox.waiting] == [("a", True)]
