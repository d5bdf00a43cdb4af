"""A host with a key takes sealed versions only, one without cannot open them, and nothing is served in plain."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from client.delivered import BASE, HOST, TRUNK, Delivered, damaged, on, unreachable
from miniprogram.client import (
    BrokenDelivery,
    CannotOpen,
    Client,
    Endpoint,
    Launch,
    NotSealed,
    PrivateKeys,
)
from miniprogram.errors import PublishError
from miniprogram.packages.package_options import PackageOptions
from miniprogram.sealing.keys import public_part
from miniprogram.strict_json import parse_json

OURS, OTHERS = X25519PrivateKey.generate(), X25519PrivateKey.generate()
FOR_US, FOR_OTHERS = (public_part(OURS).text,), (public_part(OTHERS).text,)


def client(delivered: Delivered, cache: Path, *keys: X25519PrivateKey) -> Client:
    endpoint = Endpoint(BASE, opens=PrivateKeys(keys) if keys else None)
    return Client(cache, {"shop": endpoint}, HOST, http=delivered.http(), now=lambda: delivered.now)


def started(of: Client) -> Launch:
    launch = of.open("shop")
    launch.started()
    return launch


def test_a_sealed_version_is_launched_by_whom_it_is_for(delivered: Delivered, cache: Path) -> None:
    bundle = delivered.publish("1.0.0", sealed_for=FOR_US)
    launch = started(client(delivered, cache, OURS))
    assert (launch.version, launch.digest) == ("1.0.0", bundle.digest)
    assert launch.screen("shop_home")["data"] == "Welcome to 1.0.0"


def test_the_next_version_comes_too_and_without_a_network_the_last_one(delivered: Delivered, cache: Path) -> None:
    delivered.publish("1.0.0", sealed_for=FOR_US)
    started(client(delivered, cache, OURS))
    delivered.publish("1.1.0", sealed_for=FOR_US)
    assert started(client(delivered, cache, OURS)).version == "1.1.0"
    delivered.wrong = unreachable
    assert started(client(delivered, cache, OURS)).version == "1.1.0"


def test_nothing_of_it_lies_beside_it_in_plain(delivered: Delivered) -> None:
    delivered.publish("1.0.0", sealed_for=FOR_US)
    secrets = [b"Welcome to 1.0.0", b"shop_page_3", str(TRUNK["shop_page_3"]["data"]).encode(), b"\x89PNG"]
    files = [path for path in delivered.folder.rglob("*") if path.is_file()]
    for path in files:
        body = path.read_bytes()
        assert not any(secret in body for secret in secrets), path
        assert "screens" not in path.relative_to(delivered.folder).parts
    [index] = [path for path in files if path.name == "deltas.json"]
    told = parse_json(index.read_bytes(), name="index")
    assert (told["files"], "deltas" in told, len(told["sealed"]["recipients"])) == ([], False, 1)


def test_a_host_it_is_not_for_cannot_open_it(delivered: Delivered, cache: Path) -> None:
    delivered.publish("1.0.0", sealed_for=FOR_OTHERS)
    with pytest.raises(CannotOpen, match="sealed for other host apps"):
        client(delivered, cache, OURS).open("shop")
    with pytest.raises(CannotOpen, match="has no key to open it"):
        client(delivered, cache).open("shop")


def test_after_a_revocation_the_next_version_opens_no_more_and_the_old_one_stands_in(
    delivered: Delivered, cache: Path
) -> None:
    delivered.publish("1.0.0", sealed_for=(*FOR_US, *FOR_OTHERS))
    started(client(delivered, cache, OURS))
    delivered.publish("1.1.0", sealed_for=FOR_OTHERS)
    launch = started(client(delivered, cache, OURS))
    assert launch.version == "1.0.0"
    assert "sealed for other host apps" in str(launch.circumstances.reason)


def test_a_plain_version_is_no_way_round(delivered: Delivered, cache: Path) -> None:
    """A downgrade: somebody publishes in plain what should be sealed."""
    delivered.publish("1.0.0")
    with pytest.raises(NotSealed, match="takes sealed versions only"):
        client(delivered, cache, OURS).open("shop")


def test_what_was_kept_in_plain_before_there_was_a_key_is_not_taken(delivered: Delivered, cache: Path) -> None:
    delivered.publish("1.0.0")
    started(client(delivered, cache))
    delivered.publish("1.1.0")
    with pytest.raises(NotSealed):
        client(delivered, cache, OURS).open("shop")


def test_a_seal_of_another_version_is_not_taken(delivered: Delivered, cache: Path) -> None:
    """The store hands out another version's sealed package, and an index that says it is this one's."""
    delivered.publish("1.0.0", sealed_for=FOR_US)
    [older] = delivered.folder.rglob("*.sealed")
    old_index = older.with_name("deltas.json")
    delivered.publish("1.1.0", sealed_for=FOR_US)
    [newer] = [path for path in delivered.folder.rglob("*.sealed") if path != older]
    lie = old_index.read_bytes().replace(b'"version":"1.0.0"', b'"version":"1.1.0"')
    newer.with_name("deltas.json").write_bytes(lie)
    newer.with_name(older.name).write_bytes(older.read_bytes())
    with pytest.raises(BrokenDelivery, match="is not what it should be"):
        client(delivered, cache, OURS).open("shop")


def test_a_damaged_package_is_refused(delivered: Delivered, cache: Path) -> None:
    delivered.publish("1.0.0", sealed_for=FOR_US)
    delivered.wrong = on(".sealed", damaged)
    with pytest.raises(BrokenDelivery):
        client(delivered, cache, OURS).open("shop")


def test_publishing_the_same_again_changes_nothing(delivered: Delivered) -> None:
    delivered.publish("1.0.0", sealed_for=FOR_US)
    before = {path: path.read_bytes() for path in delivered.folder.rglob("*") if path.is_file()}
    delivered.publish("1.0.0", sealed_for=FOR_US)
    assert {path: path.read_bytes() for path in delivered.folder.rglob("*") if path.is_file()} == before


def test_a_sealed_version_without_a_package_or_with_a_delta_base_is_refused(delivered: Delivered) -> None:
    with pytest.raises(PublishError, match="nothing but a package"):
        delivered.publish("1.0.0", sealed_for=FOR_US, packages=None)
    with pytest.raises(PublishError, match="no delta leads to a sealed version"):
        delivered.publish("1.0.0", sealed_for=FOR_US, packages=PackageOptions(bases=("0.9.0",)))
