"""Trust metadata travels with a version, and vouches for it from the pinned root on, or not at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from miniprogram.errors import MiniProgramError
from miniprogram.packages.release_record import read_record
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram_trust.carried import carried, check_carried
from miniprogram_trust.errors import TrustError
from testbed.trust_world import KEYS, TrustWorld

SHOP = ("shop", "1.0.0")


def taken_along(world: TrustWorld, version: tuple[str, str] = SHOP) -> MemoryObjectStore:
    """What arrives of the metadata of a store."""
    arrived = MemoryObjectStore()
    for key in carried(world.store, KEYS, version, None):
        found = world.store.get(key)
        assert found is not None, key
        arrived.put(key, found.body)
    return arrived


def digest(world: TrustWorld) -> str:
    found = world.store.get(KEYS.release_record_key(*SHOP))
    record = read_record(found.body) if found is not None else None
    assert record is not None
    assert record.digest is not None
    return record.digest


def test_what_was_signed_is_vouched_for_where_it_arrives(world: TrustWorld) -> None:
    pinned = world.begin()
    world.publish()
    world.publish("1.1.0")
    arrived = taken_along(world)
    assert check_carried(arrived, KEYS, SHOP, digest(world), pinned) is True
    lists = [info.key for info in arrived.list("metadata/trust/targets/")]
    assert len(lists) == 1, "no other version comes along"


def test_a_root_that_was_pinned_before_a_rotation_still_vouches(world: TrustWorld) -> None:
    pinned = world.begin()
    world.publish()
    world.rotate("root", ["root-9"], ("root-1", "root-9"))
    assert check_carried(taken_along(world), KEYS, SHOP, digest(world), pinned) is True


def test_an_unsigned_store_has_nothing_to_take_along(world: TrustWorld) -> None:
    world.publish(signed=False)
    assert carried(world.store, KEYS, SHOP, None) == ()


def test_a_version_nobody_vouches_for_is_not_taken_along(world: TrustWorld) -> None:
    world.begin()
    world.publish()
    with pytest.raises(TrustError, match="nobody vouches for shop 9"):
        carried(world.store, KEYS, ("shop", "9.0.0"), None)


def test_without_a_pinned_root_nobody_can_say(world: TrustWorld) -> None:
    world.begin()
    world.publish()
    assert check_carried(taken_along(world), KEYS, SHOP, digest(world), None) is None


def test_nothing_that_came_is_refused_where_a_root_is_pinned(world: TrustWorld) -> None:
    """A downgrade to unsigned."""
    pinned = world.begin()
    with pytest.raises(TrustError, match="no trust metadata came"):
        check_carried(MemoryObjectStore(), KEYS, SHOP, "sha256:x", pinned)


def test_metadata_of_another_root_vouches_for_nothing(world: TrustWorld) -> None:
    pinned = world.begin()
    thief = replace(world, store=MemoryObjectStore(), known={})
    thief.begin()
    thief.publish()
    with pytest.raises(MiniProgramError):
        check_carried(taken_along(thief), KEYS, SHOP, digest(thief), pinned)


def test_every_file_that_is_missing_or_changed_is_noticed(world: TrustWorld) -> None:
    pinned = world.begin()
    world.publish()
    whole, wanted = taken_along(world), digest(world)
    for info in whole.list(""):
        for body in (None, b"{}", b"x" * 10):
            arrived = MemoryObjectStore()
            for other in whole.list(""):
                stored = whole.get(other.key)
                content = body if other.key == info.key else stored.body if stored is not None else None
                if content is not None:
                    arrived.put(other.key, content)
            if info.key.endswith("1.root.json"):
                continue  # the pinned root stands in its place
            with pytest.raises(MiniProgramError):
                check_carried(arrived, KEYS, SHOP, wanted, pinned)


def test_other_content_than_was_signed_is_refused(world: TrustWorld) -> None:
    pinned = world.begin()
    world.publish()
    with pytest.raises(TrustError, match="is other content"):
        check_carried(taken_along(world), KEYS, SHOP, "sha256:" + "0" * 64, pinned)
