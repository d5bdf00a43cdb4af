"""Old versions go, what anything refers to stays, and nobody who points meanwhile is left with half a version."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from miniprogram.catalogue.disable import disable
from miniprogram.catalogue.prune import ProgramPlan, plan_prune, programs_with_versions, prune
from miniprogram.catalogue.rollback import rollback
from miniprogram.delivery.documents.kinds import SIGNED_VERSION
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.json_documents import read_document
from miniprogram.documents.published_versions import recorded_versions
from miniprogram.environments.session import storage_of
from miniprogram.errors import DocumentError, MiniProgramError, StoreError
from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.roles import Actor, store_owner
from miniprogram.packages.package_options import PackageOptions
from miniprogram.publish.environment_target import EnvironmentTarget
from miniprogram.publish.layouts.cloud import CloudLocation, cloud_layout
from miniprogram.publish.to_store import publish_to_store
from miniprogram.publish.versions.held import require_whole
from miniprogram.refusals import Denied
from miniprogram.releases.execution import perform
from miniprogram.releases.storage.release_documents import require_releases
from miniprogram.seams.object_store import ObjectStore
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import NOON, FaultyStore, interleavings, sample_release, sample_screens
from releases.conftest import World, make_world, publish

ALL = ("1.0.0", "1.1.0", "1.2.0", "1.3.0", "1.4.0")


def storage_over(store: ObjectStore) -> EnvironmentStorage:
    return EnvironmentStorage(store, environment="dev", api_base_url="https://api.example.com/api")


def owner(store: ObjectStore) -> CommandContext:
    return CommandContext(storage_over(store), store_owner("ann"), NOON)


def with_versions() -> ObjectStore:
    store = MemoryObjectStore()
    publish(store, *ALL)
    return store


def went(plans: list[ProgramPlan]) -> list[str]:
    return [each.version for plan in plans for each in plan.going]


def stays(plans: list[ProgramPlan]) -> dict[str, tuple[str, ...]]:
    return {each.version: each.because for plan in plans for each in plan.staying}


def left(store: ObjectStore, version: str) -> list[str]:
    return [info.key for info in store.list("") if f"/{version}" in info.key]


def told_of(store: ObjectStore) -> list[dict[str, Any]]:
    """The events of runs in the environment's trail."""
    bodies = [store.get(info.key) for info in store.list("metadata/audit/~environment/")]
    events = [json.loads(found.body) for found in bodies if found is not None]
    return [event for event in events if event["command"] == "storage prune"]


def test_the_highest_stay_and_the_rest_goes_without_a_trace() -> None:
    store = with_versions()

    planned = plan_prune(storage_over(store), ["shop"], keep=2)
    done = prune(owner(store), ["shop"], keep=2)

    assert planned == done
    assert went(done) == ["1.2.0", "1.1.0", "1.0.0"]
    assert stays(done) == {"1.4.0": ("one of the 2 highest", "latest"), "1.3.0": ("one of the 2 highest",)}
    assert recorded_versions(store, storage_over(store).keys, "shop") == ("1.4.0", "1.3.0")
    for version in ("1.0.0", "1.1.0", "1.2.0"):
        assert left(store, version) == []
    for version in ("1.3.0", "1.4.0"):
        require_whole(store, storage_over(store).keys, "shop", version)
    assert went(prune(owner(store), ["shop"], keep=2)) == []


def test_planning_changes_nothing() -> None:
    store = FaultyStore(with_versions())

    assert went(plan_prune(storage_over(store), ["shop"], keep=1)) == ["1.3.0", "1.2.0", "1.1.0", "1.0.0"]
    assert store.writes == []


def test_each_run_that_deletes_is_one_event() -> None:
    store = with_versions()
    publish(store, *ALL, program_id="news")
    digests = {
        version: read_document(store, storage_over(store).keys.release_record_key("news", version))
        for version in ALL
    }

    done = prune(owner(store), programs_with_versions(storage_over(store)), keep=3)
    prune(owner(store), ["shop"], keep=3)

    (event,) = told_of(store)
    assert event["details"]["versions"].keys() == {"news", "shop"}
    assert event["details"]["versions"]["news"] == {
        version: digests[version]["bundle"]["digest"]  # type: ignore[index]
        for version in ("1.0.0", "1.1.0")
    }
    sizes = [each for plan in done for each in plan.going]
    assert event["details"]["bytes"] == sum(each.size for each in sizes) > 0
    assert event["details"]["objectCount"] == sum(len(each.keys) for each in sizes) == 12
    assert event["actor"] == "ann"


