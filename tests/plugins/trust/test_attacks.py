"""What a thief of the store, the network or one key can do to a host with a root: make it wait, and no more."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from tuf.ngclient._internal import trusted_metadata_set

from miniprogram_trust.client import PinnedHost
from miniprogram_trust.errors import TrustError
from miniprogram_trust.service import sign_again, withdraw
from testbed.trust_world import ADDRESS, KEYS, Tamper, TrustWorld, later, resigned, served

HOME = "screens/shop_home.json"
EVIL = b'{"type":"text","data":"evil"}'


@pytest.fixture
def root(world: TrustWorld) -> bytes:
    root = world.begin()
    world.publish()
    return root


def load_home(host: PinnedHost, version: str = "1.0.0") -> Any:
    host.refresh()
    return json.loads(host.load(host.version("shop", version), HOME))["data"]


def at(path: str, body: bytes | None) -> Tamper:
    """Something else at one path."""
    return lambda asked, found: body if asked == path else found


def test_nothing_is_wrong_without_an_attack(world: TrustWorld, root: bytes) -> None:
    assert load_home(world.host(root)) == "Welcome"


@pytest.mark.parametrize("name", ["timestamp.json", "2.snapshot.json", "1.targets.json", "1.program-shop.json"])
def test_metadata_with_one_changed_byte_is_refused(name: str, world: TrustWorld, root: bytes) -> None:
    body = world.read(name)
    for changed in (body.replace(b"2", b"3", 1), body[:-1], body + b" ", EVIL, b"", b"[]", b"\xff"):
        if json_of(changed) == json_of(body):
            continue  # white space at the end of the time stamp says the same
        with pytest.raises(TrustError):
            load_home(world.host(root, f"host-{name}-{len(changed)}", tamper=at(f"trust/{name}", changed)))


def json_of(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return body


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("screens/shop/1.0.0/shop_home.json", KEYS.screen_key("shop", "1.0.0", "shop_home")),
        ("manifests/shop/versions/1.0.0.json", KEYS.manifest_key("shop", "1.0.0")),
    ],
    ids=["screen", "manifest"],
)
def test_a_changed_file_is_refused_wherever_it_was_changed(
    path: str, key: str, world: TrustWorld, root: bytes
) -> None:
    bundle_path = HOME if "screens" in path else "manifest.json"
    host = world.host(root, tamper=at(path, EVIL))
    host.refresh()
    listed = host.version("shop", "1.0.0")
    with pytest.raises(TrustError):
        host.load(listed, bundle_path)

    world.store.put(key, EVIL)
    host = world.host(root, "other")
    host.refresh()
    with pytest.raises(TrustError):
        host.load(listed, bundle_path)


def test_a_file_of_the_same_length_is_refused(world: TrustWorld, root: bytes) -> None:
    found = world.store.get(KEYS.screen_key("shop", "1.0.0", "shop_home"))
    assert found is not None
    host = world.host(root, tamper=at("screens/shop/1.0.0/shop_home.json", found.body.replace(b"W", b"V")))
    host.refresh()

    with pytest.raises(TrustError, match="is not what was signed, and is refused"):
        host.load(host.version("shop", "1.0.0"), HOME)


def test_a_file_that_is_not_in_the_list_is_refused(world: TrustWorld, root: bytes) -> None:
    host = world.host(root)
    host.refresh()

    with pytest.raises(TrustError, match="is not signed, and is refused"):
        host.load(host.version("shop", "1.0.0"), "screens/extra.json")


def test_rollback_of_the_time_stamp_is_refused(world: TrustWorld, root: bytes) -> None:
    old = world.read("timestamp.json")
    world.publish("1.1.0")
    assert load_home(world.host(root), "1.1.0") == "Welcome"

    with pytest.raises(TrustError):
        load_home(world.host(root, tamper=at("trust/timestamp.json", old)))


def test_rollback_to_a_withdrawn_version_is_refused(world: TrustWorld, root: bytes) -> None:
    """The store is put back to how it was, whole, as who restores an old copy of it would."""
    copy = {name: world.read(name) for name in world.names()}
    world.publish("1.1.0")
    withdraw(world.writer("dev", "online"), "shop", "1.0.0")
    with pytest.raises(TrustError, match=r"shop 1\.0\.0 is not signed"):
        load_home(world.host(root))

    for name, body in copy.items():
        world.write(name, body)

    with pytest.raises(TrustError):
        load_home(world.host(root))


def test_a_freeze_ends_when_the_time_stamp_expires(world: TrustWorld) -> None:
    world.now = later(days=-8)
    root = world.begin()
    world.publish()

    with pytest.raises(TrustError, match="expired"):
        load_home(world.host(root))
    world.now = later()
    sign_again(world.writer("online"), world.renewal("online"))
    assert load_home(world.host(root)) == "Welcome"


@pytest.mark.parametrize(
    ("role", "days"), [("snapshot", 8), ("program-shop", 91), ("targets", 366), ("root", 366)]
)
def test_every_role_expires(role: str, days: int, world: TrustWorld) -> None:
    world.now = later(days=-days)
    root = world.begin()
    world.publish()
    world.now = later()
    top = {"targets": ("targets",), "program-shop": ("dev",), "root": (), "snapshot": ()}
    others = [key for name, keys in top.items() if name != role for key in keys]
    if role == "snapshot":
        body = resigned(
            world,
            "timestamp.json",
            lambda signed: signed.update(expires=later(days=1).strftime("%Y-%m-%dT%H:%M:%SZ")),
            "online",
        )
        world.write("timestamp.json", body)
    else:
        sign_again(world.writer("online", *others), world.renewal("online", *others, everything=True))

    with pytest.raises(TrustError, match="expired"):
        load_home(world.host(root))


def test_mix_and_match_of_two_states_is_refused(world: TrustWorld, root: bytes) -> None:
    old_role, old_snapshot = world.read("1.program-shop.json"), world.read("2.snapshot.json")
    world.publish("1.1.0")

    for path, body in {"trust/2.program-shop.json": old_role, "trust/3.snapshot.json": old_snapshot}.items():
        with pytest.raises(TrustError):
            load_home(world.host(root, f"host-{len(body)}", tamper=at(path, body)), "1.1.0")


@pytest.mark.parametrize(
    "path",
    [
        "trust/2.root.json",
        "trust/timestamp.json",
        "trust/2.snapshot.json",
        "trust/1.targets.json",
        "trust/1.program-shop.json",
        "screens/shop/1.0.0/shop_home.json",
        "list",
    ],
)
def test_endless_data_is_cut_at_the_length_that_is_known(path: str, world: TrustWorld, root: bytes) -> None:
    """The thief sends a gigabyte; no more than the signed length, or the bound of its kind, is read of it."""

    sent = 0

    class Endless(httpx.SyncByteStream):
        def __iter__(self):  # type: ignore[no-untyped-def]
            nonlocal sent
            for _ in range(16_384):
                sent += 65_536
                yield b" " * 65_536

    inner = served(world.store)

    def answer(request: httpx.Request) -> httpx.Response:
        asked = request.url.path.removeprefix("/api/")
        if asked == path or (path == "list" and asked.startswith("trust/targets/")):
            return httpx.Response(200, stream=Endless())
        return inner.handler(request)  # type: ignore[return-value]

    host = PinnedHost(ADDRESS, root, world.folder / "endless", transport=httpx.MockTransport(answer))
    with pytest.raises(TrustError):
        load_home(host)
    assert sent <= 6_000_000


def test_what_comes_compressed_is_not_opened(world: TrustWorld, root: bytes) -> None:
    """A bomb would be opened before anything of it was verified."""

    bomb = gzip.compress(b" " * 50_000_000)
    answer = httpx.Response(200, headers={"content-encoding": "gzip"}, stream=httpx.ByteStream(bomb))
    transport = httpx.MockTransport(
        lambda request: answer if "timestamp" in str(request.url) else httpx.Response(404)
    )

    with pytest.raises(TrustError, match="came compressed"):
        PinnedHost(ADDRESS, root, world.folder / "bomb", transport=transport).refresh()


@pytest.mark.parametrize("what", ["all of it", "the time stamp", "the list"])
def test_a_downgrade_to_unsigned_is_refused(what: str, world: TrustWorld, root: bytes) -> None:
    hidden = {"all of it": "trust/", "the time stamp": "trust/timestamp.json", "the list": "trust/targets/"}[what]
    host = world.host(root, tamper=lambda path, found: None if path.startswith(hidden) else found)

    with pytest.raises(TrustError):
        load_home(host)


def test_a_repository_of_somebody_else_is_refused(world: TrustWorld, root: bytes) -> None:
    thief = TrustWorld(world.folder / "thief")
    thief.begin()
    thief.publish(text="evil")

    with pytest.raises(TrustError):
        load_home(thief.host(root))


@pytest.mark.parametrize(
    ("scheme", "keytype"),
    [("ed448", "ed25519"), ("rsassa-pss-sha256", "ed25519"), ("ed25519", "rsa"), ("none", "none"), ("", "")],
)
def test_an_algorithm_that_the_key_was_not_made_for_is_refused(
    scheme: str, keytype: str, world: TrustWorld, root: bytes
) -> None:
    """Even the holder of the root's key cannot have a signature taken for one of another kind."""
    online = next(iter(world.keyring("online").keys()))

    def swap(signed: dict[str, Any]) -> None:
        signed["version"] = 2
        signed["keys"][online] |= {"scheme": scheme, "keytype": keytype}

    host = world.host(root, tamper=at("trust/2.root.json", resigned(world, "1.root.json", swap, "root-1")))
    with pytest.raises(TrustError):
        load_home(host)


