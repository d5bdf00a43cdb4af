"""What a version was built from: the statement, where it lies, and the rule of a target that demands it."""

from __future__ import annotations

import base64
import builtins
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from miniprogram.attestations.build import Build
from miniprogram.attestations.key_texts import key_text
from miniprogram.attestations.provenance import provenance_of, read_provenance
from miniprogram.attestations.source_revision import SourceRevision
from miniprogram.clock import to_iso
from miniprogram.delivery.documents.kinds import PROVENANCE
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.errors import StoreError
from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.host_apps import add_app, set_environment
from miniprogram.identity.roles import Actor, Grant, Role, store_owner
from miniprogram.packages.archive import write_archive
from miniprogram.publish.layouts.cloud import CloudLocation, cloud_layout
from miniprogram.publish.provenance import statement_maker
from miniprogram.publish.to_store import plan_to_store, publish_to_store
from miniprogram.refusals import Refused, Unacceptable
from miniprogram.releases.execution import perform
from miniprogram.releases.model.states import State
from miniprogram.seams.object_store import StoredObject
from miniprogram.seams.publish_target import Release
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.targets import Stage, Target
from miniprogram.testing import NOON, FaultyStore, WrappedStore, sample_release, sample_screens
from testbed.trust_world import MemoryKey

HERE = SourceRevision(
    "c0ffee" * 6 + "c0ff", dirty=False, repository="https://git.example.com/a.git", folder="shop"
)
BUILD = Build(HERE, NOON, NOON, {"miniprogram": "0.1.0"})
PLACE = CloudLocation("test", "dev", "bucket", "here", api_base_url="https://api.example.com/api")
PRODUCTION = Target(host_app="wallet", environment=Stage.PRODUCTION)
COMPLETE = {"title": "Shop", "description": "Buy things", "server_domains": ["https://api.example.com"]}
OURS, THIEF = MemoryKey("ours"), MemoryKey("thief")


def proven(version: str = "1.0.0", build: Build | None = BUILD, key: MemoryKey = OURS, **of: Any) -> Release:
    release = sample_release("shop", version, **of)
    if build is None:
        return release
    return replace(release, provenance=statement_maker(release.bundle, build, [key]))


def publish(store: MemoryObjectStore, release: Release) -> Any:
    return publish_to_store(store, cloud_layout(release, PLACE))


class Town:
    """An environment whose host app `wallet` demands provenance by our key."""

    def __init__(self) -> None:
        self.store = MemoryObjectStore()
        self.storage = EnvironmentStorage(
            self.store, environment="dev", api_base_url="https://api.example.com/api"
        )
        self.context = CommandContext(self.storage, store_owner("ann"), NOON)
        add_app(self.context, "wallet", stages=[Stage.TEST])
        self.demand(key_text(OURS.public()))

    def demand(self, *keys: str, stage: Stage = Stage.PRODUCTION) -> None:
        set_environment(self.context, "wallet", stage, {"provenance_keys": list(keys)})

    @property
    def key(self) -> str:
        return self.storage.keys.key(PROVENANCE, "shop", "1.0.0")

    def draft(self, target: Target = PRODUCTION) -> None:
        perform(self.context, "shop", "create", "1.0.0", target)
        perform(self.context, "shop", "configure", "1.0.0", target, **COMPLETE)

    def apply(self, target: Target = PRODUCTION) -> State:
        return perform(self.context, "shop", "apply", "1.0.0", target).release.state

    def refused(self, act: Callable[[], object]) -> str:
        with pytest.raises(Refused) as caught:
            act()
        assert caught.value.rule == "provenance_proven"
        return str(caught.value)


@pytest.fixture
def town() -> Town:
    return Town()


def statement(body: bytes) -> Any:
    return json.loads(base64.b64decode(json.loads(body)["payload"]))


def test_the_statement_is_slsa_provenance_as_it_is_specified() -> None:
    bundle = sample_release("shop", "1.0.0").bundle
    said = statement(provenance_of(bundle, BUILD, [OURS]))

    assert (said["_type"], said["predicateType"]) == (
        "https://in-toto.io/Statement/v1",
        "https://slsa.dev/provenance/v1",
    )
    [subject], predicate = said["subject"], said["predicate"]
    assert subject["digest"] == {
        "sha256": hashlib.sha256(write_archive(bundle)).hexdigest(),
        "miniprogramBundle": bundle.digest.removeprefix("sha256:"),
    }
    [commit] = predicate["buildDefinition"]["resolvedDependencies"]
    assert (commit["uri"], commit["digest"]) == ("git+https://git.example.com/a.git", {"gitCommit": HERE.commit})
    assert predicate["runDetails"]["builder"]["version"] == {"miniprogram": "0.1.0"}
    assert predicate["runDetails"]["metadata"]["finishedOn"] == to_iso(NOON)


def test_it_is_read_as_it_was_said() -> None:
    bundle = sample_release("shop", "1.0.0").bundle
    found = read_provenance(provenance_of(bundle, BUILD, [OURS]), [OURS.public()], name="it")

    assert (found.mini_program_id, found.version, found.digest) == ("shop", "1.0.0", bundle.digest)
    assert (found.commit, found.dirty, found.repository) == (HERE.commit, False, HERE.repository)


