"""A log source that keeps what it was given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from miniprogram.seams.log_source import LogEvent


class MemoryLog:
    """Implements LogSource. Pages of `page` events."""

    name = "memory:"

    def __init__(self, *, page: int = 2) -> None:
        self._events: list[LogEvent] = []
        self._page = page

    def write(self, at_ms: int, message: str) -> None:
        """Log `message` at that time, in milliseconds since the epoch."""
        self._events.append(LogEvent(at_ms, message, len(self._events)))

    def pages(self, start_ms: int) -> Iterator[Sequence[LogEvent]]:
        found = [event for event in self._events if event.at_ms >= start_ms]
        return (found[at : at + self._page] for at in range(0, len(found), self._page))
