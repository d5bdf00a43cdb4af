"""Where a local server listens, and whether it can."""

from __future__ import annotations

import errno
import ipaddress
import socket
import sys
from dataclasses import dataclass
from urllib.parse import urlsplit

from miniprogram.errors import ProcessError, UsageError

LOOPBACK = "127.0.0.1"
LOOPBACK_NAMES = frozenset({LOOPBACK, "localhost", "::1"})
"""What browsers on this machine call it."""


def called_host(header: str) -> str:
    """The host in a `Host` header, without port and brackets, in small letters; empty for what names none.

    A server that answers whatever it is called can be read by any page: the page's owner lets a name of theirs
    lead here (DNS rebinding), and browsers take both for one site. Compare this with the names you gave out.
    """
    text = header.strip().lower()
    if text.startswith("["):
        inside, bracket, rest = text[1:].partition("]")
        return inside if bracket and (not rest or rest.startswith(":")) else ""
    host, _, port = text.partition(":")
    return host if not port or port.isdecimal() else ""


def names_this_machine(host: str) -> bool:
    """Whether a host name or an address, as `called_host` gives it, means the machine one sits at."""
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        name = host.removesuffix(".")
        return name == "localhost" or name.endswith(".localhost")
    found = getattr(found, "ipv4_mapped", None) or found
    return found.is_loopback or found.is_unspecified


@dataclass(frozen=True, slots=True)
class Address:
    """An IP address, as text, and a port. Port 0 lets the system choose one."""

    host: str
    port: int

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        return ipaddress.ip_address(self.host).is_loopback

    def url(self, path: str = "/", *, scheme: str = "http") -> str:
        """How a program on this machine reaches it."""
        parsed = ipaddress.ip_address(self.host)
        host = self.host
        if parsed.is_unspecified:
            host = LOOPBACK if parsed.version == 4 else "::1"
        host = host.replace("%", "%25")  # before the name of an interface, in a URL
        return f"{scheme}://{f'[{host}]' if ':' in host else host}:{self.port}{path}"


def is_this_machine(url: str) -> bool:
    """Whether `url` names the machine that reads it."""
    try:
        return names_this_machine(urlsplit(url).hostname or "")
    except ValueError:
        return False


def parse_host(text: str) -> str:
    """An IP address to bind, brackets of a URL taken off; `localhost` is 127.0.0.1. Raises UsageError."""
    if text.lower() == "localhost":
        return LOOPBACK
    bare = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    try:
        return str(ipaddress.ip_address(bare) if bare is text else ipaddress.IPv6Address(bare))
    except ValueError:
        raise UsageError(f"--host: {text!r} is not an IP address of this machine") from None


def listen(address: Address) -> socket.socket:
    """A bound socket. Raises ProcessError saying why the address cannot be had."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(_socket_address(address))
        listener.listen(1)
    except OSError as error:
        listener.close()
        raise ProcessError(_refusal(address, error), hint="Choose another one with --port.") from error
    return listener


def require_free(address: Address) -> None:
    """Raises ProcessError unless `listen` would work now."""
    listen(address).close()


def _socket_address(address: Address) -> tuple[str, int] | tuple[str, int, int, int]:
    """What the system binds: the name of an interface in an IPv6 address becomes its number."""
    host, _, interface = address.host.partition("%")
    if not interface:
        return host, address.port
    number = int(interface) if interface.isdigit() else socket.if_nametoindex(interface)
    return host, address.port, 0, number


def _refusal(address: Address, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {address.port} on {address.host} is in use by another program"
    if error.errno == errno.EACCES:
        return f"port {address.port} needs more rights than this user has"
    if error.errno in (errno.EADDRNOTAVAIL, errno.ENODEV):
        return f"{address.host} is not an address of this machine"
    return f"{address.host}:{address.port} cannot be bound: {error.strerror or error}"
