"""A store that gives no answer: who waits, who does not, and that the server ends all the same."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import httpx
import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run
from miniprogram.delivery.documents.profile import local_profile
from miniprogram.delivery.documents.sources import FolderSource
from miniprogram.publish.layouts.local import local_layout
from miniprogram.publish.to_store import publish_to_store
from miniprogram.state.workspace_location import BackendWorkspace
from miniprogram.stores.filesystem import FilesystemObjectStore
from miniprogram.testing import sample_release
from miniprogram_server.app import Served, delivery_app, serve_environment, serve_workspace
from miniprogram_server.front import Front
from miniprogram_server.health import Health, Watch
from miniprogram_server.serving.threads import WorkerThreads
from plugins.server.serving.conftest import serve  # noqa: F401 - a fixture
from testbed.environment_session import make_session, publish

pytestmark = pytest.mark.slow

__all__ = ["make_session", "publish"]

PROGRAM = """
import socket, sys, threading
from miniprogram.clock import utc_now
from miniprogram.delivery.documents.profile import local_profile
from miniprogram.delivery.documents.sources import FolderSource
from miniprogram_server.app import Served
from miniprogram_server.running import Exposure, Logging, run_process

class Hanging(FolderSource):
    def marker(self, key):
        if "hung" in key:
            threading.Event().wait()
        return super().marker(key)

listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(1)
print(listener.getsockname()[1], flush=True)
served = Served(Hanging(sys.argv[1]), local_profile(), "here")
run_process(served, None, [listener], exposure=Exposure(), logging=Logging(sys.stdout), now=utc_now)
"""


class Slow(FolderSource):
    """A folder whose documents of one mini-program take half a second each."""

    def marker(self, key: str) -> object | None:
        if "hung" in key:
            time.sleep(0.5)
        return super().marker(key)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("shop", "hung"):
        for key in (f"manifests/{name}/latest.json", f"manifests/{name}/versions/1.0.0.json"):
            path = tmp_path / key
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps({"id": name, "version": "1.0.0"}))
    return tmp_path


def test_one_slow_mini_program_holds_up_nobody_else(serve, folder: Path) -> None:  # noqa: F811
    app = delivery_app(Served(Slow(folder), local_profile(), "here", max_staleness_s=0.02))
    watch = Watch("store", lambda: None)
    watch.look()
    front = Front(app, app.answer_now, Health(watch))
    running = serve(front, answer_now=front.answer_now)

    def timed(path: str) -> tuple[int, float]:
        began = time.monotonic()
        connection = HTTPConnection("127.0.0.1", running.port, timeout=10)
        connection.request("GET", path)
        status = connection.getresponse().status
        connection.close()
        return status, time.monotonic() - began

    with ThreadPoolExecutor(20) as pool:
        slow = [pool.submit(timed, "/api/manifests/hung/latest") for _ in range(12)]
        time.sleep(0.2)
        for path in ("/health", "/healthz", "/readyz", "/api/manifests/shop/latest"):
            for _ in range(5):
                status, took_s = timed(path)
                assert (status, took_s < 0.4) == (200, True), (path, took_s)
        outcomes = [each.result() for each in slow]
    assert all(took_s < 3.5 for _, took_s in outcomes)
    assert {status for status, _ in outcomes} <= {200, 503}


@pytest.mark.process
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_store_that_hangs_is_told_and_does_not_keep_the_process(folder: Path, number: signal.Signals) -> None:
    argv = [sys.executable, "-c", PROGRAM, str(folder)]
    server = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        base = f"http://127.0.0.1:{int(server.stdout.readline())}"
        with httpx.Client(base_url=base, trust_env=False, timeout=10) as client:
            began = time.monotonic()
            hung = client.get("/api/manifests/hung/latest")
            assert 2 <= time.monotonic() - began < 3.5
            assert (hung.status_code, hung.headers["retry-after"]) == (503, "1")
            assert hung.json()["errorCode"] == "backend_unreachable"
            assert client.get("/api/manifests/shop/latest").status_code == 200
            assert client.get("/healthz").status_code == 200
        with ThreadPoolExecutor(1) as pool:
            last = pool.submit(httpx.get, f"{base}/api/manifests/hung/latest", trust_env=False, timeout=10)
            time.sleep(0.3)
            server.send_signal(number)
            began = time.monotonic()
            out, err = server.communicate(timeout=15)
            assert time.monotonic() - began < 9
            assert last.result().status_code == 503, "what was in flight is answered"
        assert server.returncode in ((0,) if number != signal.SIGINT else (1, 130, -2))
        lines = [json.loads(line) for line in out.splitlines()]
        assert [line["statusCode"] for line in lines if line["event"] == "request"].count(503) == 2, err
    finally:
        server.kill()
        server.communicate()


class Gate:
    """Lets the looks at documents of one mini-program through, or keeps them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.is_open = threading.Event()
        self.is_open.set()
        for name in ("marker", "read", "list"):
            monkeypatch.setattr(FolderSource, name, self._waiting(getattr(FolderSource, name)))

    def _waiting(self, look: Callable[[FolderSource, str], Any]) -> Callable[[FolderSource, str], Any]:
        def waiting(source: FolderSource, key: str) -> Any:
            if "hung" in key:
                self.is_open.wait(30)
            return look(source, key)

        return waiting


@pytest.fixture(params=["workspace", "environment"])
def network_folder(request, tmp_path: Path, make_session, publish) -> Served:
    """What `serve` serves out of a folder, with two mini-programs in it."""
    if request.param == "environment":
        session = make_session(FilesystemObjectStore(tmp_path / "store"))
        for name in ("shop", "hung"):
            publish(session, name, "1.0.0")
        return serve_environment(session, strictness="strict")
    (tmp_path / "home").mkdir(exist_ok=True)
    assert (
        run(["backend", "init", "--root", str(tmp_path / "work")], AppContext(tmp_path, {"HOME": str(tmp_path)}))
        == 0
    )
    workspace = BackendWorkspace(tmp_path / "work")
    for name in ("shop", "hung"):
        layout = local_layout(sample_release(name, "1.0.0"), base_url="http://a/api/")
        publish_to_store(FilesystemObjectStore(workspace.api_root), layout)
    return serve_workspace(workspace, strictness="strict")


def test_a_folder_that_hangs_holds_no_thread_and_what_is_known_goes_on(network_folder, monkeypatch) -> None:
    gate = Gate(monkeypatch)
    threads = WorkerThreads("delivery")
    app = delivery_app(network_folder, threads=threads)

    async def ask(path: str) -> tuple[int, float]:
        began = time.monotonic()
        transport = httpx.ASGITransport(app)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://a") as client:
            status = (await client.get(f"/api/{path}", timeout=20)).status_code
        return status, time.monotonic() - began

    async def story() -> None:
        assert (await ask("manifests/hung/latest"))[0] == 200
        gate.is_open.clear()
        await asyncio.sleep(0.3)  # longer than a folder is believed unasked
        known, unknown, other = await asyncio.gather(
            ask("manifests/hung/latest"), ask("screens/hung/1.0.0/home"), ask("manifests/shop/latest")
        )
        assert (known[0], unknown[0], other[0]) == (200, 503, 200)
        assert max(took_s for _, took_s in (known, unknown, other)) < 2.4
        assert threads.running == 0
        gate.is_open.set()
        await asyncio.sleep(1.0)
        assert (await ask("screens/hung/1.0.0/home"))[0] in (200, 404)

    asyncio.run(story())
    gate.is_open.set()
