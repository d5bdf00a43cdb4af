"""The whole way of a mini-program through an environment on this machine, by command line only."""

from __future__ import annotations

import json
import os
import re
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run
from miniprogram.testing import write_program

pytestmark = pytest.mark.process

Call = Callable[..., str]

NOTICED_WITHIN_S = 10.0
"""How long a change may take to be served, with room for a busy machine."""


@pytest.fixture
def work(tmp_path: Path) -> Path:
    return write_program(tmp_path / "work")


@pytest.fixture
def call(work: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Call]:
    """Run a command line that must succeed; gives what it printed. Whatever runs afterwards is taken down."""

    def calling(*argv: str, code: int = 0) -> str:
        environ = {"HOME": str(tmp_path / "home"), "PATH": os.environ.get("PATH", "")}
        found = run(list(argv), AppContext(cwd=work, environ=environ))
        out, err = capsys.readouterr()
        assert found == code, f"{argv}: {err}"
        return out

    yield calling
    calling("cloud", "destroy", "--yes")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def get(url: str, key: str | None = None) -> tuple[int, Any]:
    request = urllib.request.Request(url, headers={"X-Mini-Program-Access-Key": key} if key else {})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=5) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


def soon(look: Callable[[], object], expected: object) -> None:
    deadline = time.monotonic() + NOTICED_WITHIN_S
    while (found := look()) != expected:
        assert time.monotonic() < deadline, f"{found!r} is still not {expected!r}"
        time.sleep(0.1)


def test_the_whole_tour(call: Call, work: Path) -> None:
    call("env", "init")
    call("env", "configure", "team", "--provider", "filesystem", "--root", "store", "--port", str(free_port()))
    call("env", "use", "team")
    assert "Published shop 1.0.0" in call("publish")

    call("cloud", "deploy")
    record = json.loads((work / ".mini_program/cloud/team/delivery.json").read_bytes())
    server = psutil.Process(record["pid"])
    assert "nothing to change" in call("cloud", "deploy")
    assert server.is_running()

    status = json.loads(call("cloud", "status", "--json"))
    assert (status["stackExists"], status["healthy"]) == (True, True)
    assert set(status["outputs"]) >= {
        "HttpApiStageUrl",
        "BackendApiBaseUrl",
        "HealthUrl",
        "ArtifactBucketName",
    }
    define = call("cloud", "outputs", "--format", "dart-define")
    match = re.fullmatch(r"--dart-define=MINI_PROGRAM_BACKEND_BASE_URL=(http://127\.0\.0\.1:\d+/api)\n", define)
    assert match is not None
    latest = f"{match[1]}/manifests/shop/latest"
    stored = json.loads(call("env", "status", "--json"))["activeCloudEnvironment"]["values"]
    assert stored["apiBaseUrl"] == match[1]
    assert stored["stackName"] == "mini-program-cloud-team"

    assert get(latest)[1]["version"] == "1.0.0"
    assert get(f"{match[1]}/screens/shop/1.0.0/shop_home")[0] == 200

    shown = re.match(r"Access key: (mpk_live_\S+)\n", call("access-key", "create", "shop", "--key-id", "partner"))
    assert shown is not None
    key = shown[1]
    soon(lambda: get(latest)[0], 401)
    soon(lambda: get(latest, key)[0], 200)

    write_program(work, version="1.1.0", text="New")
    call("publish")
    soon(lambda: get(latest, key)[1].get("version"), "1.1.0")
    call("cloud", "rollback", "1.0.0")
    soon(lambda: get(latest, key)[1].get("version"), "1.0.0")

    call("cloud", "app", "disable", "shop", "--yes")
    soon(lambda: get(latest, key)[0], 404)
    soon(lambda: get(f"{match[1]}/screens/shop/1.0.0/shop_home", key)[0], 404)
    call("cloud", "app", "enable", "shop")
    soon(lambda: get(latest, key)[0], 200)

    call("access-key", "revoke", "shop", "--key-id", "partner")
    soon(lambda: get(latest, key)[0], 403)

    logs = call("cloud", "logs", "--since", "10m")
    assert logs.strip()
    everything = logs + "".join(path.read_text() for path in (work / ".mini_program").rglob("*") if path.is_file())
    assert key not in everything

    assert f"process {record['pid']}" in call("cloud", "destroy")
    assert server.is_running()
    call("cloud", "destroy", "--yes")
    psutil.wait_procs([server], timeout=5)
    assert not psutil.pid_exists(record["pid"])
    assert json.loads(call("cloud", "status", "--json", code=1))["stackExists"] is False
    assert (work / "store/metadata/catalog/shop.json").is_file()


def test_the_log_window_leaves_out_what_is_older(call: Call, work: Path) -> None:
    call("env", "init", "--use", "local")
    call("env", "configure", "team", "--provider", "filesystem", "--store", "store", "--port", str(free_port()))
    call("env", "use", "team")
    call("cloud", "deploy")
    log = work / ".mini_program/cloud/team/delivery.out.log"
    now = datetime.now(UTC)
    log.write_text(f"2020-01-01T00:00:00Z ancient\n{now.isoformat()} recent\n")

    shown = call("cloud", "logs", "--since", "1h")

    assert "recent" in shown
    assert "ancient" not in shown
