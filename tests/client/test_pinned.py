"""The client of a host that pins a root: by delta, by files or whole, only what was signed is launched."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from client.delivered import BASE, HOST, Delivered, damaged, missing, on, unreachable
from miniprogram.client import Client, DeliveryUnreachable, Endpoint, Launch, NothingToLaunch, Unsigned
from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram_trust.client import PinnedHost
from miniprogram_trust.files import TrustFiles
from miniprogram_trust.service import withdraw
from miniprogram_trust.writing import Writer
from testbed.trust_world import TrustWorld


class Signed:
    """Versions that are signed as they are published, and the client of a host that pins the root."""

    def __init__(self, delivered: Delivered, folder: Path) -> None:
        self.delivered, self.folder = delivered, folder
        self.world = TrustWorld(folder)
        self.world.keys = Keys("static" if delivered.kind == "static" else "local")
        self.world.store = delivered.store
        self.root = self.world.begin()

    def publish(self, version: str, **options: Any) -> None:
        self.delivered.publish(version, signers=self.world.signers("dev", "online"), **options)

    def client(self, cache: Path) -> Client:
        transport = httpx.MockTransport(self.delivered.answer)
        verifier = PinnedHost(BASE, self.root, self.folder / "trust", transport=transport)
        endpoint = Endpoint(BASE, verifier=verifier)
        return Client(cache, {"shop": endpoint}, HOST, http=self.delivered.http(), now=lambda: self.delivered.now)


@pytest.fixture
def signed(delivered: Delivered, tmp_path: Path) -> Signed:
    return Signed(delivered, tmp_path / "trust")


def started(client: Client) -> Launch:
    launch = client.open("shop")
    launch.started()
    return launch


def test_what_was_signed_comes_whole_and_by_delta(signed: Signed, cache: Path) -> None:
    signed.publish("1.0.0")
    assert started(signed.client(cache)).version == "1.0.0"
    signed.publish("1.1.0")

    launch = started(signed.client(cache))

    assert launch.version == "1.1.0"
    assert launch.circumstances.update is not None
    assert launch.circumstances.update.way == "delta"


def test_a_version_that_nobody_signed_is_refused(signed: Signed, cache: Path) -> None:
    signed.publish("1.0.0")
    client = signed.client(cache)
    started(client)
    signed.delivered.publish("1.1.0", signers=None)

    with pytest.raises(Unsigned, match=r"shop 1\.1\.0 is not signed"):
        client.open("shop")


@pytest.mark.parametrize("part", ["deltas.json", "timestamp.json", "trust/targets/"])
@pytest.mark.parametrize("then", [damaged, missing], ids=["damaged", "missing"])
def test_what_was_changed_or_is_gone_is_refused(part: str, then: Any, signed: Signed, cache: Path) -> None:
    signed.publish("1.0.0")
    signed.delivered.wrong = on(part, then)

    with pytest.raises(Unsigned):
        signed.client(cache).open("shop")


def test_a_package_that_is_not_the_signed_one_is_never_launched(signed: Signed, cache: Path) -> None:
    signed.publish("1.0.0")
    signed.delivered.wrong = lambda request, response: (
        damaged(response)
        if any(part in request.url.path for part in ("package.tar.zst", "/screens/", "/assets/"))
        else response
    )

    with pytest.raises(Exception, match="could not be loaded"):
        signed.client(cache).open("shop")


def test_a_withdrawn_version_is_not_launched_though_it_is_here(signed: Signed, cache: Path) -> None:
    signed.publish("1.0.0")
    client = signed.client(cache)
    started(client)
    world = signed.world
    writer = Writer(TrustFiles(world.store, world.keys), world.keyring("dev", "online"), world.now)
    withdraw(writer, "shop", "1.0.0")

    with pytest.raises(Unsigned, match="is not signed"):
        client.open("shop")


def test_versions_from_before_a_root_was_pinned_do_not_stand_in(signed: Signed, cache: Path) -> None:
    signed.publish("1.0.0")
    started(signed.delivered.client(cache))
    signed.delivered.wrong = unreachable

    with pytest.raises((DeliveryUnreachable, NothingToLaunch)):
        signed.client(cache).open("shop")


def test_without_a_connection_a_verified_copy_is_launched(signed: Signed, cache: Path) -> None:
    signed.publish("1.0.0")
    client = signed.client(cache)
    started(client)
    signed.delivered.wrong = unreachable

    launch = started(client)

    assert (launch.version, launch.circumstances.source) == ("1.0.0", "cached")
