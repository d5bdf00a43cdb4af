"""Ctrl-C, and polite requests to end, at moments where nothing gets lost."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

WAIT_S = 0.5
SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


class Interrupts:
    """Whether an interrupt may come now. A held one comes with `release`."""

    def __init__(self) -> None:
        self._held = False
        self._waiting = False

    def hold(self) -> None:
        """Let nothing interrupt what follows: a program just started is not known yet, or things are undone."""
        self._held = True

    def release(self) -> None:
        """Raises KeyboardInterrupt for one that came meanwhile."""
        self._held = False
        if self._waiting:
            self._waiting = False
            raise KeyboardInterrupt

    def wait(self) -> None:
        """Until one comes, or for a while: some systems interrupt nobody who waits for good."""
        time.sleep(WAIT_S)

    def come(self, *_: object) -> None:
        """The signal handler."""
        if not self._held:
            raise KeyboardInterrupt
        self._waiting = True


@contextmanager
def interruptible() -> Iterator[Interrupts]:
    """Make a closed terminal's signal and `kill`'s the same as Ctrl-C, and all three holdable.

    On another than the main thread, where no signals arrive, nothing changes. Signals that are ignored stay so.
    """
    interrupts = Interrupts()
    if threading.current_thread() is not threading.main_thread():
        yield interrupts
        return
    signals = [getattr(signal, name) for name in SIGNALS if hasattr(signal, name)]
    before = {each: signal.getsignal(each) for each in signals}
    try:
        for each in signals:
            if before[each] is not signal.SIG_IGN:  # under nohup
                signal.signal(each, interrupts.come)
        yield interrupts
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