def test_a_key_that_signed_twice_counts_once(world: TrustWorld) -> None:
    root = world.begin(threshold=2)
    world.publish()
    document = json.loads(resigned(world, "1.root.json", lambda signed: signed.update(version=2), "root-1"))
    document["signatures"] *= 2

    with pytest.raises(TrustError):
        load_home(world.host(root, tamper=at("trust/2.root.json", json.dumps(document).encode())))


# --- one stolen key


def test_the_online_key_alone_vouches_for_nothing_of_its_own(world: TrustWorld, root: bytes) -> None:
    """Its thief can freeze hosts for as long as the mini-program's signatures live, and make nothing up."""

    def add(signed: dict[str, Any]) -> None:
        target = signed["targets"]["shop/1.0.0.json"]
        signed["targets"]["shop/6.6.6.json"] = target

    forged = resigned(world, "1.program-shop.json", add, "online")
    with pytest.raises(TrustError):
        load_home(world.host(root, tamper=at("trust/1.program-shop.json", forged)), "6.6.6")


def test_the_key_of_one_mini_program_says_nothing_of_another(world: TrustWorld, root: bytes) -> None:
    def claim(signed: dict[str, Any]) -> None:
        signed["targets"]["other/1.0.0.json"] = signed["targets"]["shop/1.0.0.json"]

    world.write("1.program-shop.json", resigned(world, "1.program-shop.json", claim, "dev"))
    host = world.host(root)
    with pytest.raises(TrustError):
        load_home(host)
    with pytest.raises(TrustError):
        host.version("other", "1.0.0")


