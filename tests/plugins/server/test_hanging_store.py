"""A store that gives no answer: who waits, who does not, and that the server ends all the same."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path

import httpx
import pytest

from miniprogram.delivery.documents.profile import local_profile
from miniprogram.delivery.documents.sources import FolderSource
from miniprogram_server.app import Served, delivery_app
from miniprogram_server.front import Front
from miniprogram_server.health import Health, Watch
from plugins.server.serving.conftest import serve  # noqa: F401 - a fixture

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
