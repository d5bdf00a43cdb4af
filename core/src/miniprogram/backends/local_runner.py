"""Run a mini-program's mock publisher backend as a managed local process."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from miniprogram import processes
from miniprogram.backends.program import program_facts
from miniprogram.clock import Clock, to_iso
from miniprogram.errors import ProcessError
from miniprogram.file_lock import file_lock
from miniprogram.processes import Health, Launch
from miniprogram.state.publisher_backend import RunningPublisherBackend, running_backend_file

STATUS_TIMEOUT_S = 2.0
NO_BACKEND = Health(None, None)


@dataclass(frozen=True, slots=True)
class BackendStatus:
    """How the mock backend stands. Without `state` it was never started, or was stopped."""

    state: RunningPublisherBackend | None
    process_alive: bool
    health: Health


def run_backend(program_root: Path, *, host: str, port: int, now: Clock) -> tuple[RunningPublisherBackend, bool]:
    """Start the mock backend of `program_root`; the flag tells whether it was started just now.

    One that is running and healthy on this port is left alone. Raises ProcessError when it runs elsewhere, is
    unhealthy, the port is taken, or it does not come up.
    """
    server = _server_of(program_root)
    file = running_backend_file(program_root)
    busy = ProcessError("the publisher backend is being started by another process")
    with file_lock(file.path.with_name(f"{file.path.name}.start.lock"), wait_s=0, busy=busy):
        known = file.read()
        if known is not None and processes.is_alive(known.process):
            return _still_good(known, port), False
        return _start(program_root, server, host=host, port=port, now=now), True


def backend_status(program_root: Path) -> BackendStatus:
    """Liveness by process and one health probe. Changes nothing."""
    state = running_backend_file(program_root).read()
    if state is None:
        return BackendStatus(None, False, NO_BACKEND)
    alive = processes.is_alive(state.process)
    health = processes.probe(state.health_check_url, timeout_s=STATUS_TIMEOUT_S)
    if not alive:
        what = "something else answers" if health.healthy else "nothing answers"
        health = Health(health.status_code, f"process {state.pid} is gone, {what} at {state.health_check_url}")
    return BackendStatus(state, alive, health)


def stop_backend(program_root: Path) -> tuple[RunningPublisherBackend | None, bool]:
    """Stop it and forget it: (what was recorded, whether it was running)."""
    file = running_backend_file(program_root)
    state = file.read()
    if state is None:
        return None, False
    alive = processes.is_alive(state.process)
    processes.stop(state.process)
    file.remove()
    return state, alive


def _server_of(program_root: Path) -> Path:
    facts = program_facts(program_root)
    folder = program_root / "backend" / "mock"
    server = folder / "server.py"
    if not (server.is_file() and (folder / "data").is_dir()):
        raise ProcessError(
            f"{facts.program_id} has no mock publisher backend in {folder}",
            hint="Make one: miniprogram publisher-backend scaffold --template mock",
        )
    return server


def _still_good(known: RunningPublisherBackend, port: int) -> RunningPublisherBackend:
    health = processes.probe(known.health_check_url, timeout_s=STATUS_TIMEOUT_S)
    stop_it = "Stop it: miniprogram publisher-backend stop"
    if not health.healthy:
        raise ProcessError(f"the publisher backend runs but is not healthy: {health.error}", hint=stop_it)
    if known.port != port:
        raise ProcessError(f"the publisher backend runs on port {known.port} already", hint=stop_it)
    return known


def _start(program_root: Path, server: Path, *, host: str, port: int, now: Clock) -> RunningPublisherBackend:
    file = running_backend_file(program_root)
    probe_host = "127.0.0.1" if host in ("0.0.0.0", "") else host  # noqa: S104 - compared, not bound
    health_url = f"http://{probe_host}:{port}/health"
    if processes.probe(health_url, timeout_s=1.0).status_code is not None:
        raise ProcessError(
            f"port {port} is taken: something answers at {health_url}", hint="Choose another --port."
        )
    launch = Launch(
        argv=[sys.executable, str(server), "--host", host, "--port", str(port)],
        cwd=server.parent,
        health_url=health_url,
        stdout_log=file.path.with_name("publisher_backend.local.out.log"),
        stderr_log=file.path.with_name("publisher_backend.local.err.log"),
    )
    process = processes.start(launch)
    state = RunningPublisherBackend(
        mini_program_root_path=str(program_root),
        backend_root_path=str(server.parent),
        pid=process.pid,
        port=port,
        bind_host=host,
        health_check_url=health_url,
        stdout_log_path=str(launch.stdout_log),
        stderr_log_path=str(launch.stderr_log),
        started_at_utc=to_iso(now()),
        process_created=process.created,
    )
    file.write(state)
    return state
