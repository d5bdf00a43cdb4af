"""Which addresses notices may be sent to: public ones, and those the operator of the server named.

Whoever may subscribe chooses the address: without this they could have the server ask machines that only it
reaches.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from miniprogram.errors import MiniProgramError, UsageError

Network = IPv4Network | IPv6Network
LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
_TRANSLATED = ip_network("64:ff9b::/96")
"""Addresses of IPv4 as networks of IPv6 alone reach them."""


class NoReceiver(MiniProgramError):  # noqa: N818 - what was found
    """A name stands for no address that may be asked."""


def parse_networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """`loopback`, addresses and networks such as `10.0.0.0/8`. Raises UsageError naming what is neither."""
    found: list[Network] = []
    for text in texts:
        if text == "loopback":
            found += LOOPBACK
            continue
        try:
            found.append(ip_network(text))
        except ValueError:
            raise UsageError(
                f"--notice-network: {text!r} is no network", hint="Write `loopback`, or one such as 10.0.0.0/8."
            ) from None
    return tuple(found)


def may_ask(address: str, allowed: Sequence[Network]) -> bool:
    """Whether notices may go to `address`. One that stands for another counts as that."""
    asked = _meant(ip_address(address.partition("%")[0]))
    if any(asked in network for network in allowed if network.version == asked.version):
        return True
    return asked.is_global and not asked.is_multicast


def addresses_of(host: str, port: int, allowed: Sequence[Network]) -> list[str]:
    """The addresses of `host` that may be asked, resolved now. Raises NoReceiver."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NoReceiver(f"the name {host} cannot be resolved") from None
    known = list(dict.fromkeys(str(each[4][0]) for each in found))
    usable = [each for each in known if may_ask(each, allowed)]
    if not usable:
        raise NoReceiver(
            f"{host} is not a public address, and the server may not ask others",
            hint="Its operator can allow networks with --notice-network.",
        )
    return usable


def _meant(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv4Address):
        return address
    inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
    if inner is None and address in _TRANSLATED:
        inner = IPv4Address(int(address) & 0xFFFFFFFF)
    return address if inner is None else inner
