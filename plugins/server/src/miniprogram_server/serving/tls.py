"""TLS in front of a connection: bounded like the rest, from the first byte of the handshake on."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import ssl
from collections.abc import Callable
from pathlib import Path

from miniprogram.errors import UsageError
from miniprogram_server.serving.connections import Connections
from miniprogram_server.serving.protocol import BoundedProtocol, IsProxy

PAUSE_S = 0.2
"""When no descriptor is free, before the next attempt."""


def tls_context(certificate: Path, key: Path | None) -> ssl.SSLContext:
    """TLS 1.2 or newer with a certificate chain, and its key in the same file or another. Raises UsageError."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    for path in (certificate, key):
        if path is not None and not path.is_file():
            raise UsageError(f"{path} is not a file")
    try:
        context.load_cert_chain(certificate, key, password=_refuse_password)
    except (ssl.SSLError, OSError, UsageError) as error:
        if isinstance(error, UsageError):
            raise
        where = f"{certificate}" + (f" and {key}" if key else "")
        is_mismatch = "MISMATCH" in str(error)
        reason = "the key does not belong to the certificate" if is_mismatch else "no certificate and key"
        raise UsageError(
            f"{where}: {reason} in PEM form", hint="--tls-cert takes the whole chain, --tls-key its private key."
        ) from None
    return context


def _refuse_password() -> str:
    raise UsageError("the TLS key is encrypted, and nobody is asked for its password")


class TlsListener:
    """Accepts connections on a socket and shakes hands; afterwards `make_protocol` speaks on each.

    Accepting is done here, because event loops say nothing of a connection before its handshake is over, and
    whoever does not end it would otherwise hold a descriptor that nobody counts.
    """

    def __init__(
        self,
        context: ssl.SSLContext,
        connections: Connections,
        make_protocol: Callable[[Handshake], BoundedProtocol],
        is_proxy: IsProxy,
    ) -> None:
        self._context = context
        self._table = connections
        self._make_protocol = make_protocol
        self._is_proxy = is_proxy

    async def accept(self, listener: socket.socket) -> None:
        """Accept until cancelled."""
        loop = asyncio.get_running_loop()
        listener.setblocking(False)
        while True:
            try:
                client, peer = await loop.sock_accept(listener)
            except OSError as error:
                if error.errno in (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM):
                    self._table.notice("no_descriptors", "")
                    await asyncio.sleep(PAUSE_S)
                continue
            address = str(peer[0]) if isinstance(peer, tuple) else ""
            handshake = Handshake(client, "" if self._is_proxy(address) else address, loop.time(), self._table)
            if self._table.admit(handshake):
                handshake.task = loop.create_task(self._shake(handshake, client))
            else:
                self._table.notice("no_room", address)
                client.close()

    async def _shake(self, handshake: Handshake, client: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        try:
            await loop.connect_accepted_socket(
                lambda: self._make_protocol(handshake),
                client,
                ssl=self._context,
                ssl_handshake_timeout=self._table.limits.handshake_s,
            )
        except OSError:  # SSLError and the timeout are among them; whoever knocks at any door gets no line
            client.close()
        finally:
            self._table.release(handshake)


class Handshake:
    """A connection before its protocol is there."""

    def __init__(self, client: socket.socket, address: str, now: float, connections: Connections) -> None:
        self._client = client
        self._notice = connections.notice
        self.address = address
        self.waits_since = now
        self.deadline = now + connections.limits.handshake_s
        self.task: asyncio.Task[None] | None = None

    def evict(self) -> None:
        if self.task is not None:
            self.task.cancel()
        with contextlib.suppress(OSError):
            self._client.shutdown(socket.SHUT_RDWR)

    def expire(self, now: float) -> None:  # noqa: ARG002 - there is nothing to tell before TLS
        self._notice("too_slow", self.address)
        self.evict()

    def check(self, now: float) -> None:
        """Nothing is sent yet."""
