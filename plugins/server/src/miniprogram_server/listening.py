"""Where a server listens: an address of this machine or a unix socket, and how people are told."""

from __future__ import annotations

import contextlib
import os
import socket
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from miniprogram.addresses import Address, listen, parse_host
from miniprogram.errors import ProcessError, UsageError

UNIX_MODE = 0o660
"""Who may connect: the owner and the group. A proxy under another user joins the group."""


@dataclass(frozen=True, slots=True)
class Listening:
    """A bound socket, its URL where it has one, and whether others than this machine's programs reach it."""

    socket: socket.socket
    base_url: str
    is_open: bool


@contextlib.contextmanager
def listening(host: str, port: int, *, unix: Path | None, scheme: str) -> Iterator[Listening]:
    """Listen, on the unix socket `unix` if one is given. Raises UsageError or ProcessError with the reason."""
    if unix is not None:
        with _unix_listener(unix) as listener:
            yield Listening(listener, f"unix:{unix}", is_open=False)
        return
    address = Address(parse_host(host.strip()), port)
    listener = listen(address)
    bound = Address(address.host, listener.getsockname()[1])
    try:
        yield Listening(listener, bound.url("", scheme=scheme), is_open=not bound.is_loopback)
    finally:
        listener.close()


@contextlib.contextmanager
def _unix_listener(path: Path) -> Iterator[socket.socket]:
    if sys.platform == "win32":
        raise UsageError("--unix: this system has no unix sockets")
    _remove_stale(path)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o777 & ~UNIX_MODE)
    try:
        listener.bind(str(path))
        listener.listen(1)  # whoever connects from now on waits instead of being refused
    except OSError as error:
        listener.close()
        raise ProcessError(f"{path} cannot be bound: {error.strerror or error}") from error
    finally:
        os.umask(before)
    identity = _identity(path)
    try:
        yield listener
    finally:
        listener.close()
        if identity is not None and _identity(path) == identity:
            path.unlink(missing_ok=True)


def _remove_stale(path: Path) -> None:
    """Remove the socket of a server that is gone. Raises ProcessError for one that answers, or another file."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    except OSError as error:
        raise ProcessError(f"{path} cannot be bound: {error.strerror or error}") from error
    if not stat.S_ISSOCK(mode):
        raise ProcessError(f"{path} exists and is no socket", hint="Choose another path with --unix.")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink(missing_ok=True)
            return
        except OSError as error:
            raise ProcessError(f"{path} cannot be bound: {error.strerror or error}") from error
    raise ProcessError(f"{path} is in use by another program", hint="Choose another path with --unix.")


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.lstat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
