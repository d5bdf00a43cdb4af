"""The proxy of the how-to page, as it is printed there, in front of a real server. Needs nginx."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.main import run

pytestmark = [pytest.mark.server, pytest.mark.process]

PAGE = Path(__file__).parents[3] / "docs/howto/behind-a-proxy.md"
HERE = Path(__file__).parent / "serving"
CONFIGURATION = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{sample}
}}
"""


class Stack:
    """nginx in front of `serve` with an environment; `token` is the owner's."""

    def __init__(self, port: int, server: subprocess.Popen[str]) -> None:
        self.base_url = f"https://localhost:{port}"
        self.server = server
        context = ssl.create_default_context(cafile=str(HERE / "certificate.pem"))
        self.client = httpx.Client(base_url=self.base_url, verify=context, trust_env=False)

    def lines(self) -> list[dict[str, object]]:
        """End the server; what it logged."""
        self.server.send_signal(signal.SIGTERM)
        out, _ = self.server.communicate(timeout=20)
        return [json.loads(line) for line in out.splitlines() if line.startswith("{")]


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    assert nginx, "nginx is not installed"
    environ = {**os.environ, "HOME": str(tmp_path)}
    context = AppContext(cwd=tmp_path, environ=environ)
    assert run(["env", "init"], context) == 0
    assert run(["env", "configure", "team", "--provider", "filesystem", "--store", "store"], context) == 0
    port, upstream = _free_ports(2)
    origin = f"https://localhost:{port}"
    options = ["--port", str(upstream), "--behind", "127.0.0.1", "--public-origin", origin]
    argv = [sys.executable, "-m", "miniprogram", "serve", "--env", "team", *options]
    server = subprocess.Popen(argv, cwd=tmp_path, env=environ, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    assert [server.stdout.readline() for _ in range(3)][2] == f"Release console: {origin}/console/\n"
    sample = re.search(r"<!-- nginx sample -->\n```nginx\n(.*?)```", PAGE.read_text(), re.S)
    assert sample
    text = sample[1].replace("127.0.0.1:8080", f"127.0.0.1:{upstream}").replace("443 ssl", f"{port} ssl")
    text = text.replace("programs.example.com", "localhost").replace(
        "/etc/ssl/programs.pem", str(HERE / "certificate.pem")
    )
    text = text.replace("/etc/ssl/programs.key", str(HERE / "key.pem"))
    configuration = tmp_path / "nginx.conf"
    configuration.write_text(CONFIGURATION.format(folder=tmp_path, sample=text))
    proxy = subprocess.Popen([nginx, "-p", str(tmp_path), "-c", str(configuration)], stderr=subprocess.DEVNULL)
    try:
        _await(port)
        made = Stack(port, server)
        with made.client:
            yield made
    finally:
        proxy.terminate()
        proxy.wait()
        server.kill()
        server.communicate()


def test_hosts_are_answered_and_paths_are_passed_on_as_they_are(stack: Stack) -> None:
    assert stack.client.get("/health").json()["status"] == "ok"
    strange = stack.client.get("/api/manifests/a%2Fb/latest")
    assert (strange.status_code, strange.json()["errorCode"]) == (400, "invalid_request")


def test_the_console_takes_forms_from_its_public_address_only(stack: Stack) -> None:
    page = stack.client.get("/console/login")
    assert page.status_code == 200
    sent = {"token": "wrong"}
    from_here = stack.client.post("/console/login", data=sent, headers={"origin": stack.base_url})
    assert (from_here.status_code, "That is no token" in from_here.text or from_here.status_code == 403) == (
        403,
        True,
    )
    assert "not sent by a page" not in from_here.text
    elsewhere = stack.client.post("/console/login", data=sent, headers={"origin": "https://evil.example"})
    assert (elsewhere.status_code, "not sent by a page" in elsewhere.text) == (403, True)


def test_nobody_chooses_the_address_they_come_from(stack: Stack) -> None:
    codes = []
    for number in range(12):
        forged = {"origin": stack.base_url, "x-forwarded-for": f"198.51.100.{number}"}
        codes.append(stack.client.post("/console/login", data={"token": "wrong"}, headers=forged).status_code)
    assert codes == [403] * 10 + [429] * 2
    clients = {line["client"] for line in stack.lines() if line.get("surface") == "console"}
    assert clients == {"127.0.0.1"}


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def _await(port: int) -> None:
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("nginx does not listen")
