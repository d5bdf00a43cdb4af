"""Signing what is published: before hosts are sent to it, whoever else signs, wherever it is cut off."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from miniprogram.catalogue.references import signed_versions
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.errors import PublishError, StoreError
from miniprogram.testing import FaultyStore, InterleavingStore
from miniprogram_trust.errors import TrustError
from miniprogram_trust.repository import load
from miniprogram_trust.service import sign_again, sign_version, withdraw
from miniprogram_trust.signed_list import stored_version
from testbed.trust_world import FOLDER, KEYS, PLACE, TrustWorld, copy_of, later, resigned, verify_versions

POINTER = KEYS.catalog_pointer_key("shop")


def test_a_published_version_is_what_hosts_verify(world: TrustWorld) -> None:
    root = world.begin()
    world.publish()
    host = world.host(root)

    assert host.refresh() == 1
    listed = host.version("shop", "1.0.0")
    assert set(listed.files) == {"manifest.json", "screens/shop_details.json", "screens/shop_home.json"}
    assert json.loads(host.load(listed, "screens/shop_home.json"))["data"] == "Welcome"


def test_the_signature_is_there_before_anything_points_to_the_version(world: TrustWorld) -> None:
    world.begin()
    store = FaultyStore(world.store)

    world.publish(store=store)

    assert store.writes.index(f"{FOLDER}timestamp.json") < store.writes.index(POINTER)
    trust = [key for key in store.writes if key.startswith(FOLDER)]
    assert [key.removeprefix(FOLDER).partition("/")[0] for key in trust] == [
        "targets", "1.program-shop.json", "2.snapshot.json", "timestamp.json",
    ]  # fmt: skip


def test_publishing_again_signs_nothing_and_asks_no_key(world: TrustWorld) -> None:
    world.begin()
    world.publish()
    before, asked = world.names(), world.key("dev").asked

    outcome = world.publish()

    assert (outcome.written, world.names(), world.key("dev").asked) == ((), before, asked)


def test_without_a_key_that_may_sign_nobody_is_sent_to_the_version(world: TrustWorld) -> None:
    world.begin()
    world.publish()

    with pytest.raises(TrustError, match="program-shop needs 1 signature, and the keys at hand give 0"):
        world.publish("1.1.0", by=("online", "stranger"))
    with pytest.raises(TrustError, match="snapshot needs 1 signature"):
        world.publish("1.1.0", by=("dev",))

    found = world.store.get(POINTER)
    assert found is not None
    assert json.loads(found.body)["latestVersion"] == "1.0.0"
    assert verify_versions(world, world.read("1.root.json")) == ["1.0.0"]


def test_without_the_plugin_a_signed_store_takes_no_version(world: TrustWorld) -> None:
    world.begin()

    with pytest.raises(PublishError, match=r"nothing here can sign shop 1.0.0"):
        world.publish(signed=False)
    assert world.store.get(POINTER) is None


def test_a_store_that_is_not_signed_stays_so(world: TrustWorld) -> None:
    world.publish(by=())

    assert world.names() == []
    assert world.store.get(POINTER) is not None


def test_a_mini_program_that_nobody_may_sign_is_refused(world: TrustWorld) -> None:
    world.begin()

    with pytest.raises(TrustError, match="nobody may sign other") as refusal:
        world.publish(program="other")
    assert "trust rotate other --key" in str(refusal.value.hint)


def test_the_key_of_one_mini_program_signs_no_other(world: TrustWorld) -> None:
    world.begin()
    world.rotate("other", ["other-dev"], ("targets", "online", "other-dev"))

    with pytest.raises(TrustError, match="program-other needs 1 signature"):
        world.publish(program="other", by=("dev", "online"))


def test_new_addresses_in_a_version_are_signed_anew(world: TrustWorld) -> None:
    """What hosts are sent counts: screens with addresses in them are signed as they are stored."""
    root = world.begin()
    world.publish(picture=True)
    assert verify_versions(world, root) == ["1.0.0"]

    moved = world.publish(picture=True, place=replace(PLACE, api_base_url="https://other.example/api"))

    assert f"{FOLDER}timestamp.json" in moved.written
    assert verify_versions(world, root) == ["1.0.0"]
    assert sign_version(world.writer("dev", "online"), stored_version(world.store, KEYS, "shop", "1.0.0")) is False


def test_a_version_from_before_signing_began_is_signed_from_the_store(world: TrustWorld) -> None:
    world.publish(by=())
    root = world.begin()
    with pytest.raises(TrustError, match=r"shop 1\.0\.0 is not signed"):
        refreshed(world, root).version("shop", "1.0.0")

    sign_version(world.writer("dev", "online"), stored_version(world.store, KEYS, "shop", "1.0.0"))

    assert verify_versions(world, root) == ["1.0.0"]


def test_a_version_whose_files_were_changed_is_not_signed(world: TrustWorld) -> None:
    world.publish(by=())
    world.begin()
    world.store.put(KEYS.screen_key("shop", "1.0.0", "shop_home"), b'{"type":"text","data":"evil"}')

    with pytest.raises(TrustError, match=r"screens/shop_home.json is not what was published"):
        stored_version(world.store, KEYS, "shop", "1.0.0")


def test_a_withdrawn_version_is_refused_from_then_on(world: TrustWorld) -> None:
    root = world.begin()
    world.publish()
    world.publish("1.1.0")

    assert withdraw(world.writer("dev", "online"), "shop", "1.0.0") is True
    assert withdraw(world.writer("dev", "online"), "shop", "1.0.0") is False

    assert verify_versions(world, root) == ["1.1.0"]
    assert signed_versions(EnvironmentStorage(world.store, KEYS), "shop") == ["1.1.0"], "its list went"


def test_two_who_sign_at_once_are_both_signed(world: TrustWorld) -> None:
    """The rival publishes whole before each call of ours in turn, that of the last write included."""
    root = world.begin()
    started = copy_of(world.store)
    probe = InterleavingStore(copy_of(started))
    world.publish("1.0.0", store=probe)
    moments = [number for number, (_, key) in enumerate(probe.calls) if key.startswith(FOLDER)]

    assert len(moments) > 8
    for number in moments:
        world.store = copy_of(started)
        store = InterleavingStore(world.store)
        store.before_call(number, lambda inner: world.publish("1.1.0", store=inner, by=("dev", "online")))
        with suppress(PublishError):  # the rival's is higher and served: ours is signed all the same
            world.publish("1.0.0", store=store)
        assert store.all_met
        assert verify_versions(world, root, f"host-{number}") == ["1.0.0", "1.1.0"]


def test_cut_off_at_any_write_the_store_is_whole_and_publishing_again_completes_it(world: TrustWorld) -> None:
    root = world.begin()
    world.publish()
    started, at = copy_of(world.store), 0
    while True:
        world.store = copy_of(started)
        try:
            world.publish("1.1.0", text="new", store=FaultyStore(world.store, fail_at=at))
        except StoreError:
            versions = verify_versions(world, root, f"cut-{at}")
            assert versions in (["1.0.0"], ["1.0.0", "1.1.0"])
            pointer = world.store.get(POINTER)
            assert pointer is not None
            assert json.loads(pointer.body)["latestVersion"] in versions
            world.publish("1.1.0", text="new")
            assert verify_versions(world, root, f"again-{at}") == ["1.0.0", "1.1.0"]
            at += 1
        else:
            break
    assert at > 8


def test_what_is_due_is_signed_again_as_far_as_keys_are_at_hand(world: TrustWorld) -> None:
    root = world.begin()
    world.publish()
    world.now = later(days=5)
    renewal = world.renewal("online")

    sign_again(world.writer("online"), renewal)

    assert (renewal.renewed, renewal.left) == (["snapshot", "timestamp"], [])
    found = load(world.writer().files, root)
    assert found is not None
    assert found.timestamp.signed.expires == later(days=12)

    world.now = later(days=85)
    renewal = world.renewal("online")
    sign_again(world.writer("online"), renewal)
    assert renewal.left == ["program-shop"]


def test_nothing_due_writes_nothing(world: TrustWorld) -> None:
    world.begin()
    before = world.names()

    sign_again(world.writer("online"), world.renewal("online"))

    assert world.names() == before


def test_a_root_that_is_due_is_signed_again_with_its_keys(world: TrustWorld) -> None:
    root = world.begin(threshold=2)
    world.now = later(days=300)
    left = world.renewal("root-1", "online", "targets")
    sign_again(world.writer("root-1", "online", "targets"), left)
    assert left.left == ["root"]

    keys = ("root-1", "root-3", "online", "targets")
    renewal = world.renewal(*keys)
    sign_again(world.writer(*keys), renewal)

    assert "root" in renewal.renewed
    found = load(world.writer().files, root)
    assert found is not None
    assert (found.root.version, found.root.expires) == (2, later(days=665))


def test_what_a_thief_of_the_store_wrote_is_not_signed_by_us(world: TrustWorld) -> None:
    """He puts a version of his into the role; whoever publishes next must not build on it."""
    world.begin()
    world.publish()
    role = json.loads(world.read("1.program-shop.json"))
    role["signed"]["targets"]["shop/6.6.6.json"] = role["signed"]["targets"]["shop/1.0.0.json"]
    world.write("1.program-shop.json", json.dumps(role).encode())

    with pytest.raises(TrustError, match="cannot be trusted"):
        world.publish("1.1.0")


def test_a_pinned_root_is_believed_and_no_other(world: TrustWorld) -> None:
    """A thief of the store replaces everything by a repository of his own, in which our key may sign too."""
    root = world.begin()
    world.publish()
    thief = TrustWorld(world.folder / "thief", known={"dev": world.key("dev"), "online": world.key("online")})
    thief.begin()
    with pytest.raises(TrustError):
        sign_again(thief.writer("online", pinned=root), thief.renewal("online", everything=True))


def refreshed(world: TrustWorld, root: bytes, name: str = "host"):  # type: ignore[no-untyped-def]
    host = world.host(root, name)
    host.refresh()
    return host


def claim_more(signed: dict[str, Any]) -> None:
    signed["targets"]["shop/6.6.6.json"] = signed["targets"]["shop/1.0.0.json"]


def vouched_for(world: TrustWorld, role: str, body: bytes, *, snapshot_key: str | None = "online") -> None:
    """The snapshot and the time stamp as a thief of the online key makes them, for a role of his."""
    digest = {"version": 1, "length": len(body), "hashes": {"sha256": hashlib.sha256(body).hexdigest()}}
    world.write(f"1.{role}.json", body)
    snapshot = resigned(
        world,
        "2.snapshot.json",
        lambda signed: signed["meta"].update({f"{role}.json": digest}),
        *([snapshot_key] if snapshot_key else []),
    )
    world.write("2.snapshot.json", snapshot)
    named = {"version": 2, "length": len(snapshot), "hashes": {"sha256": hashlib.sha256(snapshot).hexdigest()}}
    stamp = resigned(
        world, "timestamp.json", lambda signed: signed["meta"].update({"snapshot.json": named}), "online"
    )
    world.write("timestamp.json", stamp)


def test_what_a_thief_of_the_online_key_says_of_a_mini_program_is_not_built_on(world: TrustWorld) -> None:
    world.begin()
    world.publish()
    vouched_for(world, "program-shop", resigned(world, "1.program-shop.json", claim_more, "online"))

    with pytest.raises(TrustError, match="program-shop was signed by 0/1 keys"):
        world.publish("1.1.0")


def test_a_snapshot_that_its_key_did_not_sign_is_not_built_on(world: TrustWorld) -> None:
    """Its digest is in a time stamp that is right: the thief has the key of that role only."""
    world.begin()
    world.publish()
    vouched_for(world, "program-shop", world.read("1.program-shop.json"), snapshot_key=None)

    with pytest.raises(TrustError, match="snapshot was signed by 0/1 keys"):
        world.publish("1.1.0")


def test_a_root_that_the_one_before_did_not_sign_is_not_built_on(world: TrustWorld) -> None:
    world.begin()
    thief = TrustWorld(world.folder / "thief", known={"online": world.key("online"), "dev": world.key("dev")})
    thief.begin()
    thief.rotate("root", ["thief"], ("root-1", "targets", "online", "dev", "thief"))
    world.write("2.root.json", thief.read("2.root.json"))

    with pytest.raises(TrustError, match=r"root 2 in .* cannot be trusted"):
        world.publish()


def test_an_older_role_under_a_newer_number_is_not_built_on(world: TrustWorld) -> None:
    """Both are signed by their key: the digest in the snapshot tells them apart."""
    world.begin()
    world.publish()
    world.publish("1.1.0")
    world.write("2.program-shop.json", world.read("1.program-shop.json"))

    with pytest.raises(TrustError):
        world.publish("1.2.0")


def test_a_key_that_signs_something_else_is_caught_before_it_is_written(world: TrustWorld) -> None:
    world.begin()
    key, before = world.key("dev"), world.names()
    key.sign = lambda message: bytes(64)  # type: ignore[method-assign]

    with pytest.raises(TrustError, match="what dev signed cannot be verified with its own public key"):
        world.publish()
    assert [name for name in world.names() if not name.startswith("targets/")] == before
