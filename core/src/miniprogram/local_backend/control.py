"""Start, stop and look at the process that serves a backend workspace.

Its state file is there while it should be running, and names the process exactly: a process that merely got the
same pid is neither reported nor stopped.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from miniprogram import processes
from miniprogram.addresses import Address, require_free
from miniprogram.clock import Clock, to_iso
from miniprogram.errors import ProcessError
from miniprogram.processes import Health, Launch, ProcessId
from miniprogram.state.backend_process import BackendProcess, backend_process_file
from miniprogram.state.state_file import STATE_FOLDER
from miniprogram.state.workspace_location import BackendWorkspace

START_WAIT_S = 20.0
STOP_WAIT_S = 5.0
LOCK_WAIT_S = START_WAIT_S + STOP_WAIT_S
PROBE_S = 2.0


@dataclass(frozen=True, slots=True)
class Started:
    """A backend that runs. `already` when it did before."""

    state: BackendProcess
    already: bool

    @property
    def address(self) -> Address:
        return Address(self.state.bind_host, self.state.port)


@dataclass(frozen=True, slots=True)
class BackendStatus:
    """How a backend stands. `health` is None when there is no state to ask about."""

    state: BackendProcess | None
    alive: bool
    health: Health | None

    @property
    def healthy(self) -> bool:
        return self.health is not None and self.health.healthy


class Stopped(Enum):
    """How `stop_backend` ended."""

    STOPPED = "stopped"
    STALE = "stale"
    NOTHING = "nothing"


def start_backend(
    workspace: BackendWorkspace,
    address: Address,
    *,
    environ: Mapping[str, str],
    now: Clock,
    argv: tuple[str, ...] | None = None,
    port_was_named: bool = False,
) -> Started:
    """Start the backend detached, or report the one that runs. Of two starts at once, one finds the other's.

    `argv` replaces the command line of the server. With `port_was_named` one that runs on another port is not
    taken for what was asked for. Raises ProcessError when it cannot be started, when a
    recorded process lives without answering, or when somebody else answers on the port.
    """
    file = backend_process_file(workspace.root)
    with file.locked(wait_s=LOCK_WAIT_S):
        state = file.read()
        if state is not None and processes.is_alive(process_id(state)):
            _require_same(state, address, port_was_named=port_was_named)
            return _running(state)
        file.remove()
        _require_silence(address)
        launch = _launch(workspace, address, environ, argv or serve_argv(workspace, address))
        process = processes.start(launch, wait_s=START_WAIT_S)
        state = _state(launch, address, process, to_iso(now()))
        try:
            file.write(state)
        except BaseException:
            processes.stop(process)
            raise
        return Started(state, already=False)


def backend_status(workspace: BackendWorkspace) -> BackendStatus:
    """What the state says and what the health address answers. Changes nothing."""
    state = backend_process_file(workspace.root).read()
    if state is None:
        return BackendStatus(None, alive=False, health=None)
    alive = processes.is_alive(process_id(state))
    health = processes.probe(state.health_check_url, timeout_s=PROBE_S)
    if not alive and health.healthy:
        gone = f"process {state.pid} is gone; another program answers at {state.health_check_url}"
        health = Health(health.status_code, gone)
    return BackendStatus(state, alive, health)


def stop_backend(workspace: BackendWorkspace) -> Stopped:
    """Stop the recorded process and remove the state.

    Raises ProcessError, keeping the state, when the address still answers afterwards.
    """
    file = backend_process_file(workspace.root)
    if file.read() is None:
        return Stopped.NOTHING
    with file.locked(wait_s=LOCK_WAIT_S):
        state = file.read()
        if state is None:
            return Stopped.NOTHING
        process = process_id(state)
        if not processes.is_alive(process):
            file.remove()
            return Stopped.STALE
        processes.stop(process, wait_s=STOP_WAIT_S)
        _await_silence(state)
        file.remove()
        return Stopped.STOPPED


def process_id(state: BackendProcess) -> ProcessId:
    """Which process `state` means. Records of other tools have no creation time; their own time bounds it."""
    return ProcessId(state.pid, state.process_created_at, _epoch(state.started_at_utc))


def serve_argv(workspace: BackendWorkspace, address: Address) -> tuple[str, ...]:
    """The command line of the server: this interpreter, whatever lies in its current folder."""
    python = (sys.executable, "-P", "-m", "miniprogram")
    where = ("--root", str(workspace.root), "--host", address.host, "--port", str(address.port))
    return (*python, "serve", *where)


def _require_same(state: BackendProcess, address: Address, *, port_was_named: bool) -> None:
    if port_was_named and state.port != address.port:
        raise ProcessError(
            f"the local backend runs on port {state.port} already (process {state.pid}), not on {address.port}",
            hint="Stop it first with: miniprogram backend stop",
        )


def _running(state: BackendProcess) -> Started:
    health = processes.probe(state.health_check_url, timeout_s=PROBE_S)
    if not health.healthy:
        raise ProcessError(
            f"the local backend runs as process {state.pid} but is not healthy: {health.error}",
            hint="Stop it with: miniprogram backend stop",
        )
    return Started(state, already=True)


def _require_silence(address: Address) -> None:
    url = address.url("/health")
    if processes.probe(url, timeout_s=1.0).healthy:
        raise ProcessError(
            f"{url} already answers, but no backend is recorded in this workspace",
            hint="Stop that server, or choose another port with --port.",
        )
    require_free(address)


def _launch(
    workspace: BackendWorkspace, address: Address, environ: Mapping[str, str], argv: tuple[str, ...]
) -> Launch:
    state = workspace.root / STATE_FOLDER
    return Launch(
        argv=argv,
        cwd=workspace.root,
        health_url=address.url("/health"),
        stdout_log=state / "backend.local.out.log",
        stderr_log=state / "backend.local.err.log",
        environ=environ,
    )


def _state(launch: Launch, address: Address, process: ProcessId, started_at: str) -> BackendProcess:
    return BackendProcess(
        pid=process.pid,
        port=address.port,
        bind_host=address.host,
        health_check_url=launch.health_url,
        stdout_log_path=str(launch.stdout_log),
        stderr_log_path=str(launch.stderr_log),
        started_at_utc=started_at,
        process_created_at=process.created,
    )


def _await_silence(state: BackendProcess) -> None:
    deadline = time.monotonic() + STOP_WAIT_S
    while processes.probe(state.health_check_url, timeout_s=1.0).status_code is not None:
        if time.monotonic() > deadline:
            raise ProcessError(f"{state.health_check_url} still answers after process {state.pid} was stopped")
        time.sleep(processes.POLL_S)


def _epoch(stamp: str) -> float | None:
    try:
        return datetime.fromisoformat(stamp).timestamp()
    except ValueError:
        return None
