"""Jittered exponential backoff for whoever lost a conditional write, bounded in attempts and in seconds."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from miniprogram.errors import StoreError
from miniprogram.logs import get_log

ATTEMPTS = 200
FIRST_PAUSE_S = 0.005
LONGEST_PAUSE_S = 0.2
PATIENCE_S = 30.0

log = get_log(__name__)


class Backoff:
    """The pauses of one conditional write. `what` is what messages and logs call it: usually the key."""

    def __init__(
        self,
        what: str,
        *,
        attempts: int = ATTEMPTS,
        patience_s: float = PATIENCE_S,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._what, self._attempts, self._sleep, self._clock = what, attempts, sleep, clock
        self._ends_at = clock() + patience_s
        self._lost = 0

    def pause(self) -> None:
        """Wait before the next attempt, the longer the more were lost.

        Raises StoreError once there were too many, or they took too long.
        """
        self._lost += 1
        log.debug("conditional_write_lost", key=self._what, attempt=self._lost)
        if self._lost >= self._attempts or self._clock() >= self._ends_at:
            raise StoreError(
                f"{self._what} is being changed by others all the time", hint="Try again in a moment."
            )
        # all of the pause is random: writers that met once would meet again
        longest = min(FIRST_PAUSE_S * 2 ** min(self._lost - 1, 10), LONGEST_PAUSE_S)
        self._sleep(random.uniform(0, longest))  # noqa: S311 - not a secret
