"""Functions in forked processes, some at once, each with a longest time."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Limits:
    """`at_once` processes; none is started after `ends_at`, of `time.monotonic()`."""

    at_once: int
    ends_at: float

    def run(
        self, things: Iterable[T], act: Callable[[T], int], *, longest_s: float
    ) -> Iterator[tuple[T, int | None]]:
        """Every thing as it ends, with its exit code: None when it was killed after `longest_s` seconds."""
        waiting = iter(things)
        running: dict[int, tuple[T, float]] = {}
        while True:
            while len(running) < self.at_once and time.monotonic() < self.ends_at:
                try:
                    thing = next(waiting)
                except StopIteration:
                    break
                running[fork(lambda thing=thing: act(thing))] = thing, time.monotonic()  # type: ignore[misc]
            if not running:
                return
            for process, code in list(_ended(running, longest_s)):
                yield running.pop(process)[0], code
            time.sleep(0.005)


def _ended(running: dict[int, tuple[T, float]], longest_s: float) -> Iterator[tuple[int, int | None]]:
    for process, (_, started) in running.items():
        found, status = os.waitpid(process, os.WNOHANG)
        if found:
            yield process, os.waitstatus_to_exitcode(status)
        elif time.monotonic() - started > longest_s:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process, signal.SIGKILL)
            os.waitpid(process, 0)
            yield process, None


def fork(act: Callable[[], int]) -> int:
    """Run `act` in a process and group of its own, silently. Its exit code is what `act` returns."""
    process = os.fork()
    if process:
        return process
    code = 3
    try:
        os.setsid()
        silent = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(silent, stream)
        code = act()
    finally:
        os._exit(code)
