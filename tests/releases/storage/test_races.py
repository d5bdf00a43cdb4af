"""Two people at the releases of one program, at every moment of each other: each change is there or refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from miniprogram.errors import MiniProgramError
from miniprogram.refusals import Refused
from miniprogram.releases.commands.links import issue_link, list_links
from miniprogram.releases.commands.overrides import add_override
from miniprogram.releases.commands.segments import put_ids, put_patterns, show_segment
from miniprogram.releases.commands.switches import set_switch
from miniprogram.releases.execution import perform
from miniprogram.releases.model.states import State
from miniprogram.releases.queries.history import verify_trail
from miniprogram.seams.object_store import ObjectStore
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import interleavings

Act = Callable[[Any], object]
TESTERS = ("ours", "theirs")


def races(world: Any, one: Act, other: Act) -> Iterator[tuple[Any, list[MiniProgramError]]]:
    """The world after both, with what was refused, for every moment of `one`."""
    refused: list[MiniProgramError] = []

    def at(act: Act) -> Callable[[ObjectStore], None]:
        def run(store: ObjectStore) -> None:
            try:
                act(world.over(store))
            except Refused as error:
                refused.append(error)

        return run

    def copy() -> ObjectStore:
        refused.clear()
        store = MemoryObjectStore()
        for info in world.store.list(""):
            store.put(info.key, world.store.get(info.key).body)
        return store

    for store in interleavings(copy, at(one), at(other)):
        after = world.over(store)
        assert verify_trail(after.storage, "shop").sound
        yield after, list(refused)


def test_testers_named_by_two_are_all_there(world: Any) -> None:
    world.piloted("1.0.0", "first")
    acts = [
        lambda world, name=name: perform(
            world.context, "shop", "testers add", "1.0.0", world.target, testers=[name]
        )
        for name in TESTERS
    ]

    for after, refused in races(world, *acts):
        assert refused == []
        release = after.document.live("1.0.0", world.target)
        assert release.testers == ("first", "ours", "theirs")
        assert after.document.revision == world.document.revision + 2


def test_of_two_releases_to_one_target_one_is_in_flight(world: Any) -> None:
    for version in ("1.0.0", "1.1.0"):
        world.drafted(version)
    acts = [
        lambda world, version=version: perform(world.context, "shop", "apply", version, world.target)
        for version in ("1.0.0", "1.1.0")
    ]

    for after, refused in races(world, *acts):
        assert [error.rule for error in refused] == ["none_in_flight"]
        states = sorted(each.state for each in after.document.releases)
        assert states == [State.CREATED, State.IN_REVIEW]


def test_a_release_that_is_finished_by_one_and_halted_by_another(world: Any) -> None:
    world.full("1.0.0")
    world.shared("1.1.0", 10_000)

    def finish(world: Any) -> object:
        return perform(world.context, "shop", "finish", "1.1.0", world.target)

    def halt(world: Any) -> object:
        return perform(world.context, "shop", "halt", "1.1.0", world.target, reason="errors")

    for one, other in ((finish, halt), (halt, finish)):
        for after, refused in races(world, one, other):
            release = after.document.live("1.1.0", world.target)
            assert release.overlay == "halted"  # the brake always holds
            assert release.state is (State.GRAYSCALE if refused else State.FULL)


def test_two_create_the_same_release_once(world: Any) -> None:
    def create(world: Any) -> object:
        return perform(world.context, "shop", "create", "1.0.0", world.target)

    for after, refused in races(world, create, create):
        assert len(refused) == 1
        assert len(after.document.releases) == 1


def test_switches_set_by_two_are_both_there(world: Any) -> None:
    acts = [
        lambda world, key=key: set_switch(world.context, "shop", {"key": key, "type": "boolean", "default": True})
        for key in TESTERS
    ]

    for after, _ in races(world, *acts):
        assert [each.key for each in after.document.switches] == ["ours", "theirs"]


def test_overrides_made_by_two_are_both_there_under_ids_of_their_own(world: Any) -> None:
    acts = [
        lambda world, name=name: add_override(
            world.context,
            "shop",
            world.target,
            kind="deny",
            version=None,
            audience={"attribute": "userId", "operator": "in", "values": [name]},
            reason="fraud",
        )
        for name in TESTERS
    ]

    for after, _ in races(world, *acts):
        assert sorted(each.audience["values"][0] for each in after.document.overrides) == ["ours", "theirs"]
        assert len({each.id for each in after.document.overrides}) == 2


@pytest.mark.parametrize("put", [put_ids, put_patterns], ids=["ids", "patterns"])
@pytest.mark.parametrize("before", [False, True], ids=["new", "again"])
def test_a_segment_put_by_two_is_one_of_theirs_whole_and_its_versions_only_go_up(
    world: Any, put: Callable[..., Any], *, before: bool
) -> None:
    if before:
        put(world.context, "shop", "vip", ["old"])
    acts = [lambda world, name=name: put(world.context, "shop", "vip", [name]) for name in TESTERS]

    for after, refused in races(world, *acts):
        segment = after.document.segment("vip")
        assert segment.version >= (2 if before else 1) + (0 if refused else 1)
        held = [
            name for name in ("old", *TESTERS) if show_segment(after.storage, "shop", "vip", asked=name).contains
        ]
        assert len(held) == 1
        assert held != ["old"]
        assert all("changed meanwhile" in str(error) for error in refused)


def test_links_that_two_make_at_once_both_open_the_release(world: Any) -> None:
    world.full("1.0.0")
    made: list[str] = []

    def sign(world: Any) -> None:
        made.append(issue_link(world.context, "shop", "1.0.0", world.target).link_id)

    for after, _ in races(world, sign, sign):
        listed = list_links(after.context, "shop", "1.0.0", after.target).links
        assert {each.link_id for each in listed} == set(made[-2:])
