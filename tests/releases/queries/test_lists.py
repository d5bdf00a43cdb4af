"""Lists of an environment come from its index: what they cost, their pages, and what somebody may read there."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from miniprogram.delivery.documents.contents.program_index import ProgramRow
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.index.compile_row import compile_row
from miniprogram.documents.index.index_document import replace_index
from miniprogram.documents.index.indexing import reindex
from miniprogram.documents.index.listing import ProgramQuery
from miniprogram.documents.index_memory import IndexMemory
from miniprogram.identity.roles import Role, store_owner
from miniprogram.releases.execution import perform
from miniprogram.releases.queries.environment_list import list_all
from miniprogram.releases.queries.listing import finished_releases, list_releases
from miniprogram.releases.queries.reviews import review_inbox
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import FaultyStore

OWNER = store_owner("ann")
MANY = 10_000


@cache
def ten_thousand() -> MemoryObjectStore:
    """An index of programs with a release each, every other of which waits for a reviewer. No other document."""
    store = MemoryObjectStore()
    rows = [
        ProgramRow(
            f"program_{number:05}",
            policy="own",
            listing={
                "managed": True,
                "revision": 3,
                "releases": [
                    {
                        "id": f"r{number}",
                        "version": "1.0.0",
                        "target": {"hostApp": "wallet", "environment": "production"},
                        "kind": "official",
                        "state": "in_review" if number % 2 else "full",
                        "updatedAt": "2030-01-02T03:04:05.000Z",
                        **({"waiting": WAITING} if number % 2 else {}),
                    }
                ],
            },
        )
        for number in range(MANY)
    ]
    replace_index(EnvironmentStorage(store, environment="dev"), lambda _: rows)
    return store


WAITING = [{"asks": "release", "applicant": "bob", "appliedAt": "2030-01-02T03:04:05.000Z"}]


def rows_of_all(storage: EnvironmentStorage, query: ProgramQuery) -> int:
    return len(list_all(storage, query).programs)


def rows_of_inbox(storage: EnvironmentStorage, query: ProgramQuery) -> int:
    return len(review_inbox(storage, OWNER, query).waiting)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rows", "query", "expected"),
    [
        (rows_of_all, ProgramQuery(), MANY),
        (rows_of_all, ProgramQuery(limit=20), 20),
        (rows_of_all, ProgramQuery(limit=20, after="program_09990"), 9),
        (rows_of_all, ProgramQuery(search="_0999"), 10),
        (rows_of_all, ProgramQuery(state="in_review", limit=50), 50),
        (rows_of_inbox, ProgramQuery(), MANY // 2),
        (rows_of_inbox, ProgramQuery(limit=20), 20),
    ],
)
def test_ten_thousand_cost_three_requests_and_nothing_when_warm(
    rows: Any, query: ProgramQuery, expected: int
) -> None:
    store = FaultyStore(ten_thousand())
    storage = EnvironmentStorage(store, environment="dev", index_memory=IndexMemory(60.0))

    assert rows(storage, query) == expected
    assert len(store.reads) <= 3, store.reads
    store.reads.clear()
    assert rows(storage, query) == expected
    assert store.reads == []


def test_a_list_of_all_says_what_the_list_of_each_says(world: Any) -> None:
    reindex(world.storage)
    world.full("1.0.0")
    world.shared("1.1.0", 2500)

    (program,) = list_all(world.storage).programs
    listed = list_releases(world.storage, "shop")

    assert (program.mini_program_id, program.revision) == ("shop", listed.revision)
    members = ("id", "version", "target", "kind", "state", "overlay", "grayscale", "updated_at", "next")
    of_all = [{name: getattr(each, name) for name in members} for each in program.releases]
    of_one = [{name: getattr(each, name) for name in members} for each in listed.releases]
    by_id = [sorted(rows, key=lambda row: row["id"]) for rows in (of_all, of_one)]
    assert by_id[0] == by_id[1]
    assert {each.state for each in list_all(world.storage, ProgramQuery(state="full")).programs[0].releases} == {
        "full"
    }
    assert list_all(world.storage, ProgramQuery(state="pilot")).programs == ()
    assert list_all(world.storage, ProgramQuery(search="9.9")).programs == ()


def test_what_is_only_published_is_in_no_list_of_releases(world: Any) -> None:
    reindex(world.storage)

    assert list_all(world.storage).programs == ()


def test_the_inbox_says_who_asked_without_opening_a_document(world: Any) -> None:
    reindex(world.storage)
    world.full("1.0.0")
    store = FaultyStore(world.store)

    def waiting() -> list[tuple[str, str, str, bool]]:
        rows = review_inbox(replace(world.storage, store=store), OWNER).waiting
        return [(each.release.version, each.asks, each.applicant, each.mine) for each in rows]

    assert waiting() == []
    perform(world.context, "shop", "offline", "1.0.0", world.target, reason="the law")
    assert waiting() == [("1.0.0", "offline", "ann", True)]
    perform(world.context, "shop", "reject", "1.0.0", world.target, reason="no")
    assert waiting() == []
    world.drafted("1.1.0")
    perform(world.context, "shop", "apply", "1.1.0", world.target)
    assert waiting() == [("1.1.0", "release", "ann", True)]
    assert "metadata/releases/shop.json" not in store.reads


def test_a_row_of_an_earlier_version_is_looked_up_for_its_applicant(world: Any) -> None:
    world.drafted("1.0.0")
    perform(world.context, "shop", "apply", "1.0.0", world.target)
    row = compile_row(world.storage, "shop")
    (release,) = row.listing["releases"]
    del release["waiting"]
    replace_index(world.storage, lambda _: [row])

    assert [each.applicant for each in review_inbox(world.storage, OWNER).waiting] == ["ann"]


@pytest.mark.parametrize(("scope", "seen"), [({"host_app": "wallet"}, 1), ({"host_app": "bank"}, 0)])
def test_the_inbox_shows_what_somebody_has_a_role_for(world: Any, scope: dict[str, Any], seen: int) -> None:
    reindex(world.storage)
    world.drafted("1.0.0")
    perform(world.context, "shop", "apply", "1.0.0", world.target)
    reviewer = world.as_person("rob", Role.REVIEWER, **scope).actor

    inbox = review_inbox(world.storage, reviewer, ProgramQuery(limit=1))

    assert [(each.mine, each.may) for each in inbox.waiting] == [(False, True)] * seen


@pytest.mark.parametrize("limit", [1, 2, 3, 50])
def test_pages_of_what_ended_follow_each_other(world: Any, limit: int) -> None:
    world.full("1.0.0", "1.1.0")
    world.drafted("1.2.0")
    for _ in range(4):
        perform(world.context, "shop", "apply", "1.2.0", world.target)
        perform(world.context, "shop", "withdraw", "1.2.0", world.target)
        perform(world.context, "shop", "reopen", "1.2.0", world.target, reason="again")
    whole = finished_releases(world.storage, "shop")
    assert whole.next_before is None

    found, before = [], None
    while True:
        page = finished_releases(world.storage, "shop", limit=limit, before=before)
        found += page.releases
        before = page.next_before
        if before is None:
            break

    assert tuple(found) == whole.releases
    assert len(found) >= 5
