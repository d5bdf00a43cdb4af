"""`serve` as a process of its own: a workspace, an environment, signals, and bad addresses."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run
from miniprogram.documents.polled_changes import EVERY_S
from miniprogram.environments.delivery import FOLDER_STALENESS_S
from miniprogram.testing.samples import write_program

pytestmark = pytest.mark.process

Start = Callable[..., tuple[subprocess.Popen[str], str]]


@pytest.fixture
def call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    (tmp_path / "home").mkdir()

    def call(*argv: str, cwd: Path = tmp_path) -> tuple[int, str, str]:
        code = run(list(argv), AppContext(cwd=cwd, environ={"HOME": str(tmp_path / "home")}))
        return (code, *capsys.readouterr())

    return call


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A mini-program with built screens."""
    root = tmp_path / "shop"
    write_program(root)
    screens = root / "stac" / "screens"
    screens.mkdir(parents=True, exist_ok=True)
    for built in (root / "stac" / ".build" / "screens").glob("*.json"):
        (screens / built.name).write_bytes(built.read_bytes())
    return root


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    running: list[subprocess.Popen[str]] = []

    def start(*options: str) -> tuple[subprocess.Popen[str], str]:
        argv = [sys.executable, "-m", "miniprogram", "serve", "--port", "0", *options]
        environ = {**os.environ, "HOME": str(tmp_path / "home")}
        server = subprocess.Popen(
            argv, cwd=tmp_path, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        running.append(server)
        assert server.stdout is not None
        lines = [server.stdout.readline(), server.stdout.readline()]
        match = re.search(r"http://\S+/api/", lines[1])
        assert match, (lines, server.stderr and server.stderr.read())
        return server, match[0]

    yield start
    for server in running:
        server.kill()
        server.communicate()


def test_a_workspace_is_served_and_edits_show_at_once(
    call: Callable[..., tuple[int, str, str]], start: Start, program: Path, tmp_path: Path
) -> None:
    assert call("backend", "init", "--root", "work")[0] == 0
    assert call("publish", "--root", str(tmp_path / "work"), cwd=program)[0] == 0
    _, api = start("--root", "work")
    with httpx.Client(base_url=api, trust_env=False) as client:
        latest = client.get("manifests/shop/latest.json")
        assert (latest.status_code, latest.json()["version"]) == (200, "1.0.0")
        screen = client.get("screens/shop/1.0.0/shop_home.json", headers={"accept-encoding": "gzip"})
        assert "immutable" in screen.headers["cache-control"]
        again = client.get("screens/shop/1.0.0/shop_home.json", headers={"if-none-match": screen.headers["etag"]})
        assert again.status_code == 304
        rules = tmp_path / "work/backend/api/rollout-rules/shop.json"
        off = {"id": "off", "hostApp": "x", "version": "1.0.0", "enabled": False}
        rules.write_text(json.dumps({"miniProgramId": "shop", "defaultVersion": "1.0.0", "rules": [off]}))
        time.sleep(2 * FOLDER_STALENESS_S)
        assert client.get("manifests/shop/latest.json", params={"hostApp": "x"}).status_code == 412


def test_an_environment_is_served_with_its_keys(
    call: Callable[..., tuple[int, str, str]], start: Start, program: Path
) -> None:
    assert call("env", "init")[0] == 0
    assert call("env", "configure", "team", "--provider", "filesystem", "--store", "store")[0] == 0
    assert call("publish", "--target", "cloud", "--env", "team", cwd=program)[0] == 0
    out = call("access-key", "create", "shop", "--key-id", "a", "--env", "team")[1]
    key = re.search(r"Access key: (\S+)", out)
    assert key is not None
    _, api = start("--env", "team")
    with httpx.Client(base_url=api, trust_env=False) as client:
        assert client.get("manifests/shop/latest.json").status_code == 401
        headers = {"x-mini-program-access-key": key[1]}
        assert client.get("manifests/shop/latest.json", headers=headers).status_code == 200
        assert call("access-key", "revoke", "shop", "--key-id", "a", "--env", "team")[0] == 0
        time.sleep(2 * FOLDER_STALENESS_S)
        assert client.get("manifests/shop/latest.json", headers=headers).status_code == 403


def test_a_new_version_shows_long_before_its_age(
    call: Callable[..., tuple[int, str, str]], start: Start, program: Path
) -> None:
    """Found in the index, which any store has."""
    assert call("env", "init")[0] == 0
    assert call("env", "configure", "team", "--provider", "filesystem", "--store", "store")[0] == 0
    assert call("publish", "--target", "cloud", "--env", "team", cwd=program)[0] == 0
    _, api = start("--env", "team", "--pointer-max-age", "600")
    with httpx.Client(base_url=api, trust_env=False) as client:
        assert client.get("manifests/shop/latest.json").json()["version"] == "1.0.0"
        write_program(program, version="1.1.0")
        assert call("publish", "--target", "cloud", "--env", "team", cwd=program)[0] == 0

        ends_at = time.monotonic() + 3 * EVERY_S
        while client.get("manifests/shop/latest.json").json()["version"] != "1.1.0":
            assert time.monotonic() < ends_at
            time.sleep(0.1)


def test_a_snapshot_of_what_was_read_is_where_it_was_said_to_be(
    call: Callable[..., tuple[int, str, str]], start: Start, program: Path, tmp_path: Path
) -> None:
    assert call("env", "init")[0] == 0
    assert call("env", "configure", "team", "--provider", "filesystem", "--store", "store")[0] == 0
    assert call("publish", "--target", "cloud", "--env", "team", cwd=program)[0] == 0
    _, api = start("--env", "team", "--no-console", "--snapshot", "kept")

    assert httpx.get(f"{api}manifests/shop/latest.json", trust_env=False).status_code == 200

    found = [path.read_bytes() for path in (tmp_path / "kept").rglob("*") if path.is_file()]
    assert any(b"catalog" in each for each in found)


@pytest.mark.parametrize(("signal_sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0), (signal.SIGHUP, 0)])
def test_it_ends_when_told_to(
    call: Callable[..., tuple[int, str, str]], start: Start, signal_sent: signal.Signals, code: int
) -> None:
    call("backend", "init", "--root", "work")
    server, api = start("--root", "work")
    assert httpx.get(api.replace("/api/", "/health"), trust_env=False).status_code == 200
    server.send_signal(signal_sent)
    out, err = server.communicate(timeout=10)
    assert server.returncode == code
    assert "Traceback" not in err
    assert '"routeKind": "health"' in out


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--root", "nowhere"], 1, "is not a local backend workspace"),
        (["--env", "team"], 64, "env init"),
        (["--root", "work", "--host", "example.com"], 64, "--host"),
        (["--root", "work", "--host", "203.0.113.7"], 1, "not an address of this machine"),
        (["--root", "work", "--port", "70000"], 64, "--port"),
        (["--root", "work", "--policy", "lax"], 64, "--policy"),
        (["--root", "work", "--behind", "proxy.example"], 64, "--behind"),
        (["--root", "work", "--public-origin", "programs.example.com"], 64, "--public-origin"),
        (["--root", "work", "--tls-key", "key.pem"], 64, "--tls-cert"),
        (["--root", "work", "--tls-cert", "none.pem"], 64, "none.pem is not a file"),
        (["--root", "work", "--unix", "work"], 1, "exists and is no socket"),
        (["--root", "work", "--unix", "none/socket"], 1, "cannot be bound"),
        (["--root", "work", "--host", "[127.0.0.1]"], 64, "--host"),
        (["--root", "work", "--workers", "0"], 64, "--workers"),
        (["--root", "work", "--log-sample", "2"], 64, "--log-sample"),
        (["--root", "work", "--snapshot", "kept"], 64, "--snapshot"),
        (["--root", "work", "--pointer-max-age", "5"], 64, "--pointer-max-age"),
        (["--root", "work", "--pointer-max-age", "0"], 64, "--pointer-max-age"),
    ],
)
def test_bad_input_is_one_sentence(
    call: Callable[..., tuple[int, str, str]], options: list[str], code: int, words: str
) -> None:
    call("backend", "init", "--root", "work")
    result, out, err = call("serve", *options)
    assert (result, out) == (code, "")
    assert words in err
