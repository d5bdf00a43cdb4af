"""Starting, watching and stopping the local backend's process: its state machine with real processes."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from miniprogram.addresses import Address
from miniprogram.errors import DocumentError, MiniProgramError, ProcessError
from miniprogram.local_backend.control import (
    Started,
    Stopped,
    backend_status,
    process_id,
    start_backend,
    stop_backend,
)
from miniprogram.processes import is_alive
from miniprogram.state.backend_process import backend_process_file
from miniprogram.state.workspace_location import BackendWorkspace

pytestmark = pytest.mark.process

SERVER = """
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(int(sys.argv[2])); self.send_header("Content-Length", "0"); self.end_headers()
    def log_message(self, *rest): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""

Start = Callable[..., Started]


@pytest.fixture
def start(workspace: BackendWorkspace, free_port: int, noon: datetime) -> Start:
    def start(code: str = SERVER, *, status: int = 200, port: int = free_port) -> Started:
        argv = (sys.executable, "-c", code, str(port), str(status))
        return start_backend(
            workspace, Address("127.0.0.1", port), environ=os.environ, now=lambda: noon, argv=argv
        )

    return start


def kill(workspace: BackendWorkspace) -> None:
    state = backend_process_file(workspace.root).read()
    assert state is not None
    os.kill(state.pid, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while is_alive(process_id(state)) and time.monotonic() < deadline:
        time.sleep(0.02)


def test_start_status_stop(workspace: BackendWorkspace, start: Start) -> None:
    assert backend_status(workspace).state is None
    started = start()
    assert not started.already
    status = backend_status(workspace)
    assert (status.alive, status.healthy) == (True, True)
    assert status.state is not None
    assert status.state.started_at_utc == "2030-01-02T12:00:00.000Z"
    assert stop_backend(workspace) is Stopped.STOPPED
    assert stop_backend(workspace) is Stopped.NOTHING
    assert not is_alive(process_id(started.state))


def test_a_second_start_reports_the_first(start: Start) -> None:
    first, second = start(), start()
    assert (second.already, second.state.pid) == (True, first.state.pid)


def test_two_starts_at_once_are_one_process(start: Start) -> None:
    found: list[Started] = []
    threads = [threading.Thread(target=lambda: found.append(start())) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({each.state.pid for each in found}) == 1
    assert sorted(each.already for each in found) == [False, True, True]


def test_a_killed_backend_is_told_and_started_again(workspace: BackendWorkspace, start: Start) -> None:
    first = start()
    kill(workspace)
    status = backend_status(workspace)
    assert (status.alive, status.healthy) == (False, False)
    assert start().state.pid != first.state.pid


def test_stop_clears_the_state_of_a_killed_backend(workspace: BackendWorkspace, start: Start) -> None:
    start()
    kill(workspace)
    assert stop_backend(workspace) is Stopped.STALE
    assert backend_process_file(workspace.root).read() is None


def test_an_unhealthy_backend_is_not_started_over(
    workspace: BackendWorkspace, start: Start, free_port: int
) -> None:
    start()
    file = backend_process_file(workspace.root)
    state = file.read()
    assert state is not None
    file.write(
        state.model_copy(
            update={"health_check_url": f"http://127.0.0.1:{free_port}/nowhere-0".replace(str(free_port), "9")}
        )
    )
    with pytest.raises(ProcessError, match="not healthy") as failure:
        start()
    assert "backend stop" in (failure.value.hint or "")
    file.write(state)


def test_a_stranger_with_our_pid_is_never_stopped(workspace: BackendWorkspace, start: Start) -> None:
    started = start()
    file = backend_process_file(workspace.root)
    file.write(started.state.model_copy(update={"pid": os.getpid()}))
    assert stop_backend(workspace) is Stopped.STALE
    file.write(started.state)
    assert stop_backend(workspace) is Stopped.STOPPED


def test_a_stranger_on_the_port_is_told(start: Start, workspace: BackendWorkspace) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ProcessError, match="in use by another program") as failure:
            start(port=taken.getsockname()[1])
    assert "--port" in (failure.value.hint or "")
    assert backend_status(workspace).state is None


def test_an_untracked_server_on_the_port_is_told(
    start: Start,
    workspace: BackendWorkspace,
    free_port: int,
    make_workspace: Callable[[str], BackendWorkspace],
    noon: datetime,
) -> None:
    start()
    other = make_workspace("other")
    with pytest.raises(ProcessError, match="already answers"):
        start_backend(other, Address("127.0.0.1", free_port), environ=os.environ, now=lambda: noon, argv=("true",))
    assert backend_status(other).state is None


def test_a_server_that_dies_shows_its_last_words_at_once(start: Start, workspace: BackendWorkspace) -> None:
    before = time.monotonic()
    with pytest.raises(ProcessError, match="ended with code 3") as failure:
        start("import sys; print('no luck', file=sys.stderr); sys.exit(3)")
    assert time.monotonic() - before < 10
    assert "no luck" in (failure.value.hint or "")
    assert backend_status(workspace).state is None


def test_a_record_without_creation_time_is_understood(workspace: BackendWorkspace, start: Start) -> None:
    start()
    path = backend_process_file(workspace.root).path
    document = json.loads(path.read_text())
    document.pop("processCreatedAt")
    path.write_text(json.dumps(document))
    assert backend_status(workspace).healthy


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"pid": "x"}', "\x00", '{"pid": 1, "pid": 2}'])
def test_a_broken_record_is_one_sentence_and_is_kept(workspace: BackendWorkspace, start: Start, text: str) -> None:
    path: Path = backend_process_file(workspace.root).path
    path.write_text(text)
    for attempt in (lambda: backend_status(workspace), start, lambda: stop_backend(workspace)):
        with pytest.raises(DocumentError, match=r"backend\.local\.json"):
            attempt()
    assert path.read_text() == text


def test_a_record_that_cannot_be_written_leaves_no_server(
    workspace: BackendWorkspace, start: Start, free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from miniprogram.state.state_file import StateFile

    def refuse(self: object, document: object) -> None:
        raise MiniProgramError("the disk is full")

    monkeypatch.setattr(StateFile, "write", refuse)
    with pytest.raises(MiniProgramError, match="disk is full"):
        start()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", free_port)) != 0
