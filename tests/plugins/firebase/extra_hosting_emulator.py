"""The folder of `--output` under Firebase's own Hosting emulator, as a host app loads it.

The stand-in of the other tests serves the same release beside it: what a host gets must not depend on the way.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run
from testbed import servers
from testbed.google.hosting import HostingService
from testbed.google.server import TOKEN, GoogleStandIn

OURS = (
    "cache-control",
    "access-control-allow-origin",
    "access-control-allow-methods",
    "access-control-allow-headers",
)
ORIGIN = {"origin": "https://host.example"}


@pytest.fixture
def served(tmp_path: Path, google: GoogleStandIn, hosting: HostingService) -> Iterator[str]:
    """The address of the emulator, with what `hosting` has released."""
    environ = {"HOME": str(tmp_path / "home"), "PATH": os.environ["PATH"], "FIREBASE_TOKEN": TOKEN}
    environ["FIREBASE_HOSTING_API_URL"] = google.address
    for line in (
        "create shop --language json",
        "env init",
        "env configure live --provider firebase --project-id shop-project",
        "publish shop --target firebase-hosting --env live --output site/public",
    ):
        assert run(line.split(), AppContext(cwd=tmp_path, environ=environ)) == 0, line
    config = tmp_path / "site" / "firebase.json"
    with servers.hosting_emulator(config, tmp_path / "emulator", tmp_path / "emulator.log") as url:
        yield url


def visited(hosting: HostingService, path: str) -> tuple[bytes | None, dict[str, str]]:
    body, headers = hosting.visit("shop-project", path)
    return body, {name.lower(): value for name, value in headers.items()}


def test_a_host_loads_the_latest_version(served: str, hosting: HostingService) -> None:
    with httpx.Client(base_url=served, headers=ORIGIN) as host:

        def load(path: str) -> Any:
            answer = host.get(path)
            assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "*")
            assert answer.headers["content-type"].startswith("application/json")
            return answer.json()

        [entry] = load("discovery/mini-programs.json")["entries"]
        latest = load(f"manifests/{entry['id']}/latest.json")
        assert load(f"manifests/shop/versions/{latest['version']}.json") == latest
        assert load(f"screens/shop/{latest['version']}/{latest['entry']}.json")
        record = load(f"metadata/releases/shop/{latest['version']}.json")
        assert record["version"] == latest["version"]
        assert host.get("manifests/shop/versions/9.9.9.json").status_code == 404


def test_every_path_has_the_headers_of_a_release(served: str, hosting: HostingService) -> None:
    live = hosting.versions[hosting.channels["shop-project"]["live"].releases[0]["version"]["name"]]
    paths = sorted(path.lstrip("/") for path in live.files if not path.startswith("/."))
    assert len(paths) > 5
    for path in paths:
        answer = httpx.get(f"{served}/{path}", headers=ORIGIN)
        body, headers = visited(hosting, path)
        assert {name: answer.headers.get(name) for name in OURS} == {name: headers.get(name) for name in OURS}, (
            path
        )
        if not path.startswith("metadata/"):  # records say when they were written
            assert answer.content == body, path


def test_rules_of_people_hold_beside_ours(served: str, tmp_path: Path) -> None:
    del served
    folder = tmp_path / "again"
    shutil.copytree(tmp_path / "site", folder)
    config = folder / "firebase.json"
    document = json.loads(config.read_text())
    document["hosting"]["headers"].insert(
        0, {"source": "**", "headers": [{"key": "X-Frame-Options", "value": "DENY"}]}
    )
    document["hosting"]["rewrites"] = [{"source": "/app/**", "destination": "/discovery/mini-programs.json"}]
    config.write_text(json.dumps(document))
    with servers.hosting_emulator(config, tmp_path / "second", tmp_path / "second.log") as url:
        answer = httpx.get(f"{url}/manifests/shop/latest.json")
        assert (answer.headers["x-frame-options"], answer.headers["access-control-allow-origin"]) == ("DENY", "*")
        assert "entries" in httpx.get(f"{url}/app/x").json()
