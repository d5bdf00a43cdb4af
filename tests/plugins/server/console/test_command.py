"""`console` and `serve --env` as processes."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run

pytestmark = pytest.mark.process


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A folder with an environment `team`, a member and a token for them."""
    app_context = AppContext(cwd=tmp_path, environ={"HOME": str(tmp_path / "home")})
    (tmp_path / "home").mkdir()
    for line in (
        "env init", f"env configure team --provider filesystem --store {tmp_path / 'store'}", "env use team",
        "member add ann --role developer-admin", "member add ann --role admin",
    ):  # fmt: skip
        assert run(line.split(), app_context) == 0
    capsys.readouterr()
    assert run(["token", "create", "--member", "ann", "--json"], app_context) == 0
    (tmp_path / "token").write_text(json.loads(capsys.readouterr().out)["token"])
    return tmp_path


@contextlib.contextmanager
def running(home: Path, command: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A command that serves, and its URL."""
    argv = [sys.executable, "-m", "miniprogram", *command.split(), "--port", "0"]
    environ = {**os.environ, "HOME": str(home / "home"), "TMPDIR": str(home)}
    process = subprocess.Popen(
        argv, cwd=home, env=environ, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(3)]
        found = re.fullmatch(r"Release console: (http://\S+)/console/\n", lines[2])
        assert found, lines
        yield process, found[1]
    finally:
        for each in psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []:
            each.kill()
        process.kill()
        process.communicate()


@pytest.fixture(params=["console", "serve --env team --log off"], ids=["console", "serve"])
def server(request: pytest.FixtureRequest, home: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    with running(home, request.param) as started:
        yield started


def test_it_answers_people_programs_and_hosts_until_ctrl_c(server, home) -> None:
    process, url = server
    token = (home / "token").read_text()
    with httpx.Client(base_url=url, timeout=20, trust_env=False) as client:
        entered = client.post("/console/login", data={"token": token})
        assert entered.status_code == 303
        assert "Nothing is published here yet" in client.get("/console/").text
        me = client.get("/api/admin/v1/me", headers={"authorization": f"Bearer {token}"})
        assert me.json()["name"] == "ann"
        assert client.get("/api/manifests/shop/latest").status_code == 404
        assert client.get("/health").status_code == 200
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=15)
    assert (process.returncode, err) == (130, "interrupted\n")
    assert token not in out


def test_serve_can_do_without(home) -> None:
    argv = [sys.executable, "-m", "miniprogram", "serve", "--env", "team", "--port", "0", "--no-console"]
    process = subprocess.Popen(
        argv, cwd=home, env={**os.environ, "HOME": str(home / "home")}, text=True, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.readline()
    url = process.stdout.readline().removeprefix("API base URL for hosts: ").strip()
    try:
        with httpx.Client(base_url=url.removesuffix("/api/"), timeout=20, trust_env=False) as client:
            assert client.get("/console/").status_code == 404
            assert client.get("/api/admin/v1/me").status_code == 404
    finally:
        process.terminate()
        process.communicate(timeout=15)


def test_several_workers_know_who_is_signed_in_and_what_was_answered(home: Path) -> None:
    """Each worker is killed in turn: what is known afterwards, no single one of them had in its memory."""
    token = (home / "token").read_text()
    with running(home, "serve --env team --log off --workers 2") as (process, url):
        cookies = httpx.post(f"{url}/console/login", data={"token": token}, trust_env=False, timeout=20).cookies
        keyed = {"authorization": f"Bearer {token}", "idempotency-key": "one"}

        def answers() -> tuple[str, str | None]:
            inside = httpx.get(f"{url}/console/", cookies=cookies, trust_env=False, timeout=20)
            sent = {"name": "wallet"}
            again = httpx.post(f"{url}/api/admin/v1/apps", json=sent, headers=keyed, trust_env=False, timeout=20)
            return inside.headers.get("location", ""), again.headers.get("idempotent-replayed")

        first = answers()
        for worker in _workers(process, 2):
            worker.kill()
            _workers(process, 2, without=worker.pid)
            assert answers()[0] == "", "somebody was signed out"
        assert (first, answers()) == (("", None), ("", "true"))
        process.terminate()
        process.communicate(timeout=20)
    assert list(home.glob("miniprogram-serve-*")) == []


def _workers(process: subprocess.Popen[str], count: int, *, without: int = 0) -> list[psutil.Process]:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        found = []
        for each in psutil.Process(process.pid).children():
            with contextlib.suppress(psutil.Error):
                if each.pid != without and "spawn_main" in " ".join(each.cmdline()):
                    found.append(each)
        if len(found) >= count:
            return found
        time.sleep(0.05)
    raise AssertionError(f"fewer than {count} workers")