def test_one_key_of_the_root_of_three_makes_no_root(world: TrustWorld) -> None:
    root = world.begin(threshold=2)
    world.publish()
    forged = resigned(world, "1.root.json", lambda signed: signed.update(version=2), "root-1")

    with pytest.raises(TrustError):
        load_home(world.host(root, tamper=at("trust/2.root.json", forged)))


@pytest.mark.parametrize(
    ("role", "name", "new"),
    [
        ("shop", "dev", "dev-2"),
        ("targets", "targets", "targets-2"),
        ("snapshot", "online", "snapshot-2"),
        ("timestamp", "online", "timestamp-2"),
    ],
)
def test_a_stolen_key_is_worth_nothing_once_its_role_has_another(
    role: str, name: str, new: str, world: TrustWorld, root: bytes
) -> None:
    assert load_home(world.host(root)) == "Welcome"

    world.rotate(
        role, [new], ("root-1", "targets", "online", "dev", "dev-2", "snapshot-2", "timestamp-2", new), stolen=True
    )

    assert load_home(world.host(root)) == "Welcome"
    assert load_home(world.host(root, "new host")) == "Welcome"
    signed_by_it = {"shop": "program-shop.json"}.get(role, f"{role}.json")
    for each in (name for name in current_names(world) if name.endswith(signed_by_it)):
        forged = resigned(world, each, lambda signed: signed.update(version=signed["version"] + 100), name)
        with pytest.raises(TrustError):
            load_home(world.host(root, f"{each}-host", tamper=at(f"trust/{each}", forged)))


