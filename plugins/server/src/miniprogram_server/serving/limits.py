"""How much of the server one client may take, and for how long. In one place, because they bound each other."""

from __future__ import annotations

import sys
from dataclasses import dataclass

_RESERVED_DESCRIPTORS = 128
"""For the store, the ledger, logs, listeners and libraries: never given to clients."""
_MOST_CONNECTIONS = 50_000
_UNLIMITED = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, times in seconds, rates in bytes per second.

    A connection that only waits for its client (a TLS handshake, a head, a body, room to send) has a deadline; one
    the server works for has none here, because the application keeps its own.
    """

    connections: int
    connections_per_address: int
    head_bytes: int = 64 * 1024
    head_fields: int = 128
    handshake_s: float = 10.0
    head_s: float = 10.0
    keep_alive_s: float = 15.0
    body_s: float = 10.0
    """Before the body's rate counts."""
    body_rate: int = 8 * 1024
    send_s: float = 20.0
    """For every `send_bytes` the client has to take."""
    send_bytes: int = 32 * 1024
    linger_s: float = 2.0
    """For a refused client to read why, while what it still sends is thrown away."""
    drain_s: float = 5.0
    """For requests in flight once the server is told to stop."""


def limits(*, descriptors: int, per_address: int | None = None) -> Limits:
    """Limits of a process that may open so many descriptors. By default one address gets half of them."""
    connections = max(8, min(descriptors - _RESERVED_DESCRIPTORS, _MOST_CONNECTIONS))
    share = connections // 2 if per_address is None else min(per_address, connections)
    return Limits(connections=connections, connections_per_address=max(4, share))


def raise_descriptor_limit() -> int:
    """Allow this process as many open descriptors as it may have; how many that are."""
    if sys.platform == "win32":
        return _UNLIMITED
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _UNLIMITED if hard == resource.RLIM_INFINITY else hard
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return wanted if soft == resource.RLIM_INFINITY else soft
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (OSError, ValueError):  # macOS refuses more than a number of its own
        return soft
    return wanted
