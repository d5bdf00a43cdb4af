"""What WSGI and ASGI servers hand over, as the engine takes it: the path as it was sent, headers, who asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_AS_THEY_ARE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/:@!$&'()*+,;=")
_LISTS = frozenset({b"if-none-match", b"accept-encoding"})
"""Headers that are lists: several lines are one list."""


def encoded_path(decoded: bytes) -> str:
    """A path that a server decoded, percent-encoded again."""
    return "".join(chr(byte) if byte in _AS_THEY_ARE else f"%{byte:02X}" for byte in decoded)


def header_map(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by name, which must be in lower case; of one that is no list and stands twice, the last."""
    found: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        found[name] = f"{found[name]}, {value}" if raw_name in _LISTS and name in found else value
    return found


def client_address(headers: Mapping[str, str], client_header: str, peer: str) -> str:
    """Who asks: `peer`, or with a front end the last address in `client_header`, which is its own word.

    Whatever stands before it in the header may have been sent by anybody.
    """
    return headers.get(client_header, "").rpartition(",")[2].strip() if client_header else peer