class TestReferences:
    def test_what_the_pointer_names(self) -> None:
        store = with_versions()
        rollback(storage_over(store), "shop", "1.0.0", now=NOON)

        assert stays(plan_prune(storage_over(store), ["shop"], keep=1))["1.0.0"] == ("latest",)

    def test_what_a_disabled_program_would_be_given(self, make_session: Any) -> None:
        session = make_session(MemoryObjectStore())
        storage = storage_of(session)
        for version in ALL:
            EnvironmentTarget(session).publish(sample_release(version=version))
        rollback(storage, "shop", "1.1.0", now=NOON)
        disable(session, "shop", now=NOON)

        assert stays(plan_prune(storage, ["shop"], keep=1)) == {"1.4.0": ("the highest",), "1.1.0": ("disabled",)}

    def test_what_rollout_rules_give(self) -> None:
        store = with_versions()
        rules = {"defaultVersion": "1.0.0", "rules": [{"hostApp": "a", "version": "1.2.0"}]}
        store.put(storage_over(store).keys.rollout_rules_key("shop"), json.dumps(rules).encode())

        found = stays(plan_prune(storage_over(store), ["shop"], keep=1))
        assert (found["1.0.0"], found["1.2.0"]) == (("rollout rules",), ("rollout rules",))

    @pytest.mark.parametrize("key", ["rollout_rules_key", "catalog_pointer_key", "release_document_key"])
    def test_what_cannot_be_read_stops_everything(self, key: str) -> None:
        store = with_versions()
        store.put(getattr(storage_over(store).keys, key)("shop"), b"{broken")

        with pytest.raises(DocumentError):
            prune(owner(store), ["shop"], keep=1)
        assert recorded_versions(store, storage_over(store).keys, "shop") == tuple(reversed(ALL))

    def test_what_releases_name_and_may_go_back_to(self) -> None:
        world = make_world(MemoryObjectStore())
        world.publish("1.3.0", "1.4.0", "1.5.0")
        world.full("1.0.0", "1.1.0", "1.2.0")
        world.drafted("1.3.0")

        found = stays(plan_prune(world.storage, ["shop"], keep=1))
        gone = went(plan_prune(world.storage, ["shop"], keep=1))

        assert found["1.2.0"] == ("wallet:production (full)",)
        assert found["1.3.0"] == ("wallet:production (created)",)
        assert "1.1.0" in found, "the fallback"
        assert gone == ["1.4.0", "1.0.0"]
        assert "1.0.0" in stays(plan_prune(world.storage, ["shop"], keep=2)), "one more to go back to"

    def test_versions_from_which_deltas_lead_to_what_is_given(self) -> None:
        store = MemoryObjectStore()
        for version in ALL:
            release = sample_release(version=version, screens=sample_screens(text=version))
            packed = replace(release, packages=PackageOptions(1, ("1.0.0",) if version == "1.4.0" else ()))
            publish_to_store(store, cloud_layout(packed, CloudLocation("test", "dev", "bucket", "here")))

        done = prune(owner(store), ["shop"], keep=1)

        assert went(done) == ["1.2.0", "1.1.0"]
        assert stays(done)["1.0.0"] == stays(done)["1.3.0"] == ("delta to 1.4.0",)
        assert [key for key in left(store, "1.2.0") if "packages" in key] == []

    def test_versions_that_are_signed(self) -> None:
        store = with_versions()
        key = storage_over(store).keys.key(SIGNED_VERSION, "shop", "a" * 64, "1.1.0")
        store.put(key, b"{}", content_type="application/json")

        done = prune(owner(store), ["shop"], keep=2)

        assert went(done) == ["1.2.0", "1.0.0"]
        assert stays(done)["1.1.0"] == ("signed",)
        assert store.get(key) is not None


def test_a_version_that_is_being_published_is_left_alone() -> None:
    store = with_versions()
    layout = cloud_layout(
        sample_release(version="0.9.0", allow_older=True), CloudLocation("test", "dev", "bucket", "here")
    )
    with pytest.raises(StoreError):
        publish_to_store(FaultyStore(store, fail_at=2), layout, allow_older=True)

    assert "0.9.0" not in went(prune(owner(store), ["shop"], keep=1))
    assert left(store, "0.9.0")


