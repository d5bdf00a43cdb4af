"""Run an application on a socket until it is told to stop."""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import Callable
from typing import Any, Literal

import uvicorn

KEEP_ALIVE_S = 15
GRACE_S = 5
BACKLOG = 2048
MAX_HEADER_BYTES = 64 * 1024


def run_app(app: Callable[..., Any], listener: socket.socket) -> None:
    """Serve on `listener`; SIGINT and SIGTERM let requests in flight finish, for a few seconds.

    Raises KeyboardInterrupt after SIGINT and SystemExit(0) after SIGTERM, so that the caller can tidy up.
    """
    # the server sends itself the signal again when it is done; then this handler is in force
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(0))
    loop: Literal["uvloop", "asyncio"] = "asyncio" if sys.platform == "win32" else "uvloop"
    options: dict[str, Any] = {
        "loop": loop,
        "http": "httptools",
        "ws": "none",
        "lifespan": "on",
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "timeout_keep_alive": KEEP_ALIVE_S,
        "timeout_graceful_shutdown": GRACE_S,
        "backlog": BACKLOG,
        "h11_max_incomplete_event_size": MAX_HEADER_BYTES,
    }
    uvicorn.Server(uvicorn.Config(app, **options)).run(sockets=[listener])
