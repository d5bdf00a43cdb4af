"""The client's side of a WebSocket (RFC 6455) to a server on this machine: texts both ways, nothing else."""

from __future__ import annotations

import os
import socket
import struct
from base64 import b64encode

_TEXT, _PONG = 0x1, 0xA
_LAST = 0x80
_MASKED = 0x80


class WebSocket:
    """Raises OSError when the other side is gone, is slow, or says something that is no WebSocket."""

    def __init__(self, port: int, path: str, *, timeout_s: float) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout_s)
        self._stream = self._socket.makefile("rb")
        key = b64encode(os.urandom(16)).decode()
        lines = (
            f"GET {path} HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Version: 13",
        )
        self._socket.sendall("\r\n".join((*lines, "", "")).encode())
        status = self._stream.readline()
        if b" 101 " not in status:
            self.close()
            raise OSError(f"no WebSocket: {status.decode(errors='replace').strip()}")
        while self._stream.readline() not in (b"\r\n", b""):
            pass

    def send(self, text: str) -> None:
        self._send(_TEXT, text.encode())

    def receive(self) -> str:
        """The next text."""
        parts: list[bytes] = []
        while True:
            first, length = self._read(2)
            size = length & 0x7F
            if size == 126:
                (size,) = struct.unpack(">H", self._read(2))
            elif size == 127:
                (size,) = struct.unpack(">Q", self._read(8))
            body = self._read(size)
            match first & 0x0F:
                case 0x9:
                    self._send(_PONG, body)
                case 0x8:
                    raise ConnectionError("the WebSocket was closed")
                case 0x0 | 0x1:
                    parts.append(body)
                    if first & _LAST:
                        return b"".join(parts).decode()
                case _:
                    pass

    def close(self) -> None:
        self._stream.close()
        self._socket.close()

    def _send(self, kind: int, body: bytes) -> None:
        mask = os.urandom(4)
        size = len(body)
        if size < 126:
            head = struct.pack(">BB", _LAST | kind, _MASKED | size)
        elif size < 1 << 16:
            head = struct.pack(">BBH", _LAST | kind, _MASKED | 126, size)
        else:
            head = struct.pack(">BBQ", _LAST | kind, _MASKED | 127, size)
        repeated = (mask * (size // 4 + 1))[:size]
        masked = (int.from_bytes(body, "big") ^ int.from_bytes(repeated, "big")).to_bytes(size, "big")
        self._socket.sendall(head + mask + masked)

    def _read(self, size: int) -> bytes:
        body = self._stream.read(size)
        if len(body) < size:
            raise ConnectionError("the WebSocket ended")
        return body
