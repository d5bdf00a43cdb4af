"""Local servers that outlive the command that started them: launch, probe, recognise, stop.

A pid alone proves nothing: it is handed out again after the process ends. A process is therefore known by its
pid and its creation time together (`ProcessId`).
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from miniprogram.errors import ProcessError

POLL_S = 0.1
HEALTHY = 200
CLOCK_SLACK_S = 1.0


@dataclass(frozen=True, slots=True)
class ProcessId:
    """A process we started. Both times are seconds since the epoch.

    `created` is when the process was made; older records lack it. `recorded` is when it was written down: a
    process made later has inherited the pid.
    """

    pid: int
    created: float | None = None
    recorded: float | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """An answer to a health probe. `error` is a sentence when nothing, or nothing good, came back."""

    status_code: int | None
    error: str | None = None

    @property
    def healthy(self) -> bool:
        return self.status_code == HEALTHY


@dataclass(frozen=True, slots=True)
class Launch:
    """How to start a server. `health_url` answers 200 once it serves; both logs are truncated first."""

    argv: Sequence[str]
    cwd: Path
    health_url: str
    stdout_log: Path
    stderr_log: Path
    environ: Mapping[str, str] | None = None


def start(launch: Launch, *, wait_s: float = 20.0) -> ProcessId:
    """Start `launch` detached and wait until it is healthy.

    Raises ProcessError with the end of its stderr when it dies or stays silent for `wait_s` seconds; it is
    stopped then, and also when the wait is interrupted.
    """
    child = _spawn(launch)
    process = ProcessId(child.pid, _created(child.pid))
    try:
        _await_health(launch, child, wait_s=wait_s)
    except BaseException:
        stop(process)
        child.wait()
        raise
    child.returncode = 0  # it outlives this process: without an end, Popen would warn that nobody waits for it
    return process


def probe(url: str, *, timeout_s: float) -> Health:
    """Ask the `http://` address `url` once, without proxy or redirect. Never raises."""
    from http.client import HTTPConnection, HTTPException
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(url)
        connection = HTTPConnection(parts.hostname or "", parts.port, timeout=timeout_s)
        with closing(connection):
            connection.request("GET", parts.path or "/", headers={"Connection": "close"})
            status = connection.getresponse().status
    except (OSError, ValueError, HTTPException) as error:
        return Health(None, f"{url} does not answer: {_reason(error)}")
    return Health(status, None if status == HEALTHY else f"{url} answered {status}")


def is_alive(process: ProcessId) -> bool:
    """Whether this very process runs: same pid and, as far as recorded, same age."""
    created = _created(process.pid)
    if created is None:
        return False
    if process.created is not None:
        return abs(created - process.created) < CLOCK_SLACK_S
    return process.recorded is None or created < process.recorded + CLOCK_SLACK_S


def stop(process: ProcessId, *, wait_s: float = 5.0) -> None:
    """Terminate this very process and its children, killing what is left after `wait_s` seconds.

    A process that is gone, or whose pid belongs to somebody else now, is left alone. Raises ProcessError when
    it may not be stopped.
    """
    import psutil

    if not is_alive(process):
        return
    try:
        leader = psutil.Process(process.pid)
        family = [leader, *leader.children(recursive=True)]
        for member in family:
            _signal(member, kill=False)
        _, alive = psutil.wait_procs(family, timeout=wait_s)
        for member in alive:
            _signal(member, kill=True)
        psutil.wait_procs(alive, timeout=wait_s)
    except psutil.NoSuchProcess:
        return
    except psutil.AccessDenied:
        raise ProcessError(f"process {process.pid} belongs to another user and cannot be stopped") from None


def log_tail(path: Path, *, lines: int = 20) -> str:
    """The last lines of a log file; empty when there is none."""
    try:
        return "\n".join(path.read_text("utf-8", errors="replace").splitlines()[-lines:])
    except OSError:
        return ""


def _spawn(launch: Launch) -> subprocess.Popen[bytes]:
    detached: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        detached = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.DETACHED_PROCESS}
    try:
        launch.stdout_log.parent.mkdir(parents=True, exist_ok=True)
        with launch.stdout_log.open("wb") as out, launch.stderr_log.open("wb") as err:
            return subprocess.Popen(
                launch.argv,
                cwd=launch.cwd,
                env=dict(launch.environ if launch.environ is not None else os.environ),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                **detached,
            )
    except OSError as error:
        culprit = error.filename or launch.argv[0]
        raise ProcessError(f"the server cannot be started: {culprit}: {_reason(error)}") from error


def _await_health(launch: Launch, child: subprocess.Popen[bytes], *, wait_s: float) -> None:
    deadline = time.monotonic() + wait_s
    health = Health(None, "it never answered")
    while time.monotonic() < deadline:
        health = probe(launch.health_url, timeout_s=1.0)
        # looked at after the probe: an answer may have come from whoever took the port from a child that died
        if child.poll() is not None:
            raise _failed(launch, f"ended with code {child.returncode}")
        if health.healthy:
            return
        time.sleep(POLL_S)
    raise _failed(launch, f"gave no healthy answer within {wait_s:g} s ({health.error})")


def _failed(launch: Launch, what: str) -> ProcessError:
    tail = log_tail(launch.stderr_log)
    return ProcessError(f"the server {what}", hint=f"{launch.stderr_log} ends with:\n{tail}" if tail else None)


def _created(pid: int) -> float | None:
    import psutil

    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        created: float = process.create_time()
    except psutil.Error:
        return None
    return created


def _signal(process: object, *, kill: bool) -> None:
    import psutil

    assert isinstance(process, psutil.Process)  # noqa: S101 - for the type checker
    try:
        process.kill() if kill else process.terminate()
    except psutil.NoSuchProcess:
        return


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