def current_names(world: TrustWorld) -> list[str]:
    """The files that hosts load now, the roots left out."""
    numbers: dict[str, int] = {}
    for name in world.names():
        number, _, role = name.partition(".")
        if number.isdecimal() and role != "root.json":
            numbers[role] = max(int(number), numbers.get(role, 0))
    return ["timestamp.json", *(f"{number}.{role}" for role, number in numbers.items())]


def test_hosts_recover_from_a_thief_who_counted_far_ahead(world: TrustWorld, root: bytes) -> None:
    """With the online key he gives time stamp and snapshot enormous numbers; the next ones would be refused."""
    snapshot = resigned(world, "2.snapshot.json", lambda signed: signed.update(version=1_000_000), "online")

    def point(signed: dict[str, Any]) -> None:
        signed["version"] = 2_000_000
        signed["meta"]["snapshot.json"] = {"version": 1_000_000}

    stamp = resigned(world, "timestamp.json", point, "online")
    forged = {"trust/1000000.snapshot.json": snapshot, "trust/timestamp.json": stamp}
    assert load_home(world.host(root, tamper=forged.get)) == "Welcome"
    with pytest.raises(TrustError):
        load_home(world.host(root))  # the host has seen the thief's number

    keys = ("root-1", "targets", "online-2", "online")
    world.rotate("snapshot", ["online-2"], keys, stolen=True)
    world.rotate("timestamp", ["online-2"], keys, stolen=True)

    assert load_home(world.host(root)) == "Welcome"


# --- clocks


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    def set_clock(now: datetime) -> None:
        stopped = SimpleNamespace(datetime=SimpleNamespace(now=lambda _: now), timezone=timezone)
        monkeypatch.setattr(trusted_metadata_set, "datetime", stopped)

    return set_clock


def test_a_host_whose_clock_is_ahead_refuses_and_takes_it_again_when_it_is_right(
    world: TrustWorld, root: bytes, clock: Callable[[datetime], None]
) -> None:
    clock(datetime.now(UTC) + timedelta(days=30))
    with pytest.raises(TrustError, match="expired"):
        load_home(world.host(root))

    clock(datetime.now(UTC))
    assert load_home(world.host(root)) == "Welcome"


def test_a_host_whose_clock_is_behind_still_refuses_what_is_older_than_it_saw(
    world: TrustWorld, root: bytes, clock: Callable[[datetime], None]
) -> None:
    """A clock that was set back makes expired signatures live again; that is as far as it goes."""
    old = world.read("timestamp.json")
    world.publish("1.1.0")
    load_home(world.host(root), "1.1.0")
    clock(datetime.now(UTC) - timedelta(days=3650))

    with pytest.raises(TrustError):
        load_home(world.host(root, tamper=at("trust/timestamp.json", old)))


def test_whoever_signs_with_a_clock_behind_signs_what_is_expired_and_hosts_say_so(world: TrustWorld) -> None:
    root = world.begin()
    world.now = later(days=-40)
    world.publish()

    with pytest.raises(TrustError, match="expired"):
        load_home(world.host(root))
