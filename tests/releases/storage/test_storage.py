"""One write per transition: nothing lost between racing writers, nothing half done after a crash."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from miniprogram.errors import DocumentError, MiniProgramError, StoreError
from miniprogram.identity.host_apps import add_app
from miniprogram.refusals import RevisionConflict
from miniprogram.releases.commands.switches import set_switch
from miniprogram.releases.execution import perform
from miniprogram.releases.queries.history import verify_trail
from miniprogram.releases.queries.listing import finished_releases
from miniprogram.releases.storage.release_documents import require_releases
from miniprogram.stores.filesystem import FilesystemObjectStore
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.targets import ANY_HOST, Stage, Target
from miniprogram.testing.faulty_store import FaultyStore

WRITERS = 8
EACH = 5


@pytest.mark.parametrize("kind", ["memory", "filesystem"])
def test_eight_writers_lose_nothing(kind: str, world_over: Any, tmp_path: Path) -> None:
    world = world_over(MemoryObjectStore() if kind == "memory" else FilesystemObjectStore(tmp_path / "store"))
    world.piloted("1.0.0", "first")
    before = world.document.revision
    failures: list[MiniProgramError] = []

    def write(number: int) -> None:
        try:
            for index in range(EACH):
                perform(
                    world.context,
                    "shop",
                    "testers add",
                    "1.0.0",
                    world.target,
                    testers=[f"tester-{number}-{index}"],
                )
        except MiniProgramError as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    document = world.document
    release = document.live("1.0.0", world.target)
    assert len(release.testers) == WRITERS * EACH + 1
    assert document.revision == before + WRITERS * EACH
    report = verify_trail(world.storage, "shop")
    assert (report.sound, report.events) == (True, document.revision)


def crash_points() -> list[Any]:
    """Every write of a step that archives, replaces and appends: before the first, … after the last."""
    return [pytest.param(number, id=f"write {number}") for number in range(5)]


@pytest.mark.parametrize("fail_at", crash_points())
def test_a_crash_at_any_write_loses_nothing(fail_at: int, world: Any) -> None:
    world.full("1.0.0")
    world.shared("1.1.0", 10_000)
    before = world.document
    broken = world.over(FaultyStore(world.store, fail_at=fail_at))

    with_error = False
    try:
        perform(broken.context, "shop", "finish", "1.1.0", world.target)
    except StoreError:
        with_error = True

    after = require_releases(world.storage, "shop")
    done = after.full(world.target).version == "1.1.0"
    assert done or (with_error and after == before)
    if done:  # what hosts see moved in the same write
        steps = {entry["step"] for entry in after.policy["targets"][0]["entries"]}
        assert steps == {"link", "full", "fallback"}
    set_switch(world.context, "shop", {"key": "new", "type": "boolean", "default": False})  # somebody goes on
    assert verify_trail(world.storage, "shop").sound
    if done:
        assert [each.version for each in finished_releases(world.storage, "shop").releases] == ["1.0.0"]
    else:
        perform(world.context, "shop", "finish", "1.1.0", world.target)
        assert world.document.full(world.target).version == "1.1.0"


def test_a_step_is_few_writes(world: Any) -> None:
    world.full("1.0.0")
    world.shared("1.1.0", 10_000)
    counted = FaultyStore(world.store)

    perform(world.over(counted).context, "shop", "finish", "1.1.0", world.target)

    assert [key.split("/")[1] for key in counted.writes] == [
        "releases", "last_good", "releases", "audit",
    ]  # fmt: skip


def test_an_outdated_revision_is_refused(world: Any) -> None:
    world.drafted("1.0.0")
    revision = world.document.revision
    perform(world.context, "shop", "apply", "1.0.0", world.target)

    with pytest.raises(RevisionConflict) as caught:
        perform(replace(world.context, expected_revision=revision), "shop", "withdraw", "1.0.0", world.target)

    assert caught.value.found == revision + 1


def test_finished_attempts_leave_the_document(world: Any) -> None:
    world.full("1.0.0", "1.1.0", "1.2.0")

    assert [each.version for each in world.document.releases] == ["1.1.0", "1.2.0"]
    assert [each.version for each in finished_releases(world.storage, "shop").releases] == ["1.1.0", "1.0.0"]


def test_a_change_beside_releases_keeps_what_was_finished(world: Any) -> None:
    world.full("1.0.0", "1.1.0")
    set_switch(world.context, "shop", {"key": "new", "type": "boolean", "default": False})
    set_switch(world.context, "shop", {"key": "old", "type": "boolean", "default": True})

    assert [each.version for each in finished_releases(world.storage, "shop").releases] == ["1.0.0"]


def test_a_broken_document_is_named(world: Any) -> None:
    world.store.put(world.storage.keys.release_document_key("shop"), b'{"miniProgramId": "shop", "revision": "x"}')

    with pytest.raises(DocumentError, match=r"metadata/releases/shop\.json: revision"):
        perform(world.context, "shop", "create", "1.0.0", world.target)


def test_finished_attempts_lie_where_they_always_did(world: Any) -> None:
    add_app(world.context, ANY_HOST)
    anywhere = Target(host_app=ANY_HOST, environment=Stage.PRODUCTION)
    for version, target in (("1.0.0", world.target), ("1.1.0", anywhere)):
        perform(world.context, "shop", "create", version, target)
        perform(world.context, "shop", "force-remove", version, target, reason="malware")

    found = [
        info.key.removeprefix("metadata/releases/shop/") for info in world.store.list("metadata/releases/shop/")
    ]
    assert [name.rpartition("/")[0] for name in found if name.count("/") == 3] == [
        "1.0.0/wallet/production",
        "1.1.0/~any/production",
    ]
