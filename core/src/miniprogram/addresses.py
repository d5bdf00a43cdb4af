"""Where a local server listens, and whether it can."""

from __future__ import annotations

import errno
import ipaddress
import socket
import sys
from dataclasses import dataclass

from miniprogram.errors import ProcessError, UsageError

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Address:
    """An IP address, as text, and a port. Port 0 lets the system choose one."""

    host: str
    port: int

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        return ipaddress.ip_address(self.host).is_loopback

    def url(self, path: str = "/") -> str:
        """How a program on this machine reaches it."""
        parsed = ipaddress.ip_address(self.host)
        host = self.host
        if parsed.is_unspecified:
            host = LOOPBACK if parsed.version == 4 else "::1"
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}{path}"


def parse_host(text: str) -> str:
    """An IP address to bind; `localhost` is accepted for 127.0.0.1. Raises UsageError for anything else."""
    if text.lower() == "localhost":
        return LOOPBACK
    try:
        return str(ipaddress.ip_address(text))
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
        listener.bind((address.host, address.port))
        listener.listen(1)
    except OSError as error:
        listener.close()
        raise ProcessError(_refusal(address, error), hint="Choose another one with --port.") from error
    return listener


def require_free(address: Address) -> None:
    """Raises ProcessError unless `listen` would work now."""
    listen(address).close()


def _refusal(address: Address, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {address.port} on {address.host} is in use by another program"
    if error.errno == errno.EACCES:
        return f"port {address.port} needs more rights than this user has"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{address.host} is not an address of this machine"
    return f"{address.host}:{address.port} cannot be bound: {error.strerror or error}"
