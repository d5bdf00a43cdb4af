"""The hand-off between a publisher and a host developer who share nothing but a network and a file.

Two homes stand for two laptops. Neither has a cloud account. Every step is the contract's own command.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.process


class Laptop:
    """A home, a working folder, and the command line."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.home.mkdir(parents=True)
        self.folder = folder

    def run(self, *argv: str, cwd: Path | None = None, code: int = 0) -> str:
        environ = {**os.environ, "HOME": str(self.home), "PATH": f"{self.folder / 'bin'}:/usr/bin:/bin"}
        command = [sys.executable, "-m", "miniprogram", *argv]
        done = subprocess.run(
            command, cwd=cwd or self.folder, env=environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == code, (argv, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr
        return done.stdout


@pytest.fixture
def port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@pytest.fixture
def publisher(tmp_path: Path, port: str) -> Iterator[Laptop]:
    laptop = Laptop(tmp_path / "publisher")
    yield laptop
    laptop.run("cloud", "destroy", "--env", "team", "--yes", code=0)


@pytest.fixture
def host(tmp_path: Path) -> Laptop:
    laptop = Laptop(tmp_path / "host")
    app = laptop.folder / "app"
    (app / "lib").mkdir(parents=True)
    (app / "pubspec.yaml").write_text(
        "name: super_app\nversion: 2.3.0+7\n\ndependencies:\n  flutter:\n    sdk: flutter # keep\n"
    )
    flutter = laptop.folder / "bin" / "flutter"
    flutter.parent.mkdir()
    flutter.write_text('#!/bin/sh\necho "$@" > flutter_arguments\nexit 7\n')
    flutter.chmod(0o755)
    return laptop


def test_a_protected_program_reaches_a_host_without_any_account(
    publisher: Laptop, host: Laptop, port: str
) -> None:
    program = publisher.folder / "coupon_center"
    publisher.run("create", "coupon_center", "--title", "Coupon Center")
    publisher.run("env", "init")
    publisher.run("env", "configure", "team", "--provider", "filesystem", "--store", "store", "--port", port)
    publisher.run("env", "use", "team")
    publisher.run("cloud", "deploy")
    publisher.run("publish", cwd=program)
    key = re.search(
        r"Access key: (mpk_live_\S+)",
        publisher.run("access-key", "create", "coupon_center", "--key-id", "super-app"),
    )
    assert key is not None
    package = (
        "partner",
        "package",
        "coupon_center",
        "--access-key",
        key[1],
        "--expires-in",
        "30d",
        "-o",
        "hand.partner.json",
    )
    assert key[1] not in publisher.run(*package)
    status = json.loads(publisher.run("workflow", "status", "--remote", "--json", cwd=program))
    assert (status["ready"], status["remote"]["app"]["latestVersion"]) == (True, "1.0.0")
    assert status["remote"]["accessKeys"]["activeCount"] == 1

    app = host.folder / "app"
    received = Path(shutil.copy(publisher.folder / "hand.partner.json", host.folder))
    host.run("embed", "init", cwd=app)
    host.run("host", "endpoint", "import", str(received), cwd=app)
    assert key[1] not in host.run("host", "endpoint", "list", cwd=app)
    told = json.loads(host.run("workflow", "status", "--json", cwd=app))
    assert (told["ready"], told["hostApp"]["endpointAppIds"]) == (True, ["coupon_center"])
    assert "# keep" in (app / "pubspec.yaml").read_text()
    host.run("host", "run", "-d", "chrome", cwd=app, code=7)
    assert (app / "flutter_arguments").read_text().startswith("run -d chrome")

    endpoints = (app / "lib" / "mini_program" / "mini_program_endpoints.dart").read_text()
    block = re.search(r"^// (\{.*\})$", endpoints, re.MULTILINE)
    assert block is not None
    endpoint = json.loads(block[1])["coupon_center"]
    base = endpoint["apiBaseUri"] + "/"
    context = {"hostApp": "super_app", "hostVersion": "2.3.0", "sdkVersion": "1.0.0", "capabilities": "analytics"}
    headers = {"x-mini-program-access-key": endpoint["accessKey"]}
    with httpx.Client(base_url=base, trust_env=False, params=context) as client:
        assert client.get("manifests/coupon_center/latest.json").status_code == 401
        manifest = client.get("manifests/coupon_center/latest.json", headers=headers).json()
        screen = client.get(
            f"screens/coupon_center/{manifest['version']}/{manifest['entry']}.json", headers=headers
        )
        assert (manifest["version"], screen.json()["type"]) == ("1.0.0", "scaffold")
        assert client.get("discovery/mini-programs.json").json()["entries"] == []

        document = json.loads((program / "manifest.json").read_text())
        (program / "manifest.json").write_text(json.dumps({**document, "version": "1.1.0"}, indent=2))
        publisher.run("publish", cwd=program)
        assert client.get("manifests/coupon_center/latest.json", headers=headers).json()["version"] == "1.1.0"
        publisher.run("cloud", "rollback", "1.0.0", cwd=program)
        assert client.get("manifests/coupon_center/latest.json", headers=headers).json()["version"] == "1.0.0"
        publisher.run("access-key", "revoke", "coupon_center", "--key-id", "super-app")
        assert client.get("manifests/coupon_center/latest.json", headers=headers).status_code == 403
