"""A real Chromium gets deltas over plain `fetch`: RFC 9842, which it does by itself."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from browser.serving import serving
from miniprogram.delivery.documents.profile import cloud_profile
from miniprogram.packages.package_file import package_of
from miniprogram.packages.package_options import PackageOptions
from miniprogram.publish.layouts.cloud import CloudLocation, cloud_layout
from miniprogram.publish.to_store import publish_to_store
from miniprogram.seams.publish_target import Release
from miniprogram.stores.delivery_source import StoreSource
from miniprogram.stores.filesystem import FilesystemObjectStore
from miniprogram.testing import sample_release, sample_screens
from miniprogram_server.app import Served, delivery_app

FETCH = """async (path) => {
  const response = await fetch(path);
  const body = await response.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  return [response.status, btoa(String.fromCharCode(...digest))];
}"""


@pytest.fixture
def store(tmp_path: Path) -> FilesystemObjectStore:
    return FilesystemObjectStore(tmp_path / "store")


def publish(store: FilesystemObjectStore, version: str) -> Release:
    digests = (hashlib.sha256(bytes([number])).hexdigest() for number in range(20))
    same = {f"shop_{number}": {"type": "text", "data": each} for number, each in enumerate(digests)}
    screens = {**sample_screens(text=f"Welcome to {version}"), **same}
    release = replace(sample_release(version=version, screens=screens), packages=PackageOptions())
    publish_to_store(store, cloud_layout(release, CloudLocation("team", "dev", "bucket", "here")))
    return release


@contextmanager
def site(store: FilesystemObjectStore) -> Iterator[str]:
    with serving(delivery_app(Served(StoreSource(store), cloud_profile(), "here"))) as url:
        yield url


def digest_of(release: Release) -> str:
    return base64.b64encode(hashlib.sha256(package_of(release.bundle).archive).digest()).decode()


def test_a_browser_that_has_a_version_gets_the_next_as_a_delta(
    chromium: Browser, store: FilesystemObjectStore
) -> None:
    releases = {version: publish(store, version) for version in ("1.0.0", "1.1.0", "1.2.0")}
    with site(store) as url:
        page = chromium.new_context().new_page()
        sent: dict[str, tuple[str | None, int]] = {}

        def note(response: object) -> None:
            sizes = response.request.sizes()  # type: ignore[attr-defined]
            version = response.url.split("/")[-2]  # type: ignore[attr-defined]
            sent[version] = response.headers.get("content-encoding"), sizes["responseBodySize"]  # type: ignore[attr-defined]

        page.goto(f"{url}/health")
        page.on("requestfinished", lambda request: note(request.response()))
        for version, release in releases.items():
            found = page.evaluate(FETCH, f"/api/packages/shop/{version}/package.tar")
            assert found == [200, digest_of(release)]
            page.wait_for_timeout(500)  # a dictionary is written after the answer was handed to the page

    assert [sent[version][0] for version in releases] == ["zstd", "dcz", "dcz"]
    assert sent["1.1.0"][1] < sent["1.0.0"][1] / 3