def test_publishing_writes_it_before_anything_points_to_the_version(town: Town) -> None:
    store = FaultyStore(town.store)
    layout = cloud_layout(proven(), PLACE)
    planned = plan_to_store(town.store, layout)
    outcome = publish_to_store(store, layout)

    assert town.key in planned.written
    assert town.key in outcome.written
    keys = town.storage.keys
    steps = [keys.release_record_key("shop", "1.0.0"), town.key, keys.catalog_pointer_key("shop")]
    assert [key for key in store.writes if key in steps][-3:] == steps


def test_publishing_again_writes_it_again_only_when_it_says_something_else(town: Town) -> None:
    publish(town.store, proven())
    later = replace(BUILD, finished=NOON.replace(hour=13))
    assert town.key not in publish(town.store, proven(build=later)).written
    assert town.key not in plan_to_store(town.store, cloud_layout(proven(build=later), PLACE)).written
    other = replace(BUILD, source=replace(HERE, commit="d" * 40))
    assert town.key in publish(town.store, proven(build=other)).written
    assert town.key in publish(town.store, proven(build=other, key=THIEF)).written


def test_a_version_without_provenance_stays_as_it_is(town: Town) -> None:
    publish(town.store, proven(build=None))
    assert town.store.get(town.key) is None


def test_what_is_proven_goes_through_every_door(town: Town) -> None:
    publish(town.store, proven())
    town.draft()
    assert town.apply() is State.IN_REVIEW
    assert perform(town.context, "shop", "approve", "1.0.0", PRODUCTION).release.state is State.APPROVED


UNPROVEN: dict[str, tuple[Build | None, MemoryKey, str]] = {
    "nothing said": (None, OURS, "has no provenance; publish it with --provenance"),
    "another key": (BUILD, THIEF, "not signed with a key that counts"),
    "no commit": (replace(BUILD, source=None), OURS, "names no commit"),
    "uncommitted": (
        replace(BUILD, source=replace(HERE, dirty=True)),
        OURS,
        "changes that are not in commit c0ffee",
    ),
}


@pytest.mark.parametrize(("build", "key", "why"), UNPROVEN.values(), ids=list(UNPROVEN))
@pytest.mark.parametrize("stage", [Stage.PRODUCTION, Stage.TEST])
def test_what_is_not_proven_is_refused(
    town: Town, build: Build | None, key: MemoryKey, why: str, stage: Stage
) -> None:
    """Reviewed or not, the rule of the target stands in the way."""
    target = Target(host_app="wallet", environment=stage)
    town.demand(key_text(OURS.public()), stage=stage)
    publish(town.store, proven(build=build, key=key))
    town.draft(target)

    said = town.refused(lambda: town.apply(target))
    assert why in said
    assert f"{target} demands provenance" in said


def test_provenance_of_another_version_or_content_proves_nothing(town: Town) -> None:
    publish(town.store, proven(build=None))
    town.draft()
    foreign = proven("1.1.0")
    other = sample_release("shop", "1.0.0", screens=sample_screens(text="Other"))
    for bundle, why in ((foreign.bundle, "is about shop 1.1.0"), (other.bundle, "is about other content")):
        town.store.put(town.key, provenance_of(bundle, BUILD, [OURS]), **PROVENANCE.headers())
        assert why in town.refused(town.apply)


def test_damaged_provenance_is_refused_and_not_passed_over(town: Town) -> None:
    publish(town.store, proven())
    town.draft()
    body = town.store.get(town.key).body  # type: ignore[union-attr]
    for broken in (b"", b"{}", body[:-20], body.replace(b"payload", b"Payload")):
        town.store.put(town.key, broken, **PROVENANCE.headers())
        town.refused(town.apply)


def test_where_signatures_cannot_be_checked_nothing_is_proven(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(town.store, proven())
    town.draft()
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.startswith("cryptography"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    assert "cannot be checked here" in town.refused(town.apply)


def test_a_rule_made_after_the_application_counts_for_the_approval(town: Town) -> None:
    town.demand()
    publish(town.store, proven(build=None))
    town.draft()
    town.apply()
    town.demand(key_text(OURS.public()))
    town.refused(lambda: perform(town.context, "shop", "approve", "1.0.0", PRODUCTION))


def test_the_rule_holds_for_people_of_a_server_too(town: Town) -> None:
    publish(town.store, proven(build=None))
    town.draft()
    admin = Actor(name="ada", grants=(Grant(role=Role.ADMIN),), authenticated=True, via="api")
    context = replace(town.context, actor=admin)
    town.refused(lambda: perform(context, "shop", "apply", "1.0.0", PRODUCTION))


def test_a_rule_with_what_is_no_key_is_not_made(town: Town) -> None:
    for text in ("ours.pem", "ed25519:", "md5:" + "A" * 60):
        with pytest.raises(Unacceptable):
            town.demand(text)


def test_a_store_that_fails_ends_the_command_and_is_no_answer(town: Town) -> None:
    class Failing(WrappedStore):
        def get(self, key: str) -> StoredObject | None:
            if key == town.key:
                raise StoreError("the store is away")
            return super().get(key)

    publish(town.store, proven())
    town.draft()
    storage = replace(town.storage, store=Failing(town.store))
    with pytest.raises(StoreError, match="is away"):
        perform(replace(town.context, storage=storage), "shop", "apply", "1.0.0", PRODUCTION)
