"""What a device in the same network calls this machine."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable, Mapping
from ipaddress import AddressValueError, IPv4Address

from miniprogram.errors import MiniProgramError

OVERRIDES = ("MINI_PROGRAM_PREVIEW_LAN_HOST", "MINI_PROGRAM_PREVIEW_PUBLIC_HOST")
"""Environment variables that settle it, the first one first."""

_HOST = re.compile(r"[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]")


def lan_host(device_host: str = "", *, environ: Mapping[str, str]) -> str:
    """The host name or IPv4 address for a device at `device_host`, or for one that is not known yet.

    Raises MiniProgramError when a variable holds no host, or no address of this machine will do.
    """
    for name in OVERRIDES:
        chosen = environ.get(name, "").strip()
        if chosen:
            return _checked(chosen, name)
    ranked = rank_addresses(own_addresses(), device_host or _towards_others())
    if not ranked:
        raise MiniProgramError(
            "this machine has no IPv4 address that a Wi-Fi device could reach",
            hint=f"Join the device's network, or set {OVERRIDES[0]} to the host it should use.",
        )
    return ranked[0]


def _towards_others() -> str:
    """This machine's address on the way to others; empty when there is no way. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address for documentation: it need not be there
        except OSError:
            return ""
        return str(probe.getsockname()[0])


def own_addresses() -> list[str]:
    """The IPv4 addresses of this machine, in no order."""
    import psutil

    return [
        address.address
        for addresses in psutil.net_if_addrs().values()
        for address in addresses
        if address.family == socket.AF_INET
    ]


def rank_addresses(addresses: Iterable[str], device_host: str) -> list[str]:
    """Those a device at `device_host` may reach, likeliest first.

    More leading octets in common with the device come first, then private ranges, then the order of the texts.
    """
    usable = {text: IPv4Address(text) for text in set(addresses)}
    return sorted(
        (text for text, address in usable.items() if not (address.is_loopback or address.is_link_local)),
        key=lambda text: (-_shared_octets(text, device_host), not usable[text].is_private, text),
    )


def _shared_octets(address: str, device_host: str) -> int:
    try:
        theirs = IPv4Address(device_host).packed
    except AddressValueError:  # a name, or IPv6
        return 0
    count = 0
    for mine, other in zip(IPv4Address(address).packed, theirs, strict=True):
        if mine != other:
            break
        count += 1
    return count


def _checked(host: str, name: str) -> str:
    if not _HOST.fullmatch(host):
        raise MiniProgramError(f"{name} must be a host name or an address, without scheme and port, not {host!r}")
    return host
