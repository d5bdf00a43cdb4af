"""A document that cannot be read: its last good state goes on, and keys open nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from delivery.documents.failing_store import (
    KEY,
    RELEASES,
    SOFT_S,
    Store,
    World,
)

BROKEN = [b"", b"{", b"[]", b"\xff", b'{"policy": {"formatVersion": 1}}', b'{"policy": {"formatVersion": 9}}',
          b'{"policy": []}', b'{"a": 1, "a": 2}', b"[" * 100_000, b'{"defaultVersion": NaN}']  # fmt: skip


@pytest.mark.parametrize("body", BROKEN, ids=[repr(body)[:24] for body in BROKEN])
@pytest.mark.parametrize(
    ("program", "key"),
    [("shop", RELEASES), ("plain", "metadata/catalog/plain.json"), ("ruled", "metadata/rollout-rules/ruled.json"),
     ("ruled", "metadata/capability-policies/ruled.json")],
)  # fmt: skip
def test_the_last_good_state_of_a_broken_document_goes_on(
    world: World, program: str, key: str, body: bytes
) -> None:
    before = {name: world.latest(name) for name in ("shop", "plain", "ruled", "locked")}
    world.store.objects[key] = body
    world.now += SOFT_S
    for _ in range(3):
        after = {name: world.latest(name) for name in before}
    inspection = json.loads(world.get(f"/api/debug/manifests/{program}/decision").body)

    assert after == before
    is_broken = not (body.startswith(b'{"policy"') and key != RELEASES) or key.startswith("metadata/rollout")
    if is_broken and "olderStates" in inspection:
        assert [each["key"] for each in inspection["olderStates"]] == [key]
    assert {error.key for error in world.degraded} <= {key}
    assert len(world.degraded) <= 1, "told once"


def test_a_second_broken_state_does_not_lose_the_good_one_and_a_good_one_ends_it(world: World) -> None:
    key = "metadata/rollout-rules/ruled.json"
    assert world.latest("ruled") == (200, "1.0.0")
    for body in (b"{", b"[", b"{}"):
        world.store.objects[key] = body
        world.now += SOFT_S
        assert world.latest("ruled") == (200, "1.0.0")
    assert len(world.degraded) == 3, "each new trouble is told"

    world.store.objects[key] = b'{"defaultVersion": "1.1.0"}'
    world.now += SOFT_S
    assert world.latest("ruled") == (200, "1.1.0")
    assert "olderStates" not in json.loads(world.get("/api/debug/manifests/ruled/decision").body)


def test_a_broken_document_nobody_knew_before_is_told_to_its_callers_only(objects: dict[str, Any]) -> None:
    objects["metadata/rollout-rules/ruled.json"] = b"{"
    world = World(Store(objects))

    assert world.latest("ruled")[0] == 500
    assert world.latest("plain") == (200, "1.0.0")


def test_keys_that_cannot_be_read_open_nothing_whatever_was_known(world: World) -> None:
    key = {"x_mini_program_access_key": KEY}
    assert world.latest("locked", **key)[0] == 200
    world.store.objects["metadata/access_keys/locked.json"] = b"{"
    world.now += SOFT_S

    assert world.latest("locked", **key)[0] == 500
