"""Child interpreters that run an author's Python screens, and one started ahead of time for those who build often.

Starting Python and importing the constructors takes most of a build's time. A spare one has done that already and
waits for its job; it has seen nothing of the author's code yet, so the build is as fresh as any other.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from threading import Lock

RUNNER = "miniprogram.project.sources.python_runner"
WARM = "--warm"
"""Tells the runner to import what screens usually do before it reads its job."""


def start_interpreter(
    program_root: Path, environ: Mapping[str, str], *, warm: bool = False
) -> subprocess.Popen[bytes]:
    """An interpreter that waits for a job on its stdin, in a session of its own."""
    return subprocess.Popen(
        [sys.executable, "-P", "-B", "-X", "utf8", "-m", RUNNER, *([WARM] if warm else [])],
        cwd=program_root,
        # sets must come out in the same order on every machine, or the digest would not be reproducible
        env={**environ, "PYTHONHASHSEED": "0"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def kill_interpreter(child: subprocess.Popen[bytes]) -> None:
    """End the child and what it started."""
    if hasattr(os, "killpg"):
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
    else:
        child.kill()


class SpareInterpreter:
    """At most one interpreter that waits for the next build of one mini-program. Close it at the end."""

    def __init__(self) -> None:
        self._waiting: subprocess.Popen[bytes] | None = None
        self._closed = False
        self._lock = Lock()

    def take(self) -> subprocess.Popen[bytes] | None:
        """The waiting interpreter, which is the caller's from now on; None when there is none that lives."""
        with self._lock:
            child, self._waiting = self._waiting, None
        if child is not None and child.poll() is not None:
            child.communicate()
            return None
        return child

    def refill(self, program_root: Path, environ: Mapping[str, str]) -> None:
        """Have one waiting for the next build."""
        with self._lock:
            if self._waiting is None and not self._closed:
                self._waiting = start_interpreter(program_root, environ, warm=True)

    def close(self) -> None:
        """End the waiting one; no other will be started."""
        with self._lock:
            self._closed = True
            child, self._waiting = self._waiting, None
        if child is not None:
            kill_interpreter(child)
            child.communicate()
