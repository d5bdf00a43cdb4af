"""Delivery from Cloud Run in a Firebase project, by command line only, with a time window counted in Firestore."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from miniprogram.testing import write_program
from testbed import servers
from testbed.google.firestore.refusals import Refusal
from testbed.looks import get, soon

pytestmark = [pytest.mark.process, pytest.mark.slow]

BUCKET = "shop-releases"
WINDOW = {"id": "w", "start": "2026-01-01T00:00:00Z", "end": "2126-01-01T00:00:00Z", "maxUsers": 2}
ENTRIES = [{"step": "window", "release": "new", "window": WINDOW}, {"step": "full", "release": "old"}]
TARGET = {
    "hostApp": "h",
    "environment": "production",
    "releases": {"new": {"version": "1.1.0"}, "old": {"version": "1.0.0"}},
    "entries": ENTRIES,
}


@pytest.fixture(scope="module")
def gcs_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with servers.fake_gcs(tmp_path_factory.mktemp("gcs") / "gcs.log") as url:
        yield url


def put(gcs_url: str, key: str, document: Any) -> None:
    httpx.post(
        f"{gcs_url}/upload/storage/v1/b/{BUCKET}/o", params={"uploadType": "media", "name": key}, json=document
    ).raise_for_status()


def test_a_window_is_counted_over_all_instances(
    call: Callable[..., tuple[int, str]],
    cloud: Any,
    gcs_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", gcs_url)
    cloud.run.containers_get["STORAGE_EMULATOR_HOST"] = gcs_url
    versioned = {"name": BUCKET, "versioning": {"enabled": True}}
    httpx.post(f"{gcs_url}/storage/v1/b", params={"project": "shop-project"}, json=versioned).raise_for_status()
    write_program(tmp_path / "shop")
    call(f"env configure prod --bucket {BUCKET} --admission-database --pointer-max-age-seconds 0")
    call("publish")
    _, told = call("cloud deploy")
    assert "Health: healthy" in told
    write_program(tmp_path / "shop", version="1.1.0", text="New")
    call("publish")
    _, status = call("cloud status --json")
    latest = f"{json.loads(status)['outputs']['BackendApiBaseUrl']}manifests/shop/latest"
    soon(lambda: get(latest)[1].get("version"), "1.1.0")

    policy = {"formatVersion": 1, "revision": 1, "segments": {}, "targets": [TARGET]}
    put(gcs_url, "metadata/releases/shop.json", {"policy": policy})
    catalog = httpx.get(f"{gcs_url}/storage/v1/b/{BUCKET}/o/metadata%2Fcatalog%2Fshop.json?alt=media").json()
    put(gcs_url, "metadata/catalog/shop.json", {**catalog, "releaseKey": "metadata/releases/shop.json"})

    def gets(user: str) -> str:
        status, found = get(f"{latest}?hostApp=h&userId={user}")
        assert status == 200, found
        return str(found["version"])

    soon(lambda: gets("ada"), "1.1.0")
    assert [gets(user) for user in ("bob", "cyd", "ada", "dan")] == ["1.1.0", "1.0.0", "1.1.0", "1.0.0"]
    call("env configure prod --log-level ERROR")
    call("cloud deploy")  # a new instance, which remembers nobody
    assert [gets(user) for user in ("eve", "bob")] == ["1.0.0", "1.1.0"]

    def refuse(method: str, request: Any) -> None:
        del request
        raise Refusal("UNAVAILABLE", method)

    cloud.firestore.interruptions += [refuse] * 50
    assert gets("fay") == "1.0.0"
    cloud.firestore.interruptions.clear()
    call("cloud destroy --yes")
    assert cloud.run.services == {}
