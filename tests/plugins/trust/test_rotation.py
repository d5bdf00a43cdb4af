"""Other keys for a role: hosts follow unchanged, at every moment of it, wherever it is cut off."""

from __future__ import annotations

import json

import pytest

from miniprogram.errors import StoreError, UsageError
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import FaultyStore
from miniprogram_trust.errors import TrustError
from miniprogram_trust.service import sign_again
from testbed.trust_world import FOLDER, TrustWorld, copy_of, resigned, verify_versions

ALL = ("root-1", "targets", "online", "dev")


def test_hosts_follow_the_root_from_version_1_to_5_unchanged(world: TrustWorld) -> None:
    root = world.begin()
    world.publish()
    sleeper = world.host(root, "sleeper")
    assert sleeper.refresh() == 1
    world.rotate("root", ["root-2a", "root-2b", "root-2c"], (*ALL, "root-2a", "root-2b"), threshold=2)
    world.rotate("timestamp", ["online-2"], (*ALL, "root-2a", "root-2c", "online-2"))
    world.rotate("snapshot", ["online-2"], (*ALL, "root-2b", "root-2c", "online-2"))
    world.rotate("targets", ["targets-2"], (*ALL, "root-2a", "root-2b", "online-2", "targets-2"))
    world.rotate("shop", ["dev-2"], ("targets-2", "online-2", "dev-2"))
    world.publish("2.0.0", by=("dev-2", "online-2"))

    for name in ("sleeper", "new host"):
        host = world.host(root, name)
        assert host.refresh() == 5
        assert json.loads(host.load(host.version("shop", "2.0.0"), "screens/shop_home.json"))
        host.version("shop", "1.0.0")
    assert [name for name in world.names() if name.endswith("root.json")] == [
        f"{n}.root.json" for n in range(1, 6)
    ]


def test_a_host_may_pin_any_root_there_was(world: TrustWorld) -> None:
    world.begin()
    world.publish()
    world.rotate("root", ["root-2"], (*ALL, "root-2"))
    world.rotate("root", ["root-3"], ("root-2", "root-3"))

    for number in (1, 2, 3):
        assert world.host(world.read(f"{number}.root.json"), f"host-{number}").refresh() == 3


def test_a_new_root_needs_the_keys_of_the_old_one_and_its_own(world: TrustWorld) -> None:
    world.begin(threshold=2)

    with pytest.raises(TrustError, match="root needs 2 signatures, and the keys at hand give 1"):
        world.rotate("root", ["thief"], ("root-1", "thief"))
    with pytest.raises(TrustError, match="signatures of its own keys too"):
        world.rotate("root", ["root-9"], ("root-1", "root-2"))
    assert "2.root.json" not in world.names()


@pytest.mark.parametrize(("keys", "threshold"), [(1, 2), (3, 4), (2, 0)])
def test_a_threshold_that_the_keys_cannot_reach_is_refused(keys: int, threshold: int, world: TrustWorld) -> None:
    world.begin()

    with pytest.raises(UsageError, match="cannot give"):
        world.rotate("shop", [f"dev-{n}" for n in range(keys)], ALL, threshold=threshold)


def test_one_key_named_twice_is_one(world: TrustWorld) -> None:
    world.begin()

    with pytest.raises(UsageError, match="1 key cannot give 2 signatures"):
        world.rotate("shop", ["dev", "dev"], ALL, threshold=2)


def test_a_mini_program_may_need_two_who_sign(world: TrustWorld) -> None:
    root = world.begin()
    world.rotate("shop", ["dev", "lead"], (*ALL, "lead"), threshold=2)

    with pytest.raises(TrustError, match="program-shop needs 2 signatures, and the keys at hand give 1"):
        world.publish(by=("dev", "online"))
    world.publish(by=("dev", "lead", "online"))
    assert verify_versions(world, root) == ["1.0.0"]


@pytest.mark.parametrize("role", ["root", "targets", "snapshot", "timestamp", "shop"])
def test_while_the_old_keys_are_there_no_host_finds_a_moment_without(role: str, world: TrustWorld) -> None:
    """After every single write of a rotation the store is cut off: hosts go on, and so does the rotation."""
    root = world.begin()
    world.publish()
    started, at = copy_of(world.store), 0
    while True:
        world.store = copy_of(started)
        try:
            world.rotate(role, ["new"], (*ALL, "new"), store=FaultyStore(world.store, fail_at=at))
        except StoreError:
            assert verify_versions(world, root) == ["1.0.0"]
            world.rotate(role, ["new"], (*ALL, "new"))
            assert verify_versions(world, root) == ["1.0.0"]
            at += 1
        else:
            break
    assert at >= 1
    world.publish("1.1.0", by=(*ALL, "new"))
    assert verify_versions(world, root) == ["1.0.0", "1.1.0"]


@pytest.mark.parametrize("role", ["targets", "snapshot", "timestamp"])
def test_a_rotation_of_stolen_keys_that_was_cut_off_is_gone_on_with(role: str, world: TrustWorld) -> None:
    root = world.begin()
    world.publish()
    world.store, started, at = world.store, copy_of(world.store), 0
    keys = (*ALL, "new")
    while True:
        world.store = copy_of(started)
        try:
            world.rotate(role, ["new"], keys, stolen=True, store=FaultyStore(world.store, fail_at=at))
        except StoreError:
            if "2.root.json" in world.names():
                with pytest.raises(TrustError):
                    verify_versions(world, root)  # refused, rather than taken from a thief
                sign_again(world.writer(*keys), world.renewal(*keys, recovers=True), recover=True)
            assert verify_versions(world, root) == ["1.0.0"]
            at += 1
        else:
            break
    assert at >= 3


def test_two_who_rotate_at_once_do_not_both_succeed(world: TrustWorld) -> None:
    root = world.begin()
    world.publish()
    theirs = copy_of(world.store)
    world.rotate("root", ["root-2"], (*ALL, "root-2"))
    with pytest.raises(TrustError):
        world.rotate("root", ["root-3"], (*ALL, "root-3"))
    assert isinstance(theirs, MemoryObjectStore)
    assert world.host(root).refresh() == 2


def test_trust_files_lie_where_the_map_says(world: TrustWorld) -> None:
    world.begin()
    world.publish()

    digest = next(name for name in world.names() if name.startswith("targets/"))
    assert digest.startswith("targets/shop/")
    assert digest.endswith(".1.0.0.json")
    assert world.store.get(f"{FOLDER}timestamp.json") is not None


def test_a_stolen_key_signs_nothing_more_and_counting_begins_anew(world: TrustWorld) -> None:
    """The thief has written the greatest number there is to the store, too: nobody could count on from there."""
    root = world.begin()
    world.publish()
    world.write(
        "timestamp.json",
        resigned(world, "timestamp.json", lambda signed: signed.update(version=2**53 - 1), "online"),
    )

    world.rotate("timestamp", ["new"], (*ALL, "new"), stolen=True)

    stamp = json.loads(world.read("timestamp.json"))
    assert [each["keyid"] for each in stamp["signatures"]] == [world.keyring().named("new").keyid]
    assert stamp["signed"]["version"] == 1
    assert verify_versions(world, root) == ["1.0.0"]
