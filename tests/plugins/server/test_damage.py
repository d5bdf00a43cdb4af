"""A document that delivery cannot read shows in the lists of the API and the console, with nobody reindexing."""

from __future__ import annotations

import time
from typing import Any

import pytest

from miniprogram.delivery.evaluation.errors import BrokenDocument, Degraded
from miniprogram.documents.index.indexing import reindex
from miniprogram_server.damage import DamageNotes
from plugins.server.conftest import API

KEYS = {
    "releases": "metadata/releases/shop.json",
    "pointer": "metadata/catalog/shop.json",
    "access keys": "metadata/access_keys/shop.json",
    "rules": "metadata/rollout-rules/shop.json",
}


def unreadable(world: Any) -> str | None:
    (listed,) = world.call("ann", "GET", f"{API}/programs").json()["programs"]
    return listed["unreadable"]


def eventually(world: Any) -> str:
    for _ in range(200):
        found = unreadable(world)
        if found is not None:
            return found
        time.sleep(0.01)
    raise AssertionError("nobody noted it")


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
@pytest.mark.parametrize("was_known", [True, False], ids=["older state", "no state"])
def test_what_delivery_meets_is_in_the_lists(world: Any, browser: Any, key: str, was_known: bool) -> None:
    reindex(world.storage)
    told: list[Exception] = []
    notes = DamageNotes(world.storage, lambda error, _trace: told.append(error))
    error = Degraded(key, "no JSON", is_damage=True) if was_known else BrokenDocument(key, "no JSON")
    assert unreadable(world) is None

    notes(error, "trace")

    assert eventually(world) == f"{key}: no JSON"
    assert told == [error]
    assert "no JSON" in browser.sign_in("ann").get("/")


@pytest.mark.parametrize(
    "error",
    [
        Degraded(KEYS["releases"], "the source fails"),
        BrokenDocument("metadata/index/programs.json", "not an index"),
        BrokenDocument("elsewhere/shop.json", "no JSON"),
        ValueError("anything"),
    ],
    ids=["outage", "no program's", "no key", "something else"],
)
def test_an_outage_and_what_is_of_no_program_mark_nothing(world: Any, error: Exception) -> None:
    reindex(world.storage)
    before = world.storage.store.get(world.storage.keys.program_index_key)
    notes = DamageNotes(world.storage, lambda _error, _trace: None)

    notes(error, "")
    notes(BrokenDocument(KEYS["releases"], "last"), "")

    assert eventually(world).endswith(": last")
    assert before is not None
