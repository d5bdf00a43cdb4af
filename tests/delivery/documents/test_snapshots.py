"""What a server knew is on disk: a restarted one answers from it while the store is down."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from delivery.documents.failing_store import (
    HARD_S,
    KEY,
    RELEASES,
    SOFT_S,
    STALE_S,
    Store,
    World,
    digest_of,
)
from miniprogram.delivery.documents.cache.snapshot import DocumentSnapshot
from miniprogram.delivery.documents.outage import stale_if_error_from


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "snapshot"


def restarted(world: World, folder: Path, age_s: float = 0.0) -> World:
    """The same store behind a new process, which starts `age_s` after the other was last answered."""
    snapshot = DocumentSnapshot(str(folder), clock=lambda: 2_000.0 + age_s)
    after = World(world.store, snapshot=snapshot)
    after.store.is_down = True
    return after


def warmed(objects: dict[str, Any], folder: Path) -> World:
    world = World(Store(objects), snapshot=DocumentSnapshot(str(folder), clock=lambda: 2_000.0))
    for program in ("shop", "plain", "ruled"):
        assert world.latest(program) == (200, "1.0.0")
        assert world.get(f"/api/screens/{program}/1.0.0/home").status == 200
    assert world.latest("locked", x_mini_program_access_key=KEY)[0] == 200
    assert world.get("/api/discovery/mini-programs").status == 200
    return world


@pytest.mark.parametrize(("age", "status"), [(1.0, 200), (HARD_S + STALE_S - 1, 200), (HARD_S + STALE_S + 1, 503)])
@pytest.mark.parametrize("program", ["shop", "plain", "ruled"])
def test_a_restarted_server_answers_from_its_snapshot(
    objects: dict[str, Any], folder: Path, program: str, age: float, status: int
) -> None:
    world = restarted(warmed(objects, folder), folder, age)

    assert world.latest(program)[0] == status
    assert world.get(f"/api/screens/{program}/1.0.0/home").status == status


def test_a_snapshot_holds_no_keys_and_opens_no_protected_program(objects: dict[str, Any], folder: Path) -> None:
    world = restarted(warmed(objects, folder), folder, 1.0)

    assert world.latest("locked", x_mini_program_access_key=KEY)[0] == 503
    assert world.latest("locked")[0] == 503
    held = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert digest_of(KEY).encode() not in held
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.rglob("*") if path.is_file())


def test_a_program_that_became_protected_is_not_open_after_a_restart(
    objects: dict[str, Any], folder: Path
) -> None:
    world = warmed(objects, folder)
    keys = json.dumps({"keys": [{"sha256": digest_of(KEY)}]}).encode()
    world.store.objects["metadata/access_keys/plain.json"] = keys
    world.now += SOFT_S
    assert world.latest("plain")[0] == 401

    assert restarted(world, folder, 1.0).latest("plain")[0] == 503


def test_a_restarted_server_lists_programs(objects: dict[str, Any], folder: Path) -> None:
    world = restarted(warmed(objects, folder), folder, 1.0)
    response = world.get("/api/discovery/mini-programs")

    # the key document of the protected one is not at hand, so nobody can say whether it may be listed
    assert response.status == 503
    del objects["metadata/access_keys/locked.json"]


def test_the_last_good_state_outlives_the_process(objects: dict[str, Any], folder: Path) -> None:
    world = warmed(objects, folder)
    world.store.objects[RELEASES] = b"{"
    snapshot = DocumentSnapshot(str(folder), clock=lambda: 2_001.0)
    after = World(world.store, snapshot=snapshot)

    assert after.latest("shop") == (200, "1.0.0")
    assert [error.key for error in after.degraded] == [RELEASES]
    assert World(Store(objects | {RELEASES: b"{"})).latest("shop")[0] == 500, "without a snapshot nothing is known"


@pytest.mark.parametrize(
    "damage",
    [lambda body: body[:-1], lambda body: body[:20], lambda body: b"", lambda body: b"{}\n" + body,
     lambda body: body + b"x", lambda body: body.replace(b"text", b"evil"),
     lambda body: body.replace(b"a/b", b"a/c")],
    ids=["cut", "header cut", "empty", "other header", "longer", "changed", "another key"],
)  # fmt: skip
def test_a_damaged_file_of_a_snapshot_counts_for_nothing(damage: Callable[[bytes], bytes], tmp_path: Path) -> None:
    snapshot = DocumentSnapshot(str(tmp_path))
    snapshot.save("a/b", b"some text")
    assert snapshot.load("a/b") == (b"some text", pytest.approx(0, abs=60))
    (path,) = [path for path in tmp_path.rglob("*") if path.is_file()]

    path.write_bytes(damage(path.read_bytes()))

    assert snapshot.load("a/b") is None


def test_a_snapshot_stays_within_its_size(tmp_path: Path) -> None:
    now = [0.0]
    snapshot = DocumentSnapshot(str(tmp_path), max_bytes=100_000, clock=lambda: now[0])
    for number in range(100):
        now[0] += 1
        snapshot.save(f"key-{number}", bytes(5_000))

    size = sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file())
    assert size <= 105_000
    assert snapshot.load("key-99") is not None
    assert snapshot.load("key-0") is None


def test_a_disk_that_takes_nothing_costs_no_answer(objects: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    world = World(Store(objects), snapshot=DocumentSnapshot(str(tmp_path / "file/below")))

    assert world.latest("plain") == (200, "1.0.0")


def test_a_snapshot_knows_how_old_it_is(tmp_path: Path) -> None:
    now = [1_000.0]
    snapshot = DocumentSnapshot(str(tmp_path), clock=lambda: now[0])
    assert snapshot.age_s() is None

    snapshot.save("a", b"1")
    now[0] += 50.0
    assert snapshot.age_s() == 50.0
    after = DocumentSnapshot(str(tmp_path), clock=lambda: now[0])
    assert after.age_s() == 50.0, "a restart knows it from the disk"
    snapshot.confirm("a")
    assert snapshot.age_s() == 0.0


@pytest.mark.parametrize("text", ["-1", "x", "604801", "nan", "inf"])
def test_a_tolerance_that_is_none_is_refused_and_not_forgotten(text: str) -> None:
    with pytest.raises(ValueError, match=f"STALE_IF_ERROR_SECONDS must be from 0 to 604800, not '{text}'"):
        stale_if_error_from({"STALE_IF_ERROR_SECONDS": text})


@pytest.mark.parametrize(("text", "seconds"), [("", 3600.0), (" ", 3600.0), ("0", 0.0), ("604800", 604800.0)])
def test_a_tolerance_is_an_hour_unless_it_is_said(text: str, seconds: float) -> None:
    assert stale_if_error_from({"STALE_IF_ERROR_SECONDS": text}) == seconds
