"""Delivery as a function of Cloud Functions: under functions-framework, in an interpreter that has only that."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from miniprogram.publish.layouts.cloud import CloudLocation, cloud_layout
from miniprogram.publish.to_store import publish_to_store
from miniprogram.stores.memory import MemoryObjectStore
from miniprogram.testing import sample_release
from miniprogram_gcp.run.program import PackagedProgram
from testbed.servers import fake_gcs, free_port, program

pytestmark = pytest.mark.server

BUCKET = "programs"
TOLD = {
    "ARTIFACT_BUCKET_NAME": BUCKET,
    "ARTIFACTS_PREFIX": "artifacts",
    "METADATA_PREFIX": "metadata",
    "REQUIRE_MINI_PROGRAM_ACCESS_KEYS": "false",
    "GOOGLE_CLOUD_PROJECT": "shop-project",
}
PROGRAMS = {
    "without a ledger": PackagedProgram(TOLD),
    "counting in Firestore": PackagedProgram(
        TOLD,
        packages=("miniprogram.delivery", "miniprogram_gcp.function", "miniprogram_firebase.function"),
        function_module="miniprogram_firebase.function.framework",
    ),
}
START_WAIT_S = 60.0


@pytest.fixture
def bucket(tmp_path: Path) -> Iterator[str]:
    """The address of a storage service whose bucket holds one published version."""
    store = MemoryObjectStore()
    where = CloudLocation("gcp", "prod", BUCKET, "us-central1", api_base_url="https://programs.example/api")
    publish_to_store(store, cloud_layout(sample_release(), where))
    with fake_gcs(tmp_path / "gcs.log") as url, httpx.Client(base_url=url) as calls:
        calls.post("/storage/v1/b", json={"name": BUCKET}).raise_for_status()
        for each in store.list(""):
            found = store.get(each.key)
            assert found is not None
            asked = {"uploadType": "media", "name": each.key}
            calls.post(f"/upload/storage/v1/b/{BUCKET}/o", params=asked, content=found.body).raise_for_status()
        yield url


@pytest.fixture(params=PROGRAMS.values(), ids=PROGRAMS)
def served(tmp_path: Path, bucket: str, request: pytest.FixtureRequest) -> Iterator[str]:
    packaged: PackagedProgram = request.param
    folder = tmp_path / "function"
    for path, body in packaged.as_function(packaged.sources()).items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
    port = free_port()
    argv = [program("functions-framework", "python"), "-I", "-B", "-m", "functions_framework"]
    argv += ["--target", packaged.entry_point, "--source", "main.py", "--host", "127.0.0.1", "--port", str(port)]
    environ = {**packaged.environ, "STORAGE_EMULATOR_HOST": bucket}
    with (tmp_path / "function.log").open("wb") as log:
        process = subprocess.Popen(argv, env=environ, cwd=folder, stdout=log, stderr=log)
    try:
        url, end = f"http://127.0.0.1:{port}", time.monotonic() + START_WAIT_S
        while not is_up(url):
            assert process.poll() is None, (tmp_path / "function.log").read_text()
            assert time.monotonic() < end, (
                httpx.get(f"{url}/health").text,
                (tmp_path / "function.log").read_text(),
            )
            time.sleep(0.05)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def is_up(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health", timeout=20).status_code == 200
    except httpx.TransportError:
        return False


def test_a_host_loads_what_the_bucket_holds(served: str) -> None:
    manifest = httpx.get(f"{served}/api/manifests/shop/latest.json", timeout=20)
    assert manifest.status_code == 200, manifest.text
    assert manifest.json()["version"] == "1.0.0"

    screen = httpx.get(f"{served}/api/screens/shop/1.0.0/{manifest.json()['entry']}.json", timeout=20)
    assert screen.status_code == 200
    assert json.loads(screen.content)["type"]
    again = httpx.get(
        f"{served}/api/screens/shop/1.0.0/{manifest.json()['entry']}.json",
        headers={"if-none-match": screen.headers["etag"]},
        timeout=20,
    )
    assert (again.status_code, again.content) == (304, b"")
    assert httpx.get(f"{served}/api/manifests/nobody/latest.json", timeout=20).status_code == 404
