"""One question, one document: what the command line, the web API and the console show is the same."""

from __future__ import annotations

from typing import Any

from miniprogram.identity.host_apps import list_apps
from miniprogram.identity.members import list_members
from miniprogram.releases.commands.segments import list_segments
from miniprogram.releases.commands.switches import list_switches, set_switch, turn_switch
from miniprogram.releases.execution import perform
from miniprogram.releases.queries.history import history
from miniprogram.releases.queries.reviews import review_inbox


def test_pages_of_history_follow_each_other(world: Any) -> None:
    world.full("1.0.0")
    whole = history(world.storage, "shop")

    first = history(world.storage, "shop", limit=2)
    rest = history(world.storage, "shop", before=first.events[-1].seq)

    assert (*first.events, *rest.events) == whole.events
    assert first.total == rest.total == whole.total


def test_a_switch_is_turned_by_one_name(world: Any) -> None:
    world.full("1.0.0")
    set_switch(world.context, "shop", {"key": "new", "type": "boolean", "default": False})

    turn_switch(world.context, "shop", "new", on=False)
    assert [each.enabled for each in list_switches(world.storage, "shop").switches] == [False]
    turn_switch(world.context, "shop", "new", on=True)

    commands = [event.command for event in history(world.storage, "shop", limit=2).events]
    assert commands == ["switch on", "switch off"]


def test_lists_name_the_revision_they_show(world: Any) -> None:
    world.full("1.0.0")
    revision = world.document.revision

    assert list_switches(world.storage, "shop").revision == revision
    assert list_segments(world.storage, "shop").revision == revision
    assert list_apps(world.storage).revision == list_members(world.storage).revision


def test_the_inbox_says_what_waits_and_who_asked(world: Any) -> None:
    world.drafted("1.0.0")
    perform(world.context, "shop", "apply", "1.0.0", world.target)

    (waiting,) = review_inbox(world.storage, world.context.actor).waiting

    assert (waiting.release.version, waiting.asks, waiting.applicant, waiting.mine) == (
        "1.0.0", "release", "ann", True,
    )  # fmt: skip
