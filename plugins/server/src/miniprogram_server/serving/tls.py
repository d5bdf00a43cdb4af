"""TLS in front of a connection: bounded like the rest, from the first byte of the handshake on."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from pathlib import Path

from miniprogram.errors import UsageError
from miniprogram_server.serving.connections import Connections
from miniprogram_server.serving.protocol import BoundedProtocol, IsProxy


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


class TlsGate(asyncio.Protocol):
    """A connection during its handshake. Afterwards `make_protocol()` is what speaks on it."""

    def __init__(
        self,
        context: ssl.SSLContext,
        connections: Connections,
        make_protocol: Callable[[], BoundedProtocol],
        loop: asyncio.AbstractEventLoop,
        is_proxy: IsProxy,
    ) -> None:
        self._context = context
        self._table = connections
        self._make_protocol = make_protocol
        self._loop = loop
        self._is_proxy = is_proxy
        self.address = ""
        self.waits_since = loop.time()
        self.deadline = self.waits_since + connections.limits.handshake_s

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._transport = transport
        peer = str((transport.get_extra_info("peername") or ("",))[0])
        self.address = "" if self._is_proxy(peer) else peer
        if not self._table.admit(self):
            self._table.notice("no_room", peer)
            transport.abort()
            return
        transport.pause_reading()
        self._task = self._loop.create_task(self._upgrade())

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - it is over either way
        self._table.release(self)

    def evict(self) -> None:
        self._transport.abort()

    def expire(self, now: float) -> None:  # noqa: ARG002 - there is nothing to tell before TLS
        self._table.notice("too_slow", self.address)
        self._transport.abort()

    def check(self, now: float) -> None:
        """Nothing is sent yet."""

    async def _upgrade(self) -> None:
        early = _EarlyBytes()
        limit_s = self._table.limits.handshake_s
        try:
            transport = await self._loop.start_tls(
                self._transport, early, self._context, server_side=True, ssl_handshake_timeout=limit_s
            )
        except (OSError, EOFError):  # SSLError and the timeout are OSErrors
            self._table.release(self)
            self._transport.abort()
            return
        self._table.release(self)
        if transport is None or transport.is_closing():
            return
        protocol = self._make_protocol()
        transport.set_protocol(protocol)
        protocol.connection_made(transport)
        if early.received:
            protocol.data_received(bytes(early.received))
        if early.lost:
            protocol.connection_lost(None)


class _EarlyBytes(asyncio.Protocol):
    """What a client sends right behind its handshake, before anybody listens."""

    def __init__(self) -> None:
        self.received = bytearray()
        self.lost = False

    def data_received(self, data: bytes) -> None:
        self.received += data

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - it is over either way
        self.lost = True
