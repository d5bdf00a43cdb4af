"""The mock backend as a managed process, with real processes and sockets."""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from miniprogram.backends.local_runner import backend_status, run_backend, stop_backend
from miniprogram.clock import utc_now
from miniprogram.errors import DocumentError, ProcessError
from miniprogram.file_lock import file_lock
from miniprogram.processes import is_alive
from miniprogram.state.publisher_backend import running_backend_file

pytestmark = pytest.mark.process


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(program: Path, port: int) -> int:
    return run_backend(program, host="127.0.0.1", port=port, now=utc_now)[0].pid


@pytest.fixture
def client(program_with_backend: Path, port: int) -> Iterator[httpx.Client]:
    start(program_with_backend, port)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        yield client


def test_it_serves_edits_and_redeems_once(client: httpx.Client, program_with_backend: Path) -> None:
    assert client.get("/health").json()["service"] == "mini_program_mock_publisher_backend"
    data = program_with_backend / "backend" / "mock" / "data" / "home_bootstrap.json"
    data.write_text('{"title": "Edited"}')
    assert client.get("/home/bootstrap").json() == {"title": "Edited"}
    data.unlink()
    assert client.get("/home/bootstrap").json()["errorCode"] == "mock_data_missing"
    body = {"couponId": "coupon-10", "userId": "u"}
    answers: list[str] = []

    def redeem() -> None:
        answers.append(client.post("/coupon/redeem", json=body).json()["status"])

    threads = [threading.Thread(target=redeem) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["already_redeemed"] * 7 + ["redeemed"]


def test_of_two_who_start_it_at_once_one_is_told(program_with_backend: Path, port: int) -> None:
    lock = running_backend_file(program_with_backend).path.with_name("publisher_backend.local.json.start.lock")
    with (
        file_lock(lock, wait_s=1, busy=ProcessError("the test has it")),
        pytest.raises(ProcessError, match="being started by another process"),
    ):
        start(program_with_backend, port)

    assert backend_status(program_with_backend).state is None


def test_a_folder_that_cannot_be_made_is_named(program_with_backend: Path, port: int) -> None:
    (program_with_backend / ".mini_program").write_text("in the way", "utf-8")

    with pytest.raises(ProcessError, match=r"start\.lock cannot be used"):
        start(program_with_backend, port)


def test_accounts_sign_up_in_refresh_and_out(client: httpx.Client) -> None:
    who = {"email": "a@example.com", "password": "secret1"}
    assert client.post("/auth/email/sign-in", json=who).status_code == 401
    assert client.post("/auth/email/sign-up", json={"email": "a", "password": "x"}).status_code == 400
    session = client.post("/auth/email/sign-up", json=who).json()
    assert session["user"]["email"] == "a@example.com"
    assert client.post("/auth/email/sign-up", json=who).status_code == 409
    fresh = client.post("/auth/refresh", json={"refreshToken": session["refreshToken"]}).json()
    assert fresh["authenticated"] is True
    assert client.post("/auth/refresh", json={"refreshToken": session["refreshToken"]}).status_code == 401
    client.post("/auth/sign-out", json={"refreshToken": fresh["refreshToken"]})
    assert client.post("/auth/refresh", json={"refreshToken": fresh["refreshToken"]}).status_code == 401


@pytest.mark.parametrize("length", ["99999999", "-1", "x"])
def test_a_body_too_large_is_refused_unread(client: httpx.Client, port: int, length: str) -> None:
    assert client.get("/health").status_code == 200
    with socket.create_connection(("127.0.0.1", port), timeout=5) as raw:
        raw.sendall(f"POST /coupon/redeem HTTP/1.1\r\nhost: x\r\ncontent-length: {length}\r\n\r\n".encode())
        assert raw.recv(100).startswith(b"HTTP/1.1 413 ")


def test_running_twice_is_one_process(program_with_backend: Path, port: int) -> None:
    assert start(program_with_backend, port) == start(program_with_backend, port)
    with pytest.raises(ProcessError, match=f"port {port} already"):
        start(program_with_backend, port + 1 if port < 65000 else port - 1)


def test_status_tells_a_killed_server(program_with_backend: Path, port: int) -> None:
    start(program_with_backend, port)
    kill(program_with_backend)
    status = backend_status(program_with_backend)
    assert (status.process_alive, status.health.healthy) == (False, False)
    assert "is gone" in (status.health.error or "")
    start(program_with_backend, port)
    assert backend_status(program_with_backend).health.healthy


def kill(program: Path) -> None:
    state = running_backend_file(program).read()
    assert state is not None
    os.kill(state.pid, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while is_alive(state.process) and time.monotonic() < deadline:
        time.sleep(0.02)


def test_stop_leaves_a_stranger_with_our_pid_alone(program_with_backend: Path, port: int) -> None:
    start(program_with_backend, port)
    file = running_backend_file(program_with_backend)
    state = file.read()
    assert state is not None
    file.write(state.model_copy(update={"pid": os.getpid()}))
    stopped, was_running = stop_backend(program_with_backend)
    assert stopped is not None
    assert not was_running
    file.write(state)
    assert stop_backend(program_with_backend)[1]
    assert stop_backend(program_with_backend) == (None, False)


def test_a_taken_port_is_one_sentence(program_with_backend: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ProcessError):
            start(program_with_backend, taken.getsockname()[1])
    assert running_backend_file(program_with_backend).read() is None


def test_a_backend_that_dies_shows_its_last_words(program_with_backend: Path, port: int) -> None:
    (program_with_backend / "backend" / "mock" / "server.py").write_text("raise SystemExit('no luck')")
    with pytest.raises(ProcessError, match="ended with code 1") as failure:
        start(program_with_backend, port)
    assert "no luck" in (failure.value.hint or "")


def test_without_a_scaffold_it_says_how_to_make_one(program: Path, port: int) -> None:
    with pytest.raises(ProcessError, match="no mock publisher backend") as failure:
        start(program, port)
    assert "scaffold" in (failure.value.hint or "")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("{", "is not JSON"),
        ("[]", "must hold a JSON object"),
        ('{"schemaVersion": 2}', "newer release"),
        ('{"schemaVersion": true}', "whole number"),
        (json.dumps({"schemaVersion": 1, "pid": "x"}), "publisher_backend.local.json"),
    ],
)
def test_a_broken_state_file_is_one_sentence(program_with_backend: Path, body: str, words: str) -> None:
    path = running_backend_file(program_with_backend).path
    path.parent.mkdir(exist_ok=True)
    path.write_text(body)
    with pytest.raises(DocumentError, match=words):
        backend_status(program_with_backend)
    path.unlink()
