"""Real child processes, small ones, none of which outlives its test."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from miniprogram.processes import Launch

SERVER = """
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(int(sys.argv[2])); self.send_header("Content-Length", "0"); self.end_headers()
    def log_message(self, *rest): pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


@pytest.fixture(autouse=True)
def _no_survivors() -> Iterator[None]:
    yield
    children = psutil.Process().children(recursive=True)
    for child in children:
        child.kill()
    psutil.wait_procs(children, timeout=5)


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def launch_of(tmp_path: Path, free_port: int) -> Callable[..., Launch]:
    """Makes a Launch of Python code; its arguments are the free port and the status it shall answer."""

    def make(code: str = SERVER, *, status: int = 200) -> Launch:
        return Launch(
            argv=[sys.executable, "-c", code, str(free_port), str(status)],
            cwd=tmp_path,
            health_url=f"http://127.0.0.1:{free_port}/health",
            stdout_log=tmp_path / "logs" / "out.log",
            stderr_log=tmp_path / "logs" / "err.log",
        )

    return make


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    """A process that only waits."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as child:
        yield child
        child.kill()
