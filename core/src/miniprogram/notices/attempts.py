"""What a try came to, and when the next one is: over a day, longer each time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from miniprogram.clock import to_iso
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.notices.dispatches import Dispatch, Dispatches, change_dispatches

DELAYS = tuple(timedelta(seconds=each) for each in (5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800, 28_800))
"""Between the tries of one notice: 24 hours in all. After the last it is given up."""
LONGEST_WAIT = timedelta(days=1)
"""What a receiver may ask for."""
FAILS_FOR = timedelta(days=3)
"""A subscriber that has taken nothing for so long is switched off."""
GONE = 410
MAX_PROBLEM = 200


class Outcome(NamedTuple):
    """What a receiver said. `problem` is None when it took the notice; it holds nothing of an answer's body."""

    problem: str | None
    took_ms: int
    status: int | None = None
    retry_after_s: float | None = None


def record_outcome(
    storage: EnvironmentStorage,
    subscription_id: str,
    dispatch: Dispatch,
    outcome: Outcome,
    *,
    now: datetime,
    jitter: Callable[[], float],
) -> str | None:
    """Put on record what came of a claimed dispatch. Returns why the subscription has to be switched off, if so.

    `jitter` gives numbers from 0 to 1. A claim that somebody else has by now is left to them.
    """
    stretch = 0.8 + 0.4 * jitter()
    stamp = to_iso(now)

    def change(found: Dispatches) -> Dispatches:
        mine = found.find(dispatch.id)
        if mine is None or mine.claim != dispatch.claim:
            return found
        after = _after(mine, outcome, now, stretch)
        failing_since = None if outcome.problem is None else found.failing_since or stamp
        return found.with_dispatch(after).model_copy(update={"failing_since": failing_since})

    written = change_dispatches(storage, subscription_id, change)
    if outcome.status == GONE:
        return "the receiver answered 410: it is gone"
    since = written.failing_since
    if outcome.problem is not None and since is not None and datetime.fromisoformat(since) + FAILS_FOR <= now:
        return f"nothing was taken since {since}; at last: {outcome.problem}"
    return None


def _after(dispatch: Dispatch, outcome: Outcome, now: datetime, stretch: float) -> Dispatch:
    attempts = dispatch.attempts + 1
    members = {
        "attempts": attempts,
        "claim": None,
        "claimed_until": None,
        "last_at": to_iso(now),
        "last_status": outcome.status,
        "last_problem": None if outcome.problem is None else outcome.problem[:MAX_PROBLEM],
        "last_ms": outcome.took_ms,
    }
    if outcome.problem is None:
        return dispatch.model_copy(update={**members, "state": "sent"})
    if attempts > len(DELAYS) or outcome.status == GONE:
        return dispatch.model_copy(update={**members, "state": "given_up"})
    delay = DELAYS[attempts - 1] * stretch
    if outcome.retry_after_s is not None:
        delay = max(delay, min(timedelta(seconds=outcome.retry_after_s), LONGEST_WAIT))
    return dispatch.model_copy(update={**members, "next_at": to_iso(now + delay)})
