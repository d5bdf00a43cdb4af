"""The sender: looks again and again for what happened, and sends it, in threads of its own.

Everything it must not forget is in the store, so it may be killed at any moment, and several may run at once.
"""

from __future__ import annotations

import random
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from miniprogram.clock import Clock
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.errors import MiniProgramError
from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.environment_document import read_environment
from miniprogram.identity.roles import Actor, Grant, Role
from miniprogram.identity.subscription import Subscription
from miniprogram.notices.attempts import Outcome, record_outcome
from miniprogram.notices.collecting import collect
from miniprogram.notices.dispatches import Dispatch, claim_next, read_dispatches, take_notices
from miniprogram.notices.subscribing import disable_subscription
from miniprogram_server.health import Tell

EVERY_S = 5.0
"""How often it looks. What is told of by a change feed is looked at sooner."""
PAUSE_S = 0.5
"""Between two looks at least."""
LONGEST_PAUSE_S = 60.0
"""Between looks at a store that fails."""
MOST_SUBSCRIBERS = 4
"""Told at once: each has a thread as long as something waits for it."""
MOST_IN_A_ROW = 20
"""Sent to one subscriber before others get its thread."""
SENDER = Actor(name="notices", grants=(Grant(role=Role.ADMIN),), via="server")
"""Who switches off a subscription that takes nothing."""

Post = Callable[[Subscription, Dispatch, datetime], Outcome]


class Notifier:
    """Tells the subscribers of one environment. `look` is one round; `notifying` goes on until it is left."""

    def __init__(
        self,
        storage: EnvironmentStorage,
        post: Post,
        tell: Tell,
        *,
        now: Clock,
        every_s: float = EVERY_S,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._storage, self._post, self._tell, self._now = storage, post, tell, now
        self._every_s, self._jitter = every_s, jitter
        self._name = secrets.token_hex(8)
        self._stop, self._wake = threading.Event(), threading.Event()
        self._lock = threading.Lock()
        self._busy: dict[str, threading.Thread] = {}
        self._failures = 0

    @contextmanager
    def notifying(self) -> Iterator[None]:
        """It looks and sends for as long as this lasts."""
        threading.Thread(target=self._run, name="notices", daemon=True).start()
        try:
            yield
        finally:
            self._stop.set()
            self._wake.set()

    def changed(self, keys: Iterable[str] | None) -> None:
        """Look soon: something changed, whatever it is."""
        del keys
        self._wake.set()

    def look(self) -> None:
        """Find what happened, queue it, and begin to send what is due. Raises MiniProgramError."""
        environment = read_environment(self._storage)
        active = [each for each in environment.subscriptions if each.is_on]
        if not active:
            return
        now = self._now()
        known = {each.id: read_dispatches(self._storage, each.id) for each in active}
        taken = min(each.taken for each in known.values())
        journal = collect(self._storage, environment, now, taken=taken)
        for each in active:
            take_notices(self._storage, each, journal, known[each.id], now)
            self._begin(each)

    def finish(self) -> None:
        """Wait for what is being sent."""
        with self._lock:
            threads = list(self._busy.values())
        for each in threads:
            each.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            started = time.monotonic()
            self._looked()
            if self._failures:
                self._stop.wait(min(LONGEST_PAUSE_S, self._every_s * 2.0 ** min(self._failures, 8)))
                continue
            self._stop.wait(max(0.0, PAUSE_S - (time.monotonic() - started)))
            self._wake.wait(self._every_s * (0.8 + 0.4 * self._jitter()))
            self._wake.clear()

    def _looked(self) -> None:
        try:
            self.look()
        except Exception as error:  # noqa: BLE001 - a store of a plugin may raise anything; the thread has to go on
            if not self._failures:
                self._tell("notices_failed", level="WARNING", reason=_reason(error))
            self._failures += 1
            return
        if self._failures:
            self._failures = 0
            self._tell("notices_work", level="INFO")

    def _begin(self, subscription: Subscription) -> None:
        """Send to it, unless somebody does or too many are being sent to: then with the next look."""
        with self._lock:
            if subscription.id in self._busy or len(self._busy) >= MOST_SUBSCRIBERS:
                return
            thread = threading.Thread(target=self._send, args=[subscription], name="notice", daemon=True)
            self._busy[subscription.id] = thread
        thread.start()

    def _send(self, subscription: Subscription) -> None:
        try:
            for _ in range(MOST_IN_A_ROW):
                if self._stop.is_set() or not self._send_next(subscription):
                    return
            self._wake.set()
        except Exception as error:  # noqa: BLE001 - what was claimed is claimed again when the claim ends
            self._tell("notice_not_recorded", level="WARNING", subscription=subscription.id, reason=_reason(error))
        finally:
            with self._lock:
                self._busy.pop(subscription.id, None)

    def _send_next(self, subscription: Subscription) -> bool:
        """Send what is due next; whether it was taken."""
        known = read_dispatches(self._storage, subscription.id)
        claim = f"{self._name}-{secrets.token_hex(4)}"
        dispatch = claim_next(self._storage, subscription.id, known, self._now(), claim)
        if dispatch is None:
            return False
        outcome = self._post(subscription, dispatch, self._now())
        because = record_outcome(
            self._storage, subscription.id, dispatch, outcome, now=self._now(), jitter=self._jitter
        )
        if outcome.problem is not None:
            about = {"subscription": subscription.id, "host": subscription.host, "message": dispatch.id}
            self._tell("notice_failed", level="WARNING", reason=outcome.problem, **about)
        if because is not None:
            self._switch_off(subscription, because)
        return outcome.problem is None

    def _switch_off(self, subscription: Subscription, because: str) -> None:
        context = CommandContext(self._storage, SENDER, self._now())
        disable_subscription(context, subscription.id, reason=because)
        about = {"subscription": subscription.id, "host": subscription.host}
        self._tell("notices_switched_off", level="WARNING", reason=because, **about)


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, MiniProgramError) else type(error).__name__
