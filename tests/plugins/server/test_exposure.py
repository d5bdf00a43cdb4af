"""`serve` as a process, shown to the outside in every way: addresses, TLS, a unix socket, several workers."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import ssl
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run

pytestmark = pytest.mark.process

HERE = Path(__file__).parent / "serving"
CERTIFICATE, KEY = HERE / "certificate.pem", HERE / "key.pem"
HEALTH = b"GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


class Served:
    """A running `serve`, and its second line."""

    def __init__(self, process: subprocess.Popen[str], lines: list[str]) -> None:
        self.process = process
        self.lines = lines
        self.base_url = re.sub(r"/api/\n$", "", "".join(lines[1:2]).partition(": ")[2])

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str, str]:
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=20)
        return self.process.returncode, out, err


Start = Callable[..., Served]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    environ = {**os.environ, "HOME": str(tmp_path)}
    assert run(["backend", "init", "--root", "work"], AppContext(cwd=tmp_path, environ=environ)) == 0
    running: list[subprocess.Popen[str]] = []

    def start(*options: str, port: str = "0", lines: int = 2) -> Served:
        argv = [sys.executable, "-m", "miniprogram", "serve", "--root", "work", "--port", port, *options]
        process = subprocess.Popen(
            argv, cwd=tmp_path, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        running.append(process)
        assert process.stdout is not None
        return Served(process, [process.stdout.readline() for _ in range(lines)])

    yield start
    for process in running:
        for each in psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []:
            each.kill()
        process.kill()
        process.communicate()


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "::1", "localhost"])
def test_addresses_are_taken_as_people_write_them(start: Start, host: str) -> None:
    served = start("--host", host)
    answer = httpx.get(f"{served.base_url}/health", trust_env=False)
    assert answer.json()["status"] == "ok"
    assert httpx.get(f"{served.base_url}/healthz", trust_env=False).json() == {"status": "ok"}
    assert httpx.head(f"{served.base_url}/readyz", trust_env=False).status_code in (200, 503)


def test_an_interface_can_be_named(start: Start) -> None:
    addresses = [each.address for name, each in _interfaces() if each.address.startswith("fe80:")]
    if not addresses:
        with pytest.raises(AssertionError):
            assert start("--host", "fe80::1%lo").lines[1]
        return
    served = start("--host", addresses[0])
    assert served.base_url.startswith("http://[fe80:")


def _interfaces() -> list[tuple[str, psutil._common.snicaddr]]:
    return [(name, each) for name, found in psutil.net_if_addrs().items() for each in found]


def test_tls_is_spoken(start: Start) -> None:
    served = start("--tls-cert", str(CERTIFICATE), "--tls-key", str(KEY))
    assert served.base_url.startswith("https://127.0.0.1:")
    context = ssl.create_default_context(cafile=str(CERTIFICATE))
    assert httpx.get(f"{served.base_url}/health", verify=context, trust_env=False).status_code == 200
    assert served.end()[0] == 0


def test_a_unix_socket_is_served_and_tidied_away(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "api.sock"
    served = start("--unix", "api.sock")
    assert served.base_url == f"unix:{path}"
    assert stat.S_IMODE(path.stat().st_mode) == 0o660
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(path))
        client.sendall(HEALTH)
        assert client.recv(100).startswith(b"HTTP/1.1 200")
    second = start("--unix", "api.sock", lines=0)
    assert "in use by another program" in second.process.communicate(timeout=20)[1]
    assert served.end()[0] == 0
    assert not path.exists()


def test_a_unix_socket_left_behind_is_taken_over(start: Start, tmp_path: Path) -> None:
    first = start("--unix", "api.sock")
    first.process.kill()
    first.process.wait()
    assert (tmp_path / "api.sock").exists()
    second = start("--unix", "api.sock")
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(tmp_path / "api.sock"))
        client.sendall(HEALTH)
        assert client.recv(100).startswith(b"HTTP/1.1 200")
    assert second.end()[0] == 0


def test_several_workers_answer_and_are_started_again(start: Start) -> None:
    served = start("--workers", "2")
    url = f"{served.base_url}/health"
    _await_health(url)
    workers = _workers(served, 2)
    os.kill(workers[0].pid, signal.SIGKILL)
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        assert httpx.get(url, trust_env=False).status_code == 200
        now = {worker.pid for worker in _workers(served, 1)}
        if len(now) == 2 and workers[0].pid not in now:
            break
        time.sleep(0.1)
    else:
        pytest.fail("the worker was not started again")
    code, out, _ = served.end()
    assert code == 0
    events = [json.loads(line)["event"] for line in out.splitlines()]
    assert events.count("worker_started") == 3
    assert events.count("worker_ended") == 1
    assert not any(worker.is_running() and worker.status() != psutil.STATUS_ZOMBIE for worker in workers)


def test_workers_do_not_outlive_a_supervisor_that_is_killed(start: Start) -> None:
    served = start("--workers", "2")
    _await_health(f"{served.base_url}/health")
    workers = _workers(served, 2)
    served.process.kill()
    gone, alive = psutil.wait_procs(workers, timeout=15)
    assert alive == []
    assert len(gone) == 2


def _await_health(url: str) -> None:
    """Until a worker listens, whoever connects waits in the socket's queue."""
    assert httpx.get(url, trust_env=False, timeout=20).status_code == 200


def _workers(served: Served, count: int) -> list[psutil.Process]:
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        children = psutil.Process(served.process.pid).children()
        found = [each for each in children if "spawn_main" in " ".join(_command(each))]
        if len(found) >= count:
            return found
        time.sleep(0.05)
    raise AssertionError(f"fewer than {count} workers")


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def test_the_application_runs_under_plain_uvicorn(start: Start, tmp_path: Path) -> None:
    (tmp_path / "serving.py").write_text(
        f"from miniprogram_server.app import workspace_app\n\napp = workspace_app({str(tmp_path / 'work')!r})\n"
    )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    argv = [sys.executable, "-m", "uvicorn", "--no-proxy-headers", "--port", str(port), "serving:app"]
    process = subprocess.Popen(argv, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with contextlib.suppress(httpx.ConnectError):
                answer = httpx.get(f"http://127.0.0.1:{port}/api/discovery/mini-programs", trust_env=False)
                assert (answer.status_code, "traceId" in answer.json()) == (200, True)
                return
            time.sleep(0.1)
        pytest.fail("uvicorn never listened")
    finally:
        process.terminate()
        process.wait()


def test_figures_are_given_where_hosts_do_not_ask(start: Start) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    served = start("--metrics", f"127.0.0.1:{port}")
    assert httpx.get(f"{served.base_url}/health", trust_env=False).status_code == 200
    assert httpx.get(f"{served.base_url}/metrics", trust_env=False).status_code == 404
    text = httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False).text
    assert 'miniprogram_requests_total{surface="delivery",route="health",status="200"} 1\n' in text
    assert "miniprogram_connections_limit" in text
    assert "miniprogram_build_info{version=" in text
    assert served.end()[0] == 0
