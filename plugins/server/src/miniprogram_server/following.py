"""What changes in the store reaches who serves it, as soon as somebody tells.

Everything known is looked at by its age as well, so a feed that dies, loses messages or floods costs time only.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from miniprogram.delivery.documents.layouts.keys import Keys
from miniprogram.errors import MiniProgramError
from miniprogram.seams.change_feed import GAP, ChangeFeed, Changes
from miniprogram_server.health import Tell

PAUSE_S = 0.05
"""Between two times that changes are passed on: what comes meanwhile is passed on together."""
MOST_PENDING = 10_000
"""Keys that wait to be passed on. With more of them everything counts as changed."""
FIRST_RETRY_S, LONGEST_RETRY_S = 0.5, 30.0
STEADY_S = 60.0
"""A feed that was watched for so long is tried again at once when it ends."""


class ChangeFollower:
    """Watches `feed` in threads of its own and calls `changed` with keys, or None for everything, until `stop`.

    Only documents count that delivery may have in memory. When the feed begins to fail, and when it tells changes
    again, that is told once: that it can be watched proves nothing yet.
    """

    def __init__(
        self,
        feed: ChangeFeed,
        keys: Keys,
        changed: Callable[[Iterable[str] | None], None],
        tell: Tell,
        *,
        first_retry_s: float = FIRST_RETRY_S,
    ) -> None:
        self._feed, self._keys, self._changed, self._tell = feed, keys, changed, tell
        self._first_retry_s = first_retry_s
        self._stop, self._wake = threading.Event(), threading.Event()
        self._lock = threading.Lock()
        self._pending = Changes()
        self.heard = 0
        """Changes that were passed on."""
        self._is_failing = False
        self.problem: str | None = None
        """Why the feed cannot be watched; None while it can, or was not tried yet."""

    @contextmanager
    def following(self) -> Iterator[None]:
        """It follows for as long as this lasts."""
        self.start()
        try:
            yield
        finally:
            self.stop()

    def start(self) -> None:
        for work in (self._listen, self._pass_on):
            threading.Thread(target=work, name=f"changes-{work.__name__.strip('_')}", daemon=True).start()

    def stop(self) -> None:
        self._stop.set()
        self._wake.set()

    def _listen(self) -> None:
        failures = 0
        while not self._stop.is_set():
            started = time.monotonic()
            try:
                for number, changes in enumerate(self._feed.watch(self._stop)):
                    self._is_well(is_proved=number > 0)
                    self._add(changes)
                reason = "it ended"
            except Exception as error:  # noqa: BLE001 - a plugin may raise anything; only our own is without secrets
                reason = str(error) if isinstance(error, MiniProgramError) else type(error).__name__
            if self._stop.is_set():
                return
            self._failed(reason)
            failures = 0 if time.monotonic() - started > STEADY_S else failures + 1
            longest = min(self._first_retry_s * 2.0 ** min(failures, 16), LONGEST_RETRY_S)
            self._stop.wait(longest * random.uniform(0.5, 1.0))  # noqa: S311 - not a secret

    def _add(self, changes: Changes) -> None:
        keys = frozenset(filter(self._concerns, changes.keys))
        with self._lock:
            pending = Changes(self._pending.keys | keys, self._pending.has_gap or changes.has_gap)
            self._pending = GAP if pending.has_gap or len(pending.keys) > MOST_PENDING else pending
        if keys or changes.has_gap:
            self._wake.set()

    def _concerns(self, key: str) -> bool:
        found = self._keys.identify(key)
        return found is not None and found.kind.cache != "unsaid"

    def _pass_on(self) -> None:
        while True:
            self._wake.wait()
            if self._stop.is_set():
                return
            self._wake.clear()
            with self._lock:
                pending, self._pending = self._pending, Changes()
            self.heard += len(pending.keys) or 1
            self._changed(None if pending.has_gap else pending.keys)
            self._stop.wait(PAUSE_S)

    def _is_well(self, *, is_proved: bool) -> None:
        self.problem = None
        if self._is_failing and is_proved:
            self._is_failing = False
            self._tell("changes_answer", level="INFO")

    def _failed(self, reason: str) -> None:
        begins, self._is_failing, self.problem = not self._is_failing, True, reason
        if begins:
            self._tell("changes_failed", level="WARNING", reason=reason)
