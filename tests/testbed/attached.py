"""Run a server for as long as standard input stays open: it ends with whoever started it, however that ends.

Usage: python attached.py COMMAND ARGUMENT…
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from threading import Thread


def main(argv: list[str]) -> int:
    server = subprocess.Popen(argv, stdin=subprocess.DEVNULL, start_new_session=True)

    def end_with_our_caller() -> None:
        with suppress(OSError):
            os.read(0, 1)
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)

    Thread(target=end_with_our_caller, daemon=True).start()
    return server.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
