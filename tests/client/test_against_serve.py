"""The client against what `serve` runs: a real server over real connections, keys and withdrawals included."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from browser.serving import serving
from client.delivered import HOST, PACKED, Delivered
from miniprogram.client import Client, DeliveryRefused, DeliveryUnreachable, Endpoint
from miniprogram.clock import utc_now
from miniprogram.delivery.documents.profile import cloud_profile
from miniprogram.keys.lifecycle import PolicyLocation, create_key
from miniprogram.publish.layouts.cloud import CloudLocation, cloud_layout
from miniprogram.publish.to_store import publish_to_store
from miniprogram.seams.publish_target import Release
from miniprogram.stores.delivery_source import StoreSource
from miniprogram.stores.filesystem import FilesystemObjectStore
from miniprogram.testing import NOON
from miniprogram_server.app import Served, delivery_app

KEY = "mpk_test_0123456789abcdefghij"


@pytest.fixture
def store(tmp_path: Path) -> FilesystemObjectStore:
    return FilesystemObjectStore(tmp_path / "store")


@pytest.fixture
def url(store: FilesystemObjectStore) -> Iterator[str]:
    with serving(delivery_app(Served(StoreSource(store), cloud_profile(), "here"))) as address:
        yield address


def publish(store: FilesystemObjectStore, tmp_path: Path, version: str) -> str:
    bundle = Delivered(tmp_path / "unused", "static").bundle(version)
    place = CloudLocation("team", "dev", "bucket", "here", api_base_url="https://unused.example/api")
    publish_to_store(store, cloud_layout(Release(bundle, NOON, packages=PACKED), place))
    return bundle.digest


def test_versions_come_and_go_on_over_the_network(
    store: FilesystemObjectStore, url: str, cache: Path, tmp_path: Path
) -> None:
    ways = []
    for version in ("1.0.0", "1.1.0"):
        digest = publish(store, tmp_path, version)
        with Client(cache, {"shop": Endpoint(f"{url}/api")}, HOST) as client, client.open("shop") as launch:
            launch.started()
            assert launch.digest == digest
            assert launch.circumstances.update is not None
            ways.append(launch.circumstances.update.way)
    assert ways == ["package", "delta"]


def test_a_protected_mini_program_wants_its_key(
    store: FilesystemObjectStore, url: str, cache: Path, tmp_path: Path
) -> None:
    digest = publish(store, tmp_path, "1.0.0")
    location = PolicyLocation(store, "metadata/access_keys/shop.json", "shop")
    create_key(location, "host", KEY, now=utc_now())

    with Client(cache, {"shop": Endpoint(f"{url}/api")}, HOST) as client, pytest.raises(DeliveryRefused) as caught:
        client.open("shop")
    assert caught.value.status == 401
    with Client(cache, {"shop": Endpoint(f"{url}/api", KEY)}, HOST) as client, client.open("shop") as launch:
        launch.started()
        assert launch.digest == digest


def test_nobody_there_is_no_answer(cache: Path) -> None:
    endpoint = Endpoint("http://127.0.0.1:9/api")
    with Client(cache, {"shop": endpoint}, HOST) as client, pytest.raises(DeliveryUnreachable) as caught:
        client.open("shop")
    assert caught.value.code == "backend_unreachable"
