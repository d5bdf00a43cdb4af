"""Several processes that serve on the same sockets, and one that starts them again when they end.

The processes share the sockets, the store, and what a browser or a caller must find in each of them: see
`shared_state`.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import Any

Tell = Callable[..., None]
"""`tell(event, level=…, **facts)`."""

Serve = Callable[[Sequence[socket.socket], int], None]
"""Serves on sockets, as worker number 1 and up, in a process of its own. Must be picklable."""

LOOK_EVERY_S = 0.2
STEADY_S = 5.0
"""A process that lives so long was started well: its end is no reason to wait before the next start."""
LONGEST_PAUSE_S = 30.0
MOST_FAILED_STARTS = 5
"""In a row, without any process ever having been steady: then starting again helps nobody."""
KILL_AFTER_S = 12.0
"""Longer than a process takes to drain and to end itself."""


class Supervisor:
    """Runs `serve` in `count` processes until a signal, and starts again what ends."""

    def __init__(self, serve: Serve, listeners: Sequence[socket.socket], count: int, tell: Tell) -> None:
        self._serve = serve
        self._listeners = listeners
        self._tell = tell
        self._workers = [_Worker(number + 1) for number in range(count)]
        self._context = multiprocessing.get_context("spawn")
        self._stop = threading.Event()
        self._stopped_by: int | None = None
        self._failures = 0
        self._was_steady = False

    def run(self) -> None:
        """Raises KeyboardInterrupt after SIGINT, SystemExit(0) after another signal, (1) when none can start."""
        before = {number: signal.signal(number, self._on_signal) for number in _signals()}
        try:
            for worker in self._workers:
                self._start(worker)
            while not self._stop.wait(LOOK_EVERY_S):
                self._look()
        finally:
            self._end_all()
            for number, handler in before.items():
                signal.signal(number, handler)
        if self._stopped_by == signal.SIGINT:
            raise KeyboardInterrupt
        raise SystemExit(1 if self._stopped_by is None else 0)

    def _look(self) -> None:
        now = time.monotonic()
        for worker in self._workers:
            if worker.process is not None and worker.process.exitcode is not None:
                self._ended(worker, worker.process.exitcode, now)
            elif worker.process is not None and now - worker.started_at > STEADY_S:
                self._was_steady, self._failures, worker.pause_s = True, 0, 0.0
            elif worker.process is None and now >= worker.start_at:
                self._start(worker)

    def _ended(self, worker: _Worker, code: int, now: float) -> None:
        steady = now - worker.started_at > STEADY_S
        worker.process = None
        worker.pause_s = 0.0 if steady else min(LONGEST_PAUSE_S, max(0.5, worker.pause_s * 2))
        worker.start_at = now + worker.pause_s
        self._failures += 0 if steady else 1
        self._tell("worker_ended", level="ERROR", worker=worker.number, exitCode=code, startsInS=worker.pause_s)
        if self._failures >= MOST_FAILED_STARTS and not self._was_steady:
            self._tell("workers_cannot_start", level="ERROR", count=self._failures)
            self._stop.set()

    def _start(self, worker: _Worker) -> None:
        worker.started_at = time.monotonic()
        worker.process = self._context.Process(
            target=_serve_in_child,
            args=(self._serve, list(self._listeners), worker.number, os.getpid()),
            name=f"server-{worker.number}",
        )
        worker.process.start()
        self._tell("worker_started", worker=worker.number, pid=worker.process.pid)

    def _end_all(self) -> None:
        processes = [worker.process for worker in self._workers if worker.process is not None]
        for process in processes:
            process.terminate()
        deadline = time.monotonic() + KILL_AFTER_S
        for process in processes:
            process.join(max(0.0, deadline - time.monotonic()))
            if process.exitcode is None:
                process.kill()
                process.join()

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if self._stopped_by is None:
            self._stopped_by = number
        self._stop.set()


class _Worker:
    def __init__(self, number: int) -> None:
        self.number = number
        self.process: BaseProcess | None = None
        self.started_at = self.start_at = self.pause_s = 0.0


def _serve_in_child(serve: Serve, listeners: list[socket.socket], worker: int, parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the group; the supervisor says when
    threading.Thread(target=_end_with_parent, args=(parent,), name="parent-watch", daemon=True).start()
    try:
        serve(listeners, worker)
    except KeyboardInterrupt:
        sys.exit(0)


def _end_with_parent(parent: int) -> None:
    """A process whose supervisor was killed stops as if it had been told to."""
    from multiprocessing.process import parent_process

    process: Any = parent_process()
    if process is not None:
        process.join()
    if os.getppid() != parent or process is not None:
        os.kill(os.getpid(), signal.SIGTERM)


def _signals() -> list[int]:
    if sys.platform == "win32":
        return [signal.SIGINT, signal.SIGTERM, signal.SIGBREAK]
    return [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
