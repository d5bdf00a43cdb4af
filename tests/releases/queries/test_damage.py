"""A document that was damaged shows in every list as soon as somebody met it, until it is repaired or mended."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest

from miniprogram.documents.index.damage import note_damage
from miniprogram.documents.index.indexing import indexed, reindex
from miniprogram.documents.index.listing import ProgramQuery
from miniprogram.errors import DocumentError, StoreError
from miniprogram.identity.roles import store_owner
from miniprogram.releases.commands.repair import examine_document, repair_document
from miniprogram.releases.commands.switches import set_switch
from miniprogram.releases.queries.environment_list import list_all
from miniprogram.releases.queries.listing import show_release
from miniprogram.releases.queries.programs import list_programs
from miniprogram.releases.queries.reviews import review_inbox
from miniprogram.testing import FaultyStore
from releases.storage.test_repair import BROKEN, KEY, _break

OWNER = store_owner("ann")


def shown(world: Any) -> set[bool]:
    """Whether lists call the program unreadable: one answer, and the same from all of them."""
    programs = list_programs(world.storage, ProgramQuery(), reader=OWNER).programs
    return {
        [each.mini_program_id for each in list_all(world.storage).unreadable] == ["shop"],
        [each.mini_program_id for each in review_inbox(world.storage, OWNER).unreadable] == ["shop"],
        [each.unreadable is not None for each in programs] == [True],
        bool(list_programs(world.storage, ProgramQuery(state="unreadable"), reader=OWNER).programs),
    }


def test_lists_agree_while_all_is_well(world: Any) -> None:
    reindex(world.storage)
    world.full("1.0.0")

    assert shown(world) == {False}


MEET = {
    "detail": lambda world: show_release(world.storage, "shop", "1.0.0", world.target),
    "change": lambda world: set_switch(world.context, "shop", {"key": "x", "type": "boolean", "default": False}),
    "repair": lambda world: examine_document(world.storage, "shop"),
}


@pytest.mark.parametrize("meet", MEET.values(), ids=MEET)
@pytest.mark.parametrize("how", BROKEN.values(), ids=BROKEN)
def test_who_meets_it_tells_the_lists_and_a_repair_ends_it(world: Any, how: Any, meet: Any) -> None:
    reindex(world.storage)
    world.full("1.0.0")
    good = world.store.get(KEY).body
    _break(world, how)
    with suppress(DocumentError):
        meet(world)

    assert shown(world) == {True}
    with indexed(world.storage, "shop"):
        pass  # whoever publishes a version changes nothing about it
    assert shown(world) == {True}
    repair_document(world.context, "shop", reason="the disk failed")
    assert shown(world) == {False}
    assert json.loads(good)["releases"] == json.loads(world.store.get(KEY).body)["releases"]


def test_a_document_mended_by_hand_is_readable_again(world: Any) -> None:
    reindex(world.storage)
    world.full("1.0.0")
    good = world.store.get(KEY).body
    _break(world, BROKEN["a state nobody knows"])
    with pytest.raises(DocumentError):
        show_release(world.storage, "shop", "1.0.0", world.target)
    assert shown(world) == {True}

    world.store.put(KEY, good)

    assert shown(world) == {False}


def test_damage_is_written_down_once(world: Any) -> None:
    reindex(world.storage)
    world.full("1.0.0")
    _break(world, BROKEN["a state nobody knows"])
    for _ in range(2):
        with pytest.raises(DocumentError):
            show_release(world.storage, "shop", "1.0.0", world.target)
    before = world.store.get(world.storage.keys.program_index_key).etag

    with pytest.raises(DocumentError):
        show_release(world.storage, "shop", "1.0.0", world.target)

    assert world.store.get(world.storage.keys.program_index_key).etag == before


def test_whoever_may_not_write_is_told_of_the_document_all_the_same(world: Any) -> None:
    class ReadOnly(FaultyStore):
        def put(self, *_args: Any, **_options: Any) -> str:
            raise StoreError("not allowed")

    reindex(world.storage)
    world.full("1.0.0")
    _break(world, BROKEN["cut"])
    reading = world.over(ReadOnly(world.store))

    with pytest.raises(DocumentError):
        show_release(reading.storage, "shop", "1.0.0", world.target)
    note_damage(reading.storage, "shop", KEY, "cut")

    assert shown(world) == {False}
