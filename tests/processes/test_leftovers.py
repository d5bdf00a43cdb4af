"""A test that fails takes what it started with it, so that the run ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

pytestmark = pytest.mark.process

CONFTEST = """
from testbed import leftovers

def pytest_configure(config):
    config.pluginmanager.register(leftovers)
"""
SERVER = """
import subprocess, sys
import pytest

@pytest.fixture(scope="SCOPE")
def server():
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        yield child
        child.communicate(b"end")

class TestServer:
    def test_one(self, server):
        assert False

    def test_two(self, server):
        assert server.poll() is None, "a shared server outlives a failure"
"""
FORKED = """
import multiprocessing, time

def test_it():
    child = multiprocessing.get_context("fork").Process(target=time.sleep, args=(600,))
    child.start()
    print("pid", child.pid)
    assert False
"""
STARTED = """
import subprocess, sys

def test_it():
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    print("pid", child.pid)
    raise {error}
"""


def run(folder: Path, text: str) -> str:
    tests = folder / "tests"  # as ours, below the root: pytest asks fewer hooks there
    tests.mkdir()
    (tests / "conftest.py").write_text(CONFTEST)
    (tests / "test_it.py").write_text(text)
    (folder / "pytest.ini").write_text(f"[pytest]\npythonpath = {Path(__file__).parents[1]}\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", "-q"],
        cwd=folder, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "text", [FORKED, STARTED.format(error="OSError"), STARTED.format(error="TimeoutError")],
    ids=["forked", "started", "out-of-time"],
)  # fmt: skip
def test_a_failing_test_leaves_no_process(tmp_path: Path, text: str) -> None:
    out = run(tmp_path, text)

    pid = int(out.partition("pid ")[2].split()[0])
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


@pytest.mark.parametrize("scope", ["class", "module", "package", "session"])
def test_a_server_that_tests_share_stays(tmp_path: Path, scope: str) -> None:
    assert "1 failed, 1 passed" in run(tmp_path, SERVER.replace("SCOPE", scope))
