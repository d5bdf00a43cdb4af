"""Local servers: launch, probe, recognise, stop."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from miniprogram import processes
from miniprogram.errors import ProcessError
from miniprogram.processes import Launch, ProcessId

pytestmark = pytest.mark.process

MakeLaunch = Callable[..., Launch]


def test_started_server_is_healthy_alive_and_stoppable(launch_of: MakeLaunch) -> None:
    launch = launch_of()

    process = processes.start(launch)

    assert processes.probe(launch.health_url, timeout_s=2).healthy
    assert processes.is_alive(process)
    processes.stop(process)
    assert not processes.is_alive(process)
    assert processes.probe(launch.health_url, timeout_s=2).status_code is None


def test_early_exit_is_noticed_at_once_with_the_end_of_stderr(launch_of: MakeLaunch) -> None:
    launch = launch_of("import sys; sys.exit('no such luck')")
    began = time.monotonic()

    with pytest.raises(ProcessError, match="ended with code 1") as caught:
        processes.start(launch, wait_s=20)

    assert time.monotonic() - began < 10
    assert "no such luck" in (caught.value.hint or "")


def test_silent_server_is_stopped_when_time_is_up(launch_of: MakeLaunch) -> None:
    launch = launch_of("import time; time.sleep(60)")

    with pytest.raises(ProcessError, match=r"no healthy answer within 0\.3 s"):
        processes.start(launch, wait_s=0.3)

    assert not _children()


def test_unhealthy_server_is_stopped_and_its_status_told(launch_of: MakeLaunch) -> None:
    with pytest.raises(ProcessError, match="answered 503"):
        processes.start(launch_of(status=503), wait_s=2)

    assert not _children()


def test_interrupted_start_leaves_nothing_running(launch_of: MakeLaunch, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(url: str, *, timeout_s: float) -> processes.Health:
        raise KeyboardInterrupt

    monkeypatch.setattr(processes, "probe", interrupt)

    with pytest.raises(KeyboardInterrupt):
        processes.start(launch_of("import time; time.sleep(60)"))

    assert not _children()


def test_missing_program_is_named(launch_of: MakeLaunch) -> None:
    launch = replace(launch_of(), argv=["/no/such/program"])

    with pytest.raises(ProcessError, match="/no/such/program"):
        processes.start(launch)


def test_logs_that_cannot_be_written_are_named(launch_of: MakeLaunch, tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file where a folder should be")

    with pytest.raises(ProcessError, match="logs"):
        processes.start(launch_of())


def test_same_pid_with_another_creation_time_is_a_stranger(sleeper: subprocess.Popen[bytes]) -> None:
    created = psutil.Process(sleeper.pid).create_time()

    assert processes.is_alive(ProcessId(sleeper.pid, created))
    assert not processes.is_alive(ProcessId(sleeper.pid, created - 3600))


def test_process_made_after_an_old_record_is_a_stranger(sleeper: subprocess.Popen[bytes]) -> None:
    created = psutil.Process(sleeper.pid).create_time()

    assert processes.is_alive(ProcessId(sleeper.pid, recorded=created + 5))
    assert not processes.is_alive(ProcessId(sleeper.pid, recorded=created - 60))


def test_stop_leaves_a_stranger_alone(sleeper: subprocess.Popen[bytes]) -> None:
    processes.stop(ProcessId(sleeper.pid, created=1.0))

    assert sleeper.poll() is None


def test_stop_kills_what_ignores_the_request(launch_of: MakeLaunch) -> None:
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    from_fixture = launch_of()
    launch = replace(
        from_fixture, argv=[*from_fixture.argv[:2], deaf + from_fixture.argv[2], *from_fixture.argv[3:]]
    )
    process = processes.start(launch)

    processes.stop(process, wait_s=0.3)

    assert not processes.is_alive(process)


def test_process_that_ended_is_dead_even_before_it_is_reaped(sleeper: subprocess.Popen[bytes]) -> None:
    sleeper.kill()
    deadline = time.monotonic() + 5
    while processes.is_alive(ProcessId(sleeper.pid)) and time.monotonic() < deadline:
        time.sleep(0.01)

    assert not processes.is_alive(ProcessId(sleeper.pid))


def test_probe_survives_a_program_that_does_not_speak_http(free_port: int) -> None:
    with socket.create_server(("127.0.0.1", free_port)) as listener:
        talker = threading.Thread(target=_talk, args=(listener,))
        talker.start()
        health = processes.probe(f"http://127.0.0.1:{free_port}/health", timeout_s=2)
        talker.join()

    assert health.status_code is None
    assert "does not answer" in (health.error or "")


@pytest.mark.parametrize("url", ["http://127.0.0.1:99999/", "nonsense", "http://"], ids=["port", "text", "host"])
def test_probe_of_an_impossible_address_is_unhealthy(url: str) -> None:
    assert not processes.probe(url, timeout_s=0.5).healthy


def test_log_tail_is_the_last_lines_and_empty_without_a_file(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(b"\n".join(b"line %d" % number for number in range(50)) + b"\nbad \xff byte")

    assert processes.log_tail(log, lines=2) == "line 49\nbad \ufffd byte"
    assert processes.log_tail(tmp_path / "none") == ""


def _talk(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.sendall(b"SSH-2.0-something\r\n")


def _children() -> list[psutil.Process]:
    return [child for child in psutil.Process(os.getpid()).children() if child.status() != psutil.STATUS_ZOMBIE]
