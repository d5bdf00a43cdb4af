"""`console` and `serve --env` as processes."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
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
        "member add ann --role developer-admin",
    ):  # fmt: skip
        assert run(line.split(), app_context) == 0
    capsys.readouterr()
    assert run(["token", "create", "--member", "ann", "--json"], app_context) == 0
    (tmp_path / "token").write_text(json.loads(capsys.readouterr().out)["token"])
    return tmp_path


@pytest.fixture(params=["console", "serve --env team --log off"], ids=["console", "serve"])
def server(request: pytest.FixtureRequest, home: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    argv = [sys.executable, "-m", "miniprogram", *request.param.split(), "--port", "0"]
    process = subprocess.Popen(
        argv, cwd=home, env={**os.environ, "HOME": str(home / "home")}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(3)]
    found = re.fullmatch(r"Release console: (http://\S+)/console/\n", lines[2])
    assert found, lines
    yield process, found[1]
    process.kill()
    process.communicate()


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
    assert (process.returncode, err) == (130, "")
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
