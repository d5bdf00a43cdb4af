"""A host that is killed at any moment, and two hosts on one cache."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from client.delivered import Delivered
from miniprogram.client.state import read_state

TESTS = Path(__file__).parents[1]
KILLED = 9

HOST_PROGRAM = """
import os, sys
from pathlib import Path
from client.delivered import Delivered

folder, cache, kill_at, word = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
done = 0

def counted(call):
    def act(*given, **named):
        global done
        if done == kill_at:
            os._exit(9)
        done += 1
        return call(*given, **named)
    return act

Path.replace = counted(Path.replace)
Path.unlink = counted(Path.unlink)
Path.write_text = counted(Path.write_text)
os.fsync = counted(os.fsync)
launch = Delivered(folder, "static").client(cache).open("shop")
print(launch.version, launch.digest, flush=True)
if word == "hang":
    sys.stdin.read()
elif word == "started":
    launch.started()
print(done, flush=True)
"""


def start(delivered: Delivered, cache: Path, *, kill_at: int = -1, word: str = "started") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", HOST_PROGRAM, str(delivered.folder), str(cache), str(kill_at), word],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": str(TESTS), "PATH": ""},
    )


def run(delivered: Delivered, cache: Path, *, kill_at: int = -1, word: str = "started") -> tuple[int, list[str]]:
    process = start(delivered, cache, kill_at=kill_at, word=word)
    out, _ = process.communicate(timeout=120)
    return process.returncode, out.splitlines()


@pytest.fixture
def delivered(tmp_path: Path) -> Delivered:
    made = Delivered(tmp_path / "delivered", "static")
    made.publish("1.0.0")
    return made


@pytest.mark.process
@pytest.mark.slow
def test_killed_at_any_moment_the_next_run_has_a_whole_version(delivered: Delivered, tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    run(delivered, whole)
    bundle = delivered.publish("1.1.0")
    code, lines = run(delivered, whole)
    assert (code, lines[0]) == (0, f"1.1.0 {bundle.digest}")
    steps = int(lines[1])
    assert steps > 10

    before = tmp_path / "before"
    delivered.point_to("1.0.0")
    assert run(delivered, before)[0] == 0
    delivered.point_to("1.1.0")
    given_up = []
    for kill_at in range(steps):
        cache = tmp_path / f"cache-{kill_at}"
        shutil.copytree(before, cache)
        assert run(delivered, cache, kill_at=kill_at)[0] == KILLED
        with delivered.client(cache) as client, client.open("shop") as launch:
            launch.started()
        # killed after it was handed out and before it said that it started: that version is not tried again
        gave_up = bool(read_state(cache / "shop/state.json").failed)
        assert launch.version == ("1.0.0" if gave_up else "1.1.0"), kill_at
        assert launch.digest == delivered.bundle(launch.version).digest
        given_up.append(gave_up)
    assert not given_up[0], "nothing was handed out yet"
    assert True in given_up
    assert given_up == sorted(given_up[: given_up.index(True)]) + given_up[given_up.index(True) :]


@pytest.mark.process
def test_a_host_that_is_killed_while_it_starts_a_version_does_not_try_it_again(
    delivered: Delivered, cache: Path
) -> None:
    run(delivered, cache)
    delivered.publish("1.1.0")
    process = start(delivered, cache, word="hang")
    assert process.stdout is not None
    assert process.stdout.readline().startswith("1.1.0")

    with delivered.client(cache) as client, client.open("shop") as launch:
        assert launch.version == "1.0.0", "somebody is trying the new one"
        launch.started()
    process.kill()
    process.communicate()

    with delivered.client(cache) as client, client.open("shop") as launch:
        launch.started()
        assert (launch.version, launch.circumstances.reason) == ("1.0.0", "1.1.0 did not start on this host")


@pytest.mark.process
def test_hosts_that_begin_at_once_share_one_cache(delivered: Delivered, cache: Path) -> None:
    run(delivered, cache)
    bundle = delivered.publish("1.1.0")

    hosts = [start(delivered, cache) for _ in range(4)]
    told = [host.communicate(timeout=120)[0].splitlines()[0] for host in hosts]

    assert [host.returncode for host in hosts] == [0] * 4
    assert f"1.1.0 {bundle.digest}" in told
    assert {each.split()[0] for each in told} <= {"1.0.0", "1.1.0"}, "the others went on with the good one"
    with delivered.client(cache) as client, client.open("shop") as launch:
        launch.started()
        assert (launch.version, launch.circumstances.reason) == ("1.1.0", None)


def test_importing_the_client_costs_next_to_nothing() -> None:
    """httpx and the compressor come when a client is made and a version is fetched."""
    heavy = ("httpx", "filelock", "backports.zstd", "compression.zstd")
    code = f"import miniprogram.client, sys; print([name for name in {heavy} if name in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert out == "[]\n"
