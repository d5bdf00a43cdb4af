"""The example of a cloud provider: it passes the contracts of everything it adds, and does what a cloud is for."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from miniprogram.testing import write_program
from testbed.example_plugins import example_environ, installed_example

pytestmark = [pytest.mark.process, pytest.mark.slow]

EXAMPLE = Path(__file__).parents[2] / "examples" / "plugins" / "sqlite"
MOST_LINES = 300
"""What a cloud may cost whoever brings one, without its tests."""


@pytest.mark.timeout(300)
def test_it_passes_its_contracts(tmp_path: Path) -> None:
    run = installed_example(EXAMPLE, tmp_path)
    argv = ["-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(EXAMPLE / "tests")]

    done = run(*argv, program="pytest", timeout=280)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "skipped" not in done.stdout, "what a provider can do is tried, all of it"


def test_a_mini_program_is_published_protected_and_delivered(tmp_path: Path, miniprogram_free_port: int) -> None:
    run = installed_example(EXAMPLE, tmp_path)
    write_program(tmp_path / "shop")
    url = f"http://127.0.0.1:{miniprogram_free_port}/api/manifests/shop/latest"

    def ok(*argv: str) -> str:
        done = run(*argv)
        assert done.returncode == 0, done.stderr
        return done.stdout

    ok("env", "init")
    where = ["--file", "programs.db", "--port", str(miniprogram_free_port)]
    ok("env", "configure", "dev", "--provider", "sqlite", *where)
    ok("env", "use", "dev")
    published = json.loads(ok("publish", "shop", "--env", "dev", "--json"))
    ok("cloud", "deploy")
    try:
        assert httpx.get(url).json()["version"] == published["version"]
        checks = json.loads(ok("cloud", "doctor", "--json"))["checks"]
        assert {check["status"] for check in checks} == {"ok"}
        ok("access-key", "create", "shop", "--key-id", "host-1")
        ok("cloud", "destroy", "--yes")
        ok("cloud", "deploy")
        assert httpx.get(url).status_code == 401
    finally:
        ok("cloud", "destroy", "--yes")


def test_what_is_published_shows_long_before_its_age(tmp_path: Path, miniprogram_free_port: int) -> None:
    run = installed_example(EXAMPLE, tmp_path)
    write_program(tmp_path / "shop")
    for argv in (
        ["env", "init"],
        ["env", "configure", "dev", "--provider", "sqlite", "--file", "programs.db"],
        ["env", "use", "dev"],
        ["publish", "shop", "--env", "dev"],
    ):
        assert run(*argv).returncode == 0
    url = f"http://127.0.0.1:{miniprogram_free_port}/api/manifests/shop/latest"
    serve = ["serve", "--env", "dev", "--port", str(miniprogram_free_port), "--pointer-max-age", "600"]
    argv = [sys.executable, "-m", "miniprogram", *serve]
    with subprocess.Popen(
        argv, cwd=tmp_path, env=example_environ(EXAMPLE, tmp_path), stdout=subprocess.DEVNULL
    ) as server:
        try:
            _until(lambda: httpx.get(url).json()["version"] == "1.0.0")
            write_program(tmp_path / "shop", version="1.1.0")
            assert run("publish", "shop", "--env", "dev").returncode == 0
            _until(lambda: httpx.get(url).json()["version"] == "1.1.0", within_s=2.0)
            assert run("access-key", "create", "shop", "--key-id", "host-1", "--env", "dev").returncode == 0
            _until(lambda: httpx.get(url).status_code == 401, within_s=2.0)
        finally:
            server.terminate()


def _until(holds: Callable[[], bool], within_s: float = 20.0) -> None:
    ends_at = time.monotonic() + within_s
    while True:
        with contextlib.suppress(httpx.TransportError):
            if holds():
                return
        assert time.monotonic() < ends_at, f"not within {within_s:g} s"
        time.sleep(0.05)


def test_it_is_small() -> None:
    sources = sorted((EXAMPLE / "src").rglob("*.py"))
    lines = {path.name: len(path.read_text("utf-8").splitlines()) for path in sources}
    print(lines)

    assert 0 < sum(lines.values()) < MOST_LINES
