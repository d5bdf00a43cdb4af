"""Administration's share of threads: its work may take longer than a host's request, and must not take theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from miniprogram_server.admin.framework.problems import Failure
from miniprogram_server.serving.threads import Overdue, TooBusy, WorkerThreads

DEADLINE_S = 15.0
"""For a page or an operation: some look at a whole audit trail."""
UPLOAD_DEADLINE_S = 60.0
"""For a list of ids, once it is there."""

T = TypeVar("T")


def administration_threads() -> WorkerThreads:
    """A few for each member, so that nobody takes them all."""
    return WorkerThreads("administration", threads=24, per_key=6, waiting=200, deadline_s=DEADLINE_S)


async def run(threads: WorkerThreads, who: str, work: Callable[[], T], *, deadline_s: float | None = None) -> T:
    """What `work` returns or raises. Raises Failure (503) when it does not end in time, or cannot begin."""
    try:
        return await threads.run(who, work, deadline_s=deadline_s)
    except TooBusy:
        later = (("retry-after", "1"),)
        raise Failure(503, "server_busy", "the server has too much to do", headers=later) from None
    except Overdue:
        hint = "Look at what is there before you repeat it: it may still be done."
        later = (("retry-after", "5"),)
        raise Failure(
            503, "store_unavailable", "the store gave no answer in time", hint=hint, headers=later
        ) from None
