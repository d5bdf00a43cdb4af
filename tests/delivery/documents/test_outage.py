"""A source that fails: what goes on, for how long, and what operators hear."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from miniprogram.delivery.documents.cache.snapshot import DocumentSnapshot
from miniprogram.delivery.documents.outage import OutageTolerance, pause_s
from miniprogram.delivery.documents.profile import cloud_profile
from miniprogram.delivery.evaluation.conditions.id_list import write_id_list
from miniprogram.delivery.evaluation.errors import Degraded, SourceUnavailable
from miniprogram.delivery.http.messages import Request, Response
from miniprogram.delivery.http.service import DeliveryService

SOFT_S, HARD_S, STALE_S = 5.0, 15.0, 3600.0
TOLERANCE = OutageTolerance(HARD_S, STALE_S)
KEY = "secret-key"
LATEST = "/api/manifests/{}/latest"
ASKED = "hostApp=wallet&userId=ann"

RULES = "metadata/rollout-rules/shop.json"
POLICY = "metadata/capability-policies/shop.json"
POINTER = "metadata/catalog/shop.json"
RELEASES = "metadata/releases/shop.json"
KEYS = "metadata/access_keys/shop.json"
LIST = "metadata/segments/shop/vips/1.ids"


def pointer(program: str, version: str) -> dict[str, Any]:
    return {"releaseKey": f"metadata/releases/{program}/{version}.json", "latestVersion": version}


def version_of(program: str, version: str) -> dict[str, Any]:
    manifest = f"artifacts/{program}/{version}/manifest.json"
    return {
        manifest: {"id": program, "version": version, "entry": "home"},
        f"metadata/releases/{program}/{version}.json": {"artifacts": {"manifestKey": manifest}},
        f"artifacts/{program}/{version}/screens/home.json": {"type": "text"},
    }


def release_document(version: str) -> dict[str, Any]:
    full = {"step": "full", "release": "r"}
    target = {
        "hostApp": "wallet",
        "environment": "production",
        "releases": {"r": {"version": version, "audience": "vips"}},
        "entries": [full],
    }
    policy = {
        "formatVersion": 1,
        "revision": 1,
        "segments": {"vips": {"kind": "ids", "version": 1, "key": "segments/shop/vips/1.ids"}},
        "audiences": {"vips": {"attribute": "userId", "operator": "segment", "values": ["vips"]}},
        "targets": [target],
    }
    return {"policy": policy}


class Store:
    """Objects in memory behind a network that can fail, wholly or for some keys."""

    def __init__(self, objects: dict[str, Any]) -> None:
        self.objects = {
            key: value if isinstance(value, bytes) else json.dumps(value).encode()
            for key, value in objects.items()
        }
        self.is_down = False
        self.failing: set[str] = set()
        self.asked: list[str] = []

    def read(self, key: str) -> bytes | None:
        self._reach(key)
        return self.objects.get(key)

    def marker(self, key: str) -> object | None:
        self._reach(key)
        return tuple(self.list(key)) or None if key.endswith("/") else self.objects.get(key)

    def list(self, prefix: str) -> list[str]:
        self._reach(prefix)
        rests = [key[len(prefix) :] for key in self.objects if key.startswith(prefix)]
        return sorted({prefix + rest.partition("/")[0] + "/" * ("/" in rest) for rest in rests})

    def _reach(self, key: str) -> None:
        self.asked.append(key)
        if self.is_down or key in self.failing:
            raise SourceUnavailable(f"{key}: the store gives no answer")


class World:
    """A service over a store, and a clock for both."""

    def __init__(self, store: Store, **options: Any) -> None:
        self.store = store
        self.now = 1_000.0
        self.degraded: list[Degraded] = []
        self.service = DeliveryService(
            store,
            cloud_profile(),
            max_staleness_s=SOFT_S,
            tolerance=TOLERANCE,
            monotonic=lambda: self.now,
            report=self._report,
            **options,
        )

    def get(self, path: str, query: str = ASKED, **headers: str) -> Response:
        return self.service.handle(
            Request("GET", path, query, {k.replace("_", "-"): v for k, v in headers.items()})
        )

    def latest(self, program: str = "shop", **headers: str) -> tuple[int, str | None]:
        response = self.get(LATEST.format(program), x_request_id="t", **headers)
        return response.status, json.loads(response.body).get("version")

    def _report(self, error: Exception, _trace_id: str) -> None:
        if isinstance(error, Degraded):
            self.degraded.append(error)


def digest_of(key: str) -> str:
    from hashlib import sha256

    return sha256(key.encode()).hexdigest()


@pytest.fixture
def objects(tmp_path: Path) -> dict[str, Any]:
    """`shop` is open and decided by releases, `locked` has a key, `plain` a pointer alone, `ruled` rules."""
    write_id_list(str(tmp_path / "ids"), ["ann"], salt=bytes(16))
    found: dict[str, Any] = {LIST: (tmp_path / "ids").read_bytes(), RELEASES: release_document("1.0.0")}
    for program in ("shop", "locked", "plain", "ruled"):
        found |= version_of(program, "1.0.0") | version_of(program, "1.1.0")
        found[f"metadata/catalog/{program}.json"] = pointer(program, "1.0.0")
    found["metadata/access_keys/locked.json"] = {"keys": [{"sha256": digest_of(KEY)}]}
    found["metadata/rollout-rules/ruled.json"] = {"defaultVersion": "1.0.0"}
    found["metadata/capability-policies/ruled.json"] = {"requireContextForLatest": False}
    return found


@pytest.fixture
def world(objects: dict[str, Any]) -> World:
    return World(Store(objects))


AGES = [(1.0, "fresh"), (SOFT_S, "soft"), (HARD_S - 0.1, "soft"), (HARD_S, "stale"), (600.0, "stale")]
AGES += [(HARD_S + STALE_S - 0.1, "stale"), (HARD_S + STALE_S, "over"), (1e6, "over")]


@pytest.mark.parametrize(("age", "phase"), AGES)
@pytest.mark.parametrize("program", ["shop", "locked", "plain", "ruled"])
def test_what_is_known_goes_on_by_age_and_keys_fail_closed(
    world: World, program: str, age: float, phase: str
) -> None:
    key = {"x_mini_program_access_key": KEY} if program == "locked" else {}
    assert world.latest(program, **key) == (200, "1.0.0")

    world.store.is_down = True
    world.now += age

    is_open = phase in ("fresh", "soft") or (phase == "stale" and program != "locked")
    assert world.latest(program, **key) == ((200, "1.0.0") if is_open else (503, None))
    assert bool(world.degraded) is (is_open and phase == "stale")
    if program == "locked":
        assert world.latest(program)[0] in ({401} if is_open else {503}), "without a key it never opens"


@pytest.mark.parametrize("age", [SOFT_S, HARD_S + 1])
@pytest.mark.parametrize(
    "failing",
    [POINTER, RELEASES, RULES, POLICY, KEYS, "metadata/catalog/plain.json", "metadata/rollout-rules/ruled.json",
     "metadata/capability-policies/ruled.json", "metadata/access_keys/plain.json"],
)  # fmt: skip
def test_each_kind_of_document_may_fail_alone(world: World, failing: str, age: float) -> None:
    before = [world.latest(program) for program in ("shop", "plain", "ruled")]
    world.store.failing = {failing}
    world.now += age

    assert [world.latest(program) for program in ("shop", "plain", "ruled")] == before
    assert {error.key for error in world.degraded} == ({failing} if age > HARD_S else set()) & set(
        world.store.asked
    )


def test_a_store_that_fails_is_asked_ever_less_often(world: World) -> None:
    world.latest()
    world.now += SOFT_S
    world.store.is_down, world.store.asked = True, []

    for _ in range(600):
        world.now += 0.1
        assert world.latest() == (200, "1.0.0")

    per_key = len(world.store.asked) / len(set(world.store.asked))
    assert per_key < 40, "one minute of a failing store, ten requests a second"
    assert len(world.degraded) == len({error.key for error in world.degraded}), "told once per document"


def test_what_changed_meanwhile_shows_when_the_store_is_back_and_trouble_is_told_again(world: World) -> None:
    world.latest("plain")
    world.store.is_down = True
    world.now += HARD_S
    world.latest("plain")
    told = len(world.degraded)
    assert told

    world.store.objects["metadata/catalog/plain.json"] = json.dumps(pointer("plain", "1.1.0")).encode()
    world.store.is_down = False
    world.now += 10
    assert world.latest("plain") == (200, "1.1.0")
    world.store.is_down = True
    world.now += HARD_S
    world.latest("plain")
    assert len(world.degraded) == 2 * told


def test_while_the_store_fails_the_loop_answers_from_memory(world: World) -> None:
    request = Request("GET", LATEST.format("plain"), ASKED, {"x-request-id": "t"})
    world.service.handle(request)
    world.store.is_down = True
    world.now += SOFT_S
    assert world.service.try_from_memory(request) is None, "somebody has to look first"
    assert world.service.handle(request).status == 200
    world.store.asked = []

    answer = world.service.try_from_memory(request)

    assert answer is not None
    assert answer.status == 200
    assert world.store.asked == []


def test_an_id_list_that_would_have_to_be_read_is_never_read_from_memory(world: World) -> None:
    request = Request("GET", LATEST.format("shop"), ASKED, {"x-request-id": "t"})
    world.service.handle(request)
    world.service._lists._opened = type(world.service._lists._opened)(10**9)  # what was opened made room
    world.store.asked = []

    assert world.service.try_from_memory(request) is None
    assert world.store.asked == []


def test_without_tolerance_a_failure_is_a_refusal(objects: dict[str, Any]) -> None:
    store = Store(objects)
    service = DeliveryService(store, cloud_profile(), report=lambda *_: None)
    request = Request("GET", LATEST.format("plain"))
    assert service.handle(request).status == 200
    store.is_down = True
    assert service.handle(request).status == 503


def test_pauses_grow_to_a_limit_and_differ_by_key() -> None:
    pauses = [pause_s("a", failures) for failures in range(1, 40)]

    assert all(0.25 <= pause <= 5 for pause in pauses)
    assert min(pauses[10:]) >= 2.5
    assert len({pause_s(f"key-{number}", 3) for number in range(50)}) > 10


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
