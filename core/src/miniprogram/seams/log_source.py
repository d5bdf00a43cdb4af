"""The seam to a log that a cloud keeps: what something running there wrote, read back page by page.

A plugin brings the calls that fetch. `miniprogram.provider_kit.log_following.follow` puts lines in order, gives
each once and goes on as they come.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import NamedTuple, Protocol


class LogEvent(NamedTuple):
    """What was logged at once, which may have several rows."""

    at_ms: int
    """When, in milliseconds since the epoch."""
    message: str
    identity: Hashable
    """Tells this event from all others of the log, and is the same whenever it is read again; such as an id."""


class LogSource(Protocol):
    """One log, such as that of a function or of a service. Nothing connects before it is asked for something."""

    @property
    def name(self) -> str:
        """What people call it: the log group, the service. Part of every error about it."""
        ...

    def pages(self, start_ms: int) -> Iterator[Sequence[LogEvent]]:
        """Everything logged at `start_ms` (milliseconds since the epoch) or later, a page at a time, in any order.

        Pages may be empty; a log in which nothing was written since has none, or empty ones. Raises
        MiniProgramError, while it is read, when the log is not there or may not be read.
        """
        ...
