"""Brakes: halt, pause and force-remove ask for the release that was looked at, not for the document's revision."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from miniprogram.identity.roles import Role
from miniprogram.refusals import Denied, Refused, RevisionConflict
from miniprogram.releases.commands.switches import set_switch
from miniprogram.releases.execution import perform
from miniprogram.releases.model.states import Overlay, State
from miniprogram.releases.verbs import VERBS
from miniprogram.seams.object_store import ObjectStore
from miniprogram.testing import InterleavingStore

BRAKES = {"halt": Overlay.HALTED, "pause": Overlay.PAUSED, "force-remove": None}


@pytest.fixture
def shared(world: Any) -> Any:
    world.full("1.0.0")
    world.shared("1.1.0", 5000)
    return world


def brake(world: Any, verb: str, *, revision: int | None = None, seen: str | None = None) -> Any:
    context = replace(world.context, expected_revision=revision)
    said = {} if seen is None else {"seen": seen}
    return perform(context, "shop", verb, "1.1.0", world.target, reason="errors", **said)


def something_else(world: Any, number: int = 0) -> None:
    set_switch(world.context, "shop", {"key": f"s{number}", "type": "boolean", "default": True})


def test_the_brakes_are_the_verbs_that_only_narrow() -> None:
    assert {verb.name for verb in VERBS if verb.brake} == set(BRAKES)


@pytest.mark.parametrize("verb", BRAKES)
def test_what_others_changed_since_holds_no_brake_up(shared: Any, verb: str) -> None:
    release = shared.document.live("1.1.0", shared.target)
    revision = shared.document.revision
    something_else(shared)

    report = brake(shared, verb, revision=revision, seen=f"{release.id}:{release.state}")

    assert (report.release.overlay, report.release.state) == (
        BRAKES[verb], State.SUSPENDED if verb == "force-remove" else State.GRAYSCALE,
    )  # fmt: skip


@pytest.mark.parametrize("verb", BRAKES)
def test_a_brake_tries_again_while_others_write(shared: Any, verb: str) -> None:
    store = InterleavingStore(shared.store)
    key = shared.storage.keys.release_document_key("shop")

    def meanwhile(number: int) -> Any:
        def write(inner: ObjectStore) -> None:
            something_else(shared.over(inner), number)

        return write

    store.before("put", key, *map(meanwhile, range(5)))
    brake(shared.over(store), verb, seen=f"{shared.document.live('1.1.0', shared.target).id}:grayscale")

    assert store.all_met
    assert len(shared.document.switches) == 5
    live = shared.document.live("1.1.0", shared.target)
    assert live is None if verb == "force-remove" else live.overlay is BRAKES[verb]


@pytest.mark.parametrize("verb", BRAKES)
@pytest.mark.parametrize("seen", ["r-999:grayscale", "{id}:full"], ids=["another attempt", "another state"])
def test_a_release_that_is_not_the_one_looked_at_is_left_alone(shared: Any, verb: str, seen: str) -> None:
    release = shared.document.live("1.1.0", shared.target)

    with pytest.raises(Refused) as refused:
        brake(shared, verb, seen=seen.format(id=release.id))

    assert refused.value.rule == "as_seen"
    assert "look again" in str(refused.value)
    assert shared.document.live("1.1.0", shared.target) == release


@pytest.mark.parametrize("verb", sorted({verb.name for verb in VERBS} & {"resume", "finish", "cancel", "shrink"}))
def test_every_other_verb_asks_for_the_revision(shared: Any, verb: str) -> None:
    arguments = {"finish": {"final": True}, "shrink": {"basis_points": 1, "reason": "x"}}.get(verb, {})
    if verb == "resume":
        brake(shared, "pause")
    context = replace(shared.context, expected_revision=shared.document.revision)
    something_else(shared)

    with pytest.raises(RevisionConflict):
        perform(context, "shop", verb, "1.1.0", shared.target, **arguments)


@pytest.mark.parametrize("verb", BRAKES)
def test_denials_of_anybody_hold_no_brake_and_no_write_up(shared: Any, verb: str) -> None:
    before = shared.document
    eve = shared.as_person("eve", Role.DEVELOPER, host_app="bank")
    for command, version in (("rollback", None), ("halt", "1.1.0"), ("force-remove", "1.1.0"), ("pause", "1.1.0")):
        for _ in range(10):
            with pytest.raises(Denied):
                perform(eve, "shop", command, version, shared.target, reason="x")

    assert shared.document == before
    context = replace(shared.context, expected_revision=before.revision)
    set_switch(context, "shop", {"key": "new", "type": "boolean", "default": True})
    brake(shared, verb)