def test_only_who_may_deletes() -> None:
    store = with_versions()
    nobody = CommandContext(storage_over(store), Actor(name="bob", authenticated=True, via="api"), NOON)

    with pytest.raises(Denied):
        prune(nobody, ["shop"], keep=1)
    assert recorded_versions(store, storage_over(store).keys, "shop") == tuple(reversed(ALL))


def test_interrupted_anywhere_what_is_served_is_whole_and_running_it_again_completes() -> None:
    counting = FaultyStore(with_versions())
    prune(owner(counting), ["shop"], keep=2)

    for fail_at in range(len(counting.writes)):
        store = with_versions()
        with pytest.raises(StoreError):
            prune(owner(FaultyStore(store, fail_at=fail_at)), ["shop"], keep=2)
        keys = storage_over(store).keys
        for version in ("1.4.0", "1.3.0"):
            require_whole(store, keys, "shop", version)

        prune(owner(store), ["shop"], keep=2)

        assert recorded_versions(store, keys, "shop") == ("1.4.0", "1.3.0"), fail_at
        assert left(store, "1.0.0") == left(store, "1.2.0") == []


def pointed_to(store: ObjectStore) -> str:
    found = read_document(store, storage_over(store).keys.catalog_pointer_key("shop"))
    assert found is not None
    return str(found["latestVersion"])


def refused_or_done(act: Callable[[ObjectStore], object]) -> Callable[[ObjectStore], None]:
    def rival(store: ObjectStore) -> None:
        try:
            act(store)
        except MiniProgramError:
            return

    return rival


def test_a_rollback_meanwhile_gets_a_whole_version_or_is_refused() -> None:
    outcomes = set()
    back = refused_or_done(lambda store: rollback(storage_over(store), "shop", "1.1.0", now=NOON))
    for store in interleavings(with_versions, lambda store: prune(owner(store), ["shop"], keep=2), back):
        require_whole(store, storage_over(store).keys, "shop", pointed_to(store))
        outcomes.add(pointed_to(store))
    assert outcomes == {"1.1.0", "1.4.0"}


def test_a_prune_in_the_middle_of_a_rollback_does_no_harm() -> None:
    outcomes = set()
    for store in interleavings(
        with_versions,
        refused_or_done(lambda store: rollback(storage_over(store), "shop", "1.1.0", now=NOON)),
        lambda store: prune(owner(store), ["shop"], keep=2),
    ):
        require_whole(store, storage_over(store).keys, "shop", pointed_to(store))
        outcomes.add(pointed_to(store))
    assert outcomes == {"1.1.0", "1.4.0"}


def published_again(store: ObjectStore) -> None:
    layout = cloud_layout(sample_release(version="1.1.0"), CloudLocation("test", "dev", "bucket", "here"))
    publish_to_store(store, layout, allow_older=True)


@pytest.mark.parametrize("turn", ["a publish meanwhile", "a prune meanwhile"])
def test_publishing_what_goes_ends_with_a_whole_version_that_is_pointed_to(turn: str) -> None:
    def run_prune(store: ObjectStore) -> None:
        prune(owner(store), ["shop"], keep=2)

    act, rival = refused_or_done(published_again), run_prune
    if turn == "a publish meanwhile":
        act, rival = run_prune, refused_or_done(published_again)
    outcomes = set()
    for store in interleavings(with_versions, act, rival):
        latest = pointed_to(store)
        require_whole(store, storage_over(store).keys, "shop", latest)
        outcomes.add(latest)
    assert "1.1.0" in outcomes


def released() -> World:
    world = make_world(MemoryObjectStore())
    world.publish("1.3.0", "1.4.0")
    world.full("1.2.0")
    return world


@pytest.mark.parametrize("turn", ["a release meanwhile", "a prune meanwhile"])
def test_a_release_of_what_goes_is_refused_or_stays(turn: str) -> None:
    target = released().target

    def create(store: ObjectStore) -> None:
        perform(owner(store), "shop", "create", "1.0.0", target)

    def run_prune(store: ObjectStore) -> None:
        prune(owner(store), ["shop"], keep=1)

    act, rival = refused_or_done(create), run_prune
    if turn == "a release meanwhile":
        act, rival = run_prune, refused_or_done(create)
    created = set()
    for store in interleavings(lambda: released().store, act, rival):
        live = require_releases(storage_over(store), "shop").live("1.0.0", target)
        created.add(live is not None)
        if live is not None:
            require_whole(store, storage_over(store).keys, "shop", "1.0.0")
    assert created == {True, False}
