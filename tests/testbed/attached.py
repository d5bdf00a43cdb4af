"""Run a server for as long as standard input stays open: it ends with whoever started it, however that ends.

All that the server started ends with it, also what made a process group of its own.

Usage: python attached.py COMMAND ARGUMENT…
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from threading import Thread

import psutil


def main(argv: list[str]) -> int:
    server = subprocess.Popen(argv, stdin=subprocess.DEVNULL, start_new_session=True)

    def end_with_our_caller() -> None:
        with suppress(OSError):
            os.read(0, 1)
        started = _started_by(server.pid)
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        for process in started:
            with suppress(psutil.NoSuchProcess):
                process.kill()

    Thread(target=end_with_our_caller, daemon=True).start()
    return server.wait()


def _started_by(pid: int) -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).children(recursive=True)
    return []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
