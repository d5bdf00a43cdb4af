"""One plan in several processes."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.logs import configure_logging
from miniprogram_server.plan import Plan
from miniprogram_server.request_log import RequestLog
from miniprogram_server.running import log_stream
from miniprogram_server.serving.shared_state import shared_file
from miniprogram_server.serving.supervisor import Supervisor


def run_workers(plan: Plan, listeners: Sequence[socket.socket], count: int) -> None:
    """Serve `plan` on `listeners` in `count` processes: see Supervisor."""
    log = RequestLog(log_stream(requests=plan.settings.logs_requests))
    try:
        with shared_file() as shared:
            Supervisor(partial(_serve, plan, shared), listeners, count, log.event).run()
    finally:
        log.close()


def _serve(plan: Plan, shared: Path, listeners: Sequence[socket.socket], worker: int) -> None:
    configure_logging(plan.environ)
    plan.run(AppContext(cwd=plan.cwd, environ=plan.environ), listeners, worker=worker, shared=shared)
