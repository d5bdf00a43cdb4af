"""Where a request really comes from, and under which address the public knows this server.

Believes nobody by default, not even this machine: a header that names a client can be sent by anybody.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from miniprogram.errors import UsageError

UNIX = "unix"
"""Names whoever connects to a unix socket of this server."""

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class TrustedProxies:
    """Addresses whose word about a client counts: proxies of our own, and nobody else."""

    networks: tuple[_Network, ...] = ()
    unix: bool = False

    def includes(self, peer: str) -> bool:
        """Whether `peer` is one of them; a peer on a unix socket has no address."""
        if not peer:
            return self.unix
        return bool(self.networks) and _is_within(self.networks, peer)

    def client(self, peer: str, forwarded: str) -> str:
        """Who asks: the last hop in `X-Forwarded-For` that is no proxy of ours; `peer` when it is none itself."""
        if not self.includes(peer):
            return peer
        client = peer
        for hop in reversed(forwarded.split(",")):
            address = _address(hop)
            if address is None:
                return client  # what a proxy of ours did not write, or wrote in another way, tells nothing
            client = address
            if not self.includes(address):
                return address
        return client


NOBODY = TrustedProxies()


def parse_proxies(texts: Iterable[str]) -> TrustedProxies:
    """Addresses and networks, or `unix`. Raises UsageError naming the one that is neither."""
    networks: list[_Network] = []
    unix = False
    for text in texts:
        if text == UNIX:
            unix = True
            continue
        try:
            networks.append(ipaddress.ip_network(text))
        except ValueError as error:
            hint = "Give the address a proxy connects from, such as 10.0.0.7 or 10.0.0.0/24."
            raise UsageError(f"--behind: {text!r} is no address or network: {error}", hint=hint) from None
    return TrustedProxies(tuple(networks), unix)


@dataclass(frozen=True, slots=True)
class PublicOrigin:
    """The scheme and authority under which browsers know this server."""

    scheme: str
    authority: str

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}"


def parse_origin(text: str) -> PublicOrigin:
    """`https://programs.example.com`. Raises UsageError for anything more or less."""
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    is_plain = not (parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc)
    if parts.scheme not in ("http", "https") or not parts.hostname or not is_plain:
        raise UsageError(
            f"--public-origin: {text!r} is no origin",
            hint="It looks like https://programs.example.com, without a path.",
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    default = 443 if parts.scheme == "https" else 80
    return PublicOrigin(parts.scheme, host if port in (None, default) else f"{host}:{port}")


@lru_cache(maxsize=4096)
def _is_within(networks: Sequence[_Network], peer: str) -> bool:
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    found = mapped or address
    return any(found in network for network in networks if network.version == found.version)


def _address(hop: str) -> str | None:
    """The address of a hop, without a port; None when it is none."""
    text = hop.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None
