"""Deleting a mini-program: all goes but the trail and what an inspector withdrew, and the environment knows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from miniprogram.catalogue.delete import delete_program
from miniprogram.delivery.documents import kinds
from miniprogram.delivery.documents.kinds import KINDS, DocumentKind
from miniprogram.errors import PublishError, StoreError
from miniprogram.identity.roles import Role
from miniprogram.publish.environment_target import EnvironmentTarget
from miniprogram.refusals import Denied, Refused
from miniprogram.releases.commands.links import issue_link
from miniprogram.releases.commands.segments import put_ids
from miniprogram.releases.execution import perform
from miniprogram.releases.queries.history import history, verify_trail
from miniprogram.releases.storage.release_documents import releases_of
from miniprogram.releases.storage.withdrawn import read_withdrawn, refuse_withdrawn
from miniprogram.seams.cloud_provider import StoreAddress
from miniprogram.testing import FaultyStore, sample_release

KEPT = {kinds.AUDIT_EVENT, kinds.WITHDRAWN}


def remove(world: Any, version: str = "1.0.0") -> None:
    perform(world.context, "shop", "force-remove", version, world.target, reason="malware")


def fill(world: Any) -> None:
    """One document of every kind there is, by its key alone."""
    keys = world.storage.keys
    values = {"program": "shop", "version": "9.0.0", "attempt": 1, "revision": 1, "seq": 999, "number": 9}
    for kind in KINDS:
        if keys.has(kind) and kind.scope != "environment" and kind not in KEPT:
            names = [name.partition(":")[0] for name in kind.cloud.replace("}", "{").split("{")[1::2]]
            fields = [values.get(name, "x") for name in names if name not in ("artifacts", "metadata")]
            key = keys.key(kind, *fields)
            if world.store.get(key) is None:
                world.store.put(key, b"{}")


def kinds_left(world: Any) -> set[DocumentKind]:
    found = (world.storage.keys.identify(info.key) for info in world.store.list("") if "shop" in info.key)
    return {identified.kind for identified in found if identified is not None}


def test_only_the_kinds_that_stay_are_left(world: Any) -> None:
    put_ids(world.context, "shop", "vip", ["ann"])
    world.full("1.0.0", "1.1.0")
    issue_link(world.context, "shop", "1.1.0", world.target)
    remove(world)
    fill(world)
    assert kinds_left(world) == {
        kind for kind in KINDS if world.storage.keys.has(kind) and kind.scope != "environment"
    }

    delete_program(world.context, "shop")

    assert kinds_left(world) == KEPT


def test_the_trail_stays_whole_and_goes_on_when_the_program_comes_back(world: Any) -> None:
    world.full("1.0.0")
    before = verify_trail(world.storage, "shop")

    delete_program(world.context, "shop")

    assert verify_trail(world.storage, "shop") == before
    assert history(world.storage, "shop", limit=1).events[0].command == "release finish"
    world.publish("1.1.0")
    world.full("1.1.0")
    after = verify_trail(world.storage, "shop")
    assert after.sound
    assert after.events > before.events
    ids = {event.details["releaseId"] for event in history(world.storage, "shop", limit=100).events}
    assert len(ids) == 2, "a release of the new program has no id of the old one: windows are counted by it"


def test_the_environment_tells_what_ended(world: Any) -> None:
    world.full("1.0.0")
    remove(world)
    ended = verify_trail(world.storage, "shop")

    delete_program(world.context, "shop")

    event = history(world.storage, None, limit=1).events[0]
    assert (event.command, event.subject, event.actor) == ("app delete", "shop", "ann")
    assert event.at == world.context.stamp
    assert event.details == {
        "trailLength": ended.events, "trailHash": ended.head, "withdrawnVersions": ["1.0.0"],
    }  # fmt: skip


def test_what_an_inspector_withdrew_stays_refused(world: Any) -> None:
    world.full("1.0.0")
    remove(world)
    delete_program(world.context, "shop")
    world.publish("1.0.0", "1.1.0")

    for target in (world.target, replace_stage(world.target)):
        with pytest.raises(Refused, match="removed by an inspector") as refused:
            perform(world.context, "shop", "create", "1.0.0", target)
        assert refused.value.rule == "not_withdrawn"
    world.full("1.1.0")
    assert world.document.policy["withdrawnVersions"] == ["1.0.0"]
    with pytest.raises(Refused, match="removed by an inspector"):
        refuse_withdrawn(world.storage, "shop", "1.0.0")


def replace_stage(target: Any) -> Any:
    return target.model_copy(update={"environment": "sandbox"})


def test_only_an_inspector_takes_a_withdrawal_back(world: Any) -> None:
    world.full("1.0.0")
    remove(world)
    developer = replace(world, context=world.as_person("dan", Role.DEVELOPER))
    sandbox = replace_stage(world.target)

    with pytest.raises(Refused, match="removed by an inspector"):
        perform(developer.context, "shop", "create", "1.0.0", sandbox)
    with pytest.raises(Denied):
        perform(developer.context, "shop", "reopen", "1.0.0", world.target, reason="please")
    perform(world.as_person("ida", Role.INSPECTOR), "shop", "reopen", "1.0.0", world.target, reason="checked")

    assert world.document.withdrawn_versions == ()
    assert read_withdrawn(world.storage, "shop").withdrawn_versions == ()
    refuse_withdrawn(world.storage, "shop", "1.0.0")


def test_older_documents_keep_what_they_say_is_withdrawn(world: Any) -> None:
    world.full("1.0.0")
    remove(world)
    world.store.delete(world.storage.keys.withdrawn_key("shop"))  # as an older release left the store

    delete_program(world.context, "shop")

    assert read_withdrawn(world.storage, "shop").withdrawn_versions == ("1.0.0",)


@pytest.mark.parametrize("fail_at", range(12))
def test_killed_anywhere_nothing_that_stays_is_lost(world: Any, fail_at: int) -> None:
    world.full("1.0.0")
    remove(world)
    trail = verify_trail(world.storage, "shop")

    with pytest.raises(StoreError):
        delete_program(world.over(FaultyStore(world.store, fail_at=fail_at)).context, "shop")
    delete_program(world.context, "shop")

    assert kinds_left(world) == KEPT
    assert verify_trail(world.storage, "shop") == trail
    assert read_withdrawn(world.storage, "shop").withdrawn_versions == ("1.0.0",)


def test_a_change_that_came_in_between_is_in_the_trail_that_stays(world: Any) -> None:
    world.full("1.0.0")

    class Late(FaultyStore):
        def delete(self, key: str, *, if_match: str | None = None) -> None:
            if if_match is not None and not self.done:
                self.done = True
                remove(world)
            super().delete(key, if_match=if_match)

        done = False

    delete_program(world.over(Late(world.store)).context, "shop")

    assert history(world.storage, "shop", limit=1).events[0].command == "release force-remove"
    assert read_withdrawn(world.storage, "shop").withdrawn_versions == ("1.0.0",)
    assert verify_trail(world.storage, "shop").sound


def test_a_release_document_nobody_can_read_can_be_deleted(world: Any) -> None:
    world.full("1.0.0")
    remove(world)
    world.store.put(world.storage.keys.release_document_key("shop"), b'{"a')

    delete_program(world.context, "shop")

    assert kinds_left(world) == KEPT
    assert history(world.storage, None, limit=1).events[0].details["releasesUnreadable"] is True
    assert read_withdrawn(world.storage, "shop").withdrawn_versions == ("1.0.0",)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_deleting_takes_an_admin(world: Any, role: Role) -> None:
    world.full("1.0.0")
    before = releases_of(world.storage, "shop").read()

    with pytest.raises(Denied, match="admin"):
        delete_program(world.as_person("eve", role), "shop")

    assert releases_of(world.storage, "shop").read() == before
    delete_program(world.as_person("ada", Role.ADMIN), "shop")
    assert releases_of(world.storage, "shop").read() is None


@pytest.mark.parametrize("verb", ["publish", "plan"])
def test_a_withdrawn_version_is_not_published_again(world: Any, verb: str) -> None:
    world.full("1.0.0")
    remove(world)
    delete_program(world.context, "shop")
    act: Callable[..., Any] = getattr(EnvironmentTarget(opened(world)), verb)

    with pytest.raises(PublishError, match="of shop was removed by an inspector"):
        act(sample_release("shop", "1.0.0"))

    act(sample_release("shop", "1.1.0"))


def opened(world: Any) -> Any:
    """The environment as publishing sees it."""
    provider = SimpleNamespace(address=StoreAddress("bucket", "here"), store=lambda: world.store)
    return SimpleNamespace(
        name="dev",
        provider_name="test",
        provider=provider,
        store=world.store,
        api_base_url="https://a.example/api",
    )
