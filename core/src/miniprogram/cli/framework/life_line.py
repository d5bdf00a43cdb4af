"""One line at the foot of a terminal, written over and over, that shows that a command lives and how far it is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TextIO

FIRST_AFTER_S = 1.0
"""Seconds in which most commands are done: nothing is shown before."""
REDRAWN_EVERY_S = 0.1
BEATS_EVERY_S = 1.0
TO_ITS_START = "\r\033[K"
"""Go back to where the line begins, and erase it."""


class LifeLine:
    """A line on `stream`, a terminal of `columns`. Whoever else writes to the terminal calls `clear` before."""

    def __init__(self, stream: TextIO, columns: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._columns = columns
        self._clock = clock
        self._started = clock()
        self._drawn_at = 0.0
        self._is_drawn = False
        self._text = ""
        self._lock = threading.Lock()
        self._ended = threading.Event()

    def start(self) -> LifeLine:
        """Draw it every second, until `end`."""
        threading.Thread(target=self._beat, name="life line", daemon=True).start()
        return self

    def told(self, what: str, done: int, total: int | None) -> None:
        """A `Listener` of `miniprogram.progress`."""
        self._text = f"{what}: {done:,} of {total:,}" if total else f"{what}: {done:,}" if done else what
        if self._clock() - self._drawn_at >= REDRAWN_EVERY_S:
            self.draw()

    def draw(self) -> None:
        """Show how things stand, unless the command has just begun or is over."""
        now = self._clock()
        seconds = int(now - self._started)
        if now - self._started < FIRST_AFTER_S:
            return
        text = f"{self._text or 'still at work'} ({seconds} s)"
        with self._lock:
            if self._ended.is_set():
                return
            self._drawn_at, self._is_drawn = now, True
            self._write(TO_ITS_START + text[: self._columns - 1])

    def clear(self) -> None:
        """Take the line away, so that others can write where it was."""
        with self._lock:
            if self._is_drawn:
                self._is_drawn = False
                self._write(TO_ITS_START)

    def end(self) -> None:
        """Take it away for good."""
        self._ended.set()
        self.clear()

    def _beat(self) -> None:
        while not self._ended.wait(BEATS_EVERY_S):
            self.draw()

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):  # the terminal has gone: the command has not
            self._ended.set()
