"""A release document that nobody can read goes back to its last good revision, and the trail tells of it."""

from __future__ import annotations

import json
from threading import current_thread, main_thread
from typing import Any

import pytest

from miniprogram.errors import DocumentError
from miniprogram.identity.roles import Role
from miniprogram.progress import listening
from miniprogram.refusals import Denied, Refused, Unacceptable
from miniprogram.releases.commands.repair import examine_document, repair_document
from miniprogram.releases.commands.switches import set_switch, turn_switch
from miniprogram.releases.execution import perform
from miniprogram.releases.queries.history import history, verify_trail
from miniprogram.releases.storage.release_documents import require_releases

KEY = "metadata/releases/shop.json"


def _edit(body: bytes, **members: Any) -> bytes:
    return json.dumps({**json.loads(body), **members}).encode()


BROKEN = {
    "cut": lambda body: body[: len(body) // 2],
    "no json": lambda _body: b"<html>gone</html>",
    "empty": lambda _body: b"",
    "bytes": lambda _body: bytes(range(256)),
    "a list": lambda _body: b"[]",
    "infinite": lambda body: body.replace(b'"revision"', b'"x": 1e999, "revision"', 1),
    "a key twice": lambda body: body.replace(b'"revision"', b'"revision": 1, "revision"', 1),
    "a state nobody knows": lambda body: body.replace(b'"state": "full"', b'"state": "melted"', 1),
    "no trail": lambda body: _edit(body, trail=None),
    "another program's": lambda body: _edit(body, miniProgramId="bank"),
    "a switch of null": lambda body: _edit(body, switches=[{"key": "n", "type": "number", "default": None}]),
}


def _break(world: Any, how: Any) -> None:
    found = world.store.get(KEY)
    world.store.put(KEY, how(found.body), content_type="application/json", if_match=found.etag)


@pytest.mark.parametrize("how", BROKEN.values(), ids=BROKEN)
def test_the_last_good_revision_comes_back(world: Any, how: Any) -> None:
    world.full("1.0.0")
    before = world.document
    _break(world, how)

    found = examine_document(world.storage, "shop")
    assert found.problem
    assert (found.offered_revision, found.revision) == (before.revision, None)
    report = repair_document(world.context, "shop", reason="the disk failed")

    after = world.document
    assert (report.revision, after.revision) == (before.revision + 1, before.revision + 1)
    assert (after.releases, after.targets) == (before.releases, before.targets)
    assert verify_trail(world.storage, "shop").sound
    event = history(world.storage, "shop", limit=1).events[0]
    assert (event.command, event.reason, event.actor) == ("release repair", "the disk failed", "ann")
    assert event.details["restoredRevision"] == before.revision
    perform(world.context, "shop", "halt", "1.0.0", world.target, reason="it works again")


def test_a_document_from_before_copies_loses_only_its_broken_switches(world: Any) -> None:
    world.full("1.0.0")
    set_switch(world.context, "shop", {"key": "good", "type": "boolean", "default": True})
    world.store.delete("metadata/last_good/shop.json")
    good = json.loads(world.store.get(KEY).body)["switches"]
    _break(world, lambda body: _edit(body, switches=[*good, {"key": "bad", "type": "number", "default": None}]))
    with pytest.raises(DocumentError):
        require_releases(world.storage, "shop")

    report = repair_document(world.context, "shop", reason="NaN")

    assert report.loses == ("switch bad",)
    assert [each.key for each in world.document.switches] == ["good"]
    assert verify_trail(world.storage, "shop").sound


def test_an_older_copy_forgets_no_event_and_no_removal(world: Any) -> None:
    world.full("1.0.0", "1.1.0")
    old = world.store.get("metadata/last_good/shop.json").body
    perform(world.context, "shop", "force-remove", "1.0.0", world.target, reason="malware")
    length, revision = world.document.trail.length, world.document.revision
    world.store.put("metadata/last_good/shop.json", old, content_type="application/json")
    _break(world, BROKEN["cut"])

    repair_document(world.context, "shop", reason="the disk failed")

    assert world.document.trail.length == length + 1
    assert world.document.revision == revision + 1
    assert verify_trail(world.storage, "shop").sound
    assert "1.0.0" in world.document.withdrawn_versions


def test_a_long_trail_after_the_copy_is_read_together_and_says_how_far(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.full("1.0.0")
    old = world.store.get("metadata/last_good/shop.json").body
    set_switch(world.context, "shop", {"key": "new", "type": "boolean", "default": True})
    for turn in range(39):
        turn_switch(world.context, "shop", "new", on=bool(turn % 2))
    length = world.document.trail.length
    world.store.put("metadata/last_good/shop.json", old, content_type="application/json")
    _break(world, BROKEN["cut"])
    told: list[tuple[str, int, int | None]] = []
    get, elsewhere = type(world.store).get, []

    def noted(store: Any, key: str) -> Any:
        if key.startswith("metadata/audit/") and current_thread() is not main_thread():
            elsewhere.append(key)
        return get(store, key)

    monkeypatch.setattr(type(world.store), "get", noted)
    with listening(lambda *said: told.append(said)):
        repair_document(world.context, "shop", reason="the disk failed")

    assert ("reading events", 40, None) in told
    assert len(set(elsewhere)) >= 39
    assert world.document.trail.length == length + 1
    assert verify_trail(world.storage, "shop").sound


def test_what_can_be_read_is_left_alone(world: Any) -> None:
    world.full("1.0.0")
    before = world.store.get(KEY).body

    assert examine_document(world.storage, "shop").problem is None
    with pytest.raises(Refused) as caught:
        repair_document(world.context, "shop", reason="why not")

    assert caught.value.rule == "repair_needed"
    assert world.store.get(KEY).body == before


def test_without_a_good_revision_nothing_is_made_up(world: Any) -> None:
    world.full("1.0.0")
    world.store.delete("metadata/last_good/shop.json")
    _break(world, BROKEN["cut"])

    assert examine_document(world.storage, "shop").offered_revision is None
    with pytest.raises(Refused) as caught:
        repair_document(world.context, "shop", reason="the disk failed")

    assert caught.value.rule == "good_revision"


def test_a_repair_takes_an_admin_and_a_reason(world: Any) -> None:
    world.full("1.0.0")
    _break(world, BROKEN["cut"])

    with pytest.raises(Denied):
        repair_document(world.as_person("eve", Role.OPERATOR), "shop", reason="I can")
    with pytest.raises(Unacceptable, match="reason"):
        repair_document(world.context, "shop", reason=" ")


def test_a_document_of_a_newer_version_is_never_replaced_by_an_older_copy(world: Any) -> None:
    world.full("1.0.0")
    _break(world, lambda body: _edit(body, schemaVersion=2))
    stored = world.store.get(KEY).body

    for ask in (
        lambda: examine_document(world.storage, "shop"),
        lambda: repair_document(world.context, "shop", reason="it says so"),
    ):
        with pytest.raises(DocumentError, match="newer version") as caught:
            ask()
        assert "Upgrade miniprogram" in (caught.value.hint or "")

    assert world.store.get(KEY).body == stored


@pytest.mark.parametrize("ask", [
    lambda world: require_releases(world.storage, "shop"),
    lambda world: set_switch(world.context, "shop", {"key": "x", "type": "boolean", "default": True}),
], ids=["read", "change"])  # fmt: skip
def test_whoever_meets_a_broken_document_is_told_of_the_repair(world: Any, ask: Any) -> None:
    world.full("1.0.0")
    _break(world, BROKEN["cut"])

    with pytest.raises(DocumentError) as caught:
        ask(world)

    assert caught.value.hint == "`release repair shop` says what can be restored."
