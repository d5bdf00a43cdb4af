"""Access keys under two hands, at every moment of each other: no key is lost, and a revoked one stays revoked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from miniprogram.keys.key_text import generate_key
from miniprogram.keys.lifecycle import PolicyLocation, create_key, read_policy, revoke_key, rotate_key
from miniprogram.seams.object_store import ObjectStore
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import interleavings

KEYS = {name: generate_key() for name in ("old", "ours", "theirs")}
Act = Callable[[ObjectStore], object]


def location(store: ObjectStore) -> PolicyLocation:
    return PolicyLocation(store, "metadata/access_keys/shop.json", "shop")


@pytest.fixture
def start(noon: datetime) -> Callable[[], ObjectStore]:
    def make() -> ObjectStore:
        store = MemoryObjectStore()
        create_key(location(store), "old", KEYS["old"], now=noon)
        return store

    return make


def states(store: ObjectStore) -> dict[str, bool]:
    policy = read_policy(location(store))
    assert policy is not None
    return {entry.id: entry.active for entry in policy.keys}


@pytest.mark.parametrize("protected", [False, True], ids=["first keys", "further keys"])
def test_two_keys_made_at_once_both_open(
    start: Callable[[], ObjectStore], noon: datetime, *, protected: bool
) -> None:
    acts: list[Act] = [
        lambda store, name=name: create_key(location(store), name, KEYS[name], now=noon)  # type: ignore[misc]
        for name in ("ours", "theirs")
    ]

    for store in interleavings(start if protected else MemoryObjectStore, *acts):
        wanted = {"ours": True, "theirs": True}
        assert states(store) == ({"old": True, **wanted} if protected else wanted)


def test_revoking_wins_over_everything_that_happens_meanwhile(
    start: Callable[[], ObjectStore], noon: datetime
) -> None:
    rivals: list[tuple[Act, set[str]]] = [
        (lambda store: create_key(location(store), "theirs", KEYS["theirs"], now=noon), {"theirs"}),
        (lambda store: revoke_key(location(store), "old", now=noon), set()),
        (
            lambda store: rotate_key(location(store), "old", new_id="theirs", key=KEYS["theirs"], now=noon),
            {"theirs"},
        ),
    ]

    def revoke(store: ObjectStore) -> None:
        revoke_key(location(store), "old", now=noon)

    for rival, added in rivals:
        for act, other in ((revoke, rival), (rival, revoke)):
            for store in interleavings(start, act, other):
                assert states(store) == {"old": False, **dict.fromkeys(added, True)}
