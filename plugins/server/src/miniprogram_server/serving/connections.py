"""The open connections of a process: how many, from where, and which one has to go when there are too many.

A newcomer is never turned away for the sake of somebody who keeps the server waiting: where there is no room,
those that have kept it waiting longest are closed. A client that sends its request at once is therefore answered
however many others send theirs slowly.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Protocol

from miniprogram_server.serving.limits import Limits

WORKING = math.inf
"""`waits_since` and `deadline` of a connection that waits for the server, not the other way round."""

_CROWD = 16
"""At once, one in so many goes: finding the longest waiting costs a look at all."""


class Connection(Protocol):
    """What the table has to know about a connection."""

    address: str
    """Of the client; blank where it has none or is a proxy, which may have as many as it likes."""
    waits_since: float
    """When it began to keep the server waiting, or WORKING."""
    deadline: float
    """When it has kept the server waiting for too long, or WORKING."""

    def evict(self) -> None:
        """Close it at once: there are too many."""
        ...

    def expire(self, now: float) -> None:
        """The deadline has passed: end it, telling the client why where that is possible."""
        ...

    def check(self, now: float) -> None:
        """Look at what moves between events: bytes still to be sent."""
        ...


class Connections:
    """Open connections. `notice` is told (reason, address) whenever one is refused, evicted or expired."""

    def __init__(self, limits: Limits, notice: Callable[[str, str], None]) -> None:
        self.limits = limits
        self.notice = notice
        self._all: set[Connection] = set()
        self._by_address: dict[str, set[Connection]] = {}

    def __len__(self) -> int:
        return len(self._all)

    def admit(self, connection: Connection) -> bool:
        """Make room for a new connection; False when everybody else is being worked for."""
        address = connection.address
        if address:
            siblings = self._by_address.setdefault(address, set())
            if len(siblings) >= self.limits.connections_per_address and not self._evict(siblings, "address_limit"):
                return False
        if len(self._all) >= self.limits.connections and not self._evict(self._all, "connection_limit"):
            return False
        if address:
            self._by_address.setdefault(address, set()).add(connection)
        self._all.add(connection)
        return True

    def release(self, connection: Connection) -> None:
        """The connection is closed."""
        self._all.discard(connection)
        siblings = self._by_address.get(connection.address)
        if siblings is not None:
            siblings.discard(connection)
            if not siblings:
                del self._by_address[connection.address]

    def sweep(self, now: float) -> None:
        """End what is past its deadline."""
        for connection in tuple(self._all):
            connection.check(now)
            if connection.deadline <= now:
                connection.expire(now)

    def _evict(self, crowd: Iterable[Connection], reason: str) -> bool:
        waiting = sorted((each for each in crowd if each.waits_since != WORKING), key=_waits_since)
        for connection in waiting[: 1 + len(waiting) // _CROWD]:
            self.notice(reason, connection.address)
            self.release(connection)
            connection.evict()
        return bool(waiting)


def _waits_since(connection: Connection) -> float:
    return connection.waits_since
