"""A time window served from this machine: through the application, and through servers that share a workspace."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run
from miniprogram.delivery.evaluation.ledger import ledger_key
from miniprogram.environments.session import open_session
from miniprogram.state.env_file import require_env
from miniprogram.state.workspace_location import BackendWorkspace
from miniprogram.stores.ledger_sqlite import SqliteLedger
from miniprogram_server.app import ADMISSIONS, delivery_app, serve_environment, serve_workspace
from miniprogram_server.asgi import DeliveryApp

pytestmark = pytest.mark.process

PLACES = 2


def policy(places: int) -> dict[str, Any]:
    window = {"id": "w", "start": "2026-01-01T00:00:00Z", "end": "2126-01-01T00:00:00Z", "maxUsers": places}
    releases = {"new": {"version": "2.0.0"}, "old": {"version": "1.0.0"}}
    entries = [{"step": "window", "release": "new", "window": window}, {"step": "full", "release": "old"}]
    target = {"hostApp": "h", "environment": "production", "releases": releases, "entries": entries}
    return {"policy": {"formatVersion": 1, "revision": 1, "targets": [target]}}


def write(folder: Path, documents: dict[str, Any]) -> None:
    for key, document in documents.items():
        path = folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document))


@pytest.fixture
def workspace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> BackendWorkspace:
    root = tmp_path / "work"
    (tmp_path / "home").mkdir()
    assert (
        run(["backend", "init", "--root", str(root)], AppContext(tmp_path, {"HOME": str(tmp_path / "home")})) == 0
    )
    capsys.readouterr()
    versions = {
        f"manifests/demo/versions/{version}.json": {"id": "demo", "version": version, "entry": "home"}
        for version in ("1.0.0", "2.0.0")
    }
    latest = {"manifests/demo/latest.json": {"version": "1.0.0"}}
    write(root / "backend/api", {**versions, **latest, "releases/demo.json": policy(PLACES)})
    return BackendWorkspace(root)


def gets(app: DeliveryApp, *users: str) -> list[str]:
    """The version each of `users` is given, one after the other."""

    async def ask() -> list[str]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            answers = [await client.get(LATEST, params={"hostApp": "h", "userId": user}) for user in users]
        return [answer.json()["version"] for answer in answers]

    return asyncio.run(ask())


LATEST = "/api/manifests/demo/latest"


def test_a_workspace_remembers_who_was_admitted(workspace: BackendWorkspace) -> None:
    served = serve_workspace(workspace, strictness="strict")
    assert not (workspace.root / ADMISSIONS).exists()
    assert gets(delivery_app(served), "ada", "bob", "cyd", "ada") == ["2.0.0", "2.0.0", "1.0.0", "2.0.0"]

    later = delivery_app(serve_workspace(workspace, strictness="strict"))
    assert gets(later, "dan", "bob") == ["1.0.0", "2.0.0"]
    assert SqliteLedger(workspace.root / ADMISSIONS).count("w") == PLACES


def test_with_a_broken_ledger_nobody_new_gets_in_and_everybody_gets_an_answer(workspace: BackendWorkspace) -> None:
    (workspace.root / ADMISSIONS).parent.mkdir(exist_ok=True)
    (workspace.root / ADMISSIONS).write_bytes(b"this is no database\n" * 100)
    app = delivery_app(serve_workspace(workspace, strictness="strict"))
    assert gets(app, "ada", "ada") == ["1.0.0", "1.0.0"]


def test_an_environment_counts_where_its_commands_look(
    tmp_path: Path, workspace: BackendWorkspace, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home"
    tools = AppContext(tmp_path, {"HOME": str(home)})
    assert run(["env", "init"], tools) == 0
    assert run(["env", "configure", "team", "--provider", "filesystem", "--store", "store"], tools) == 0
    capsys.readouterr()
    manifests = {
        f"artifacts/demo/{version}/manifest.json": {"id": "demo", "version": version, "entry": "home"}
        for version in ("1.0.0", "2.0.0")
    }
    write(tmp_path / "store", {**manifests, "metadata/releases/demo.json": policy(1)})
    write(tmp_path / "store", {"metadata/catalog/demo.json": {"releaseKey": "r", "latestVersion": "1.0.0"}})
    resolved = require_env(explicit_root=None, start_directories=[tmp_path], home=home)
    session = open_session(resolved, "team", find_provider=tools.registry.provider, home=home, environ={})

    assert gets(delivery_app(serve_environment(session, strictness="strict")), "ada", "bob") == ["2.0.0", "1.0.0"]

    provider: Any = session.provider
    assert provider.ledger().has_admitted("w", ledger_key("w", "ada"))
    assert not list((tmp_path / "store").rglob("*sqlite*")), "what is served lies there"


@pytest.fixture
def servers(workspace: BackendWorkspace, tmp_path: Path) -> Iterator[list[str]]:
    """Two servers of one workspace, as processes; the addresses of their latest manifests."""
    argv = [sys.executable, "-m", "miniprogram", "serve", "--port", "0", "--log", "off", "--root", "work"]
    running = [subprocess.Popen(argv, cwd=tmp_path, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    addresses = []
    for server in running:
        assert server.stdout is not None
        server.stdout.readline()
        found = re.search(r"http://\S+/api/", server.stdout.readline())
        assert found
        addresses.append(found[0].removesuffix("/api/") + LATEST)
    yield addresses
    for server in running:
        server.kill()
        server.communicate()


def test_servers_that_share_a_workspace_share_its_windows(workspace: BackendWorkspace, servers: list[str]) -> None:
    places, visitors = 30, 100
    write(workspace.api_root, {"releases/demo.json": policy(places)})

    def ask(number: int) -> str:
        params = {"hostApp": "h", "userId": f"user-{number}"}
        answer = httpx.get(servers[number % 2], params=params, trust_env=False, timeout=20)
        found: str = answer.json()["version"]
        return found

    with ThreadPoolExecutor(16) as pool:
        first = list(pool.map(ask, range(visitors)))
        again = list(pool.map(ask, range(visitors)))

    assert (first.count("2.0.0"), again) == (places, first)
