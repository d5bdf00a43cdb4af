"""A request and its response, free of any web framework."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

HeaderPairs = tuple[tuple[str, str], ...]


class Request(NamedTuple):
    """What a web server or function gateway received.

    `path` is raw, still percent-encoded, without a stage prefix; `query` is the raw text after `?`.
    Header names are lower case; of repeated headers the last or the joined value. `client` is the peer's address,
    where the server knows it for sure.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = {}
    body: bytes = b""
    client: str = ""


class Response(NamedTuple):
    """What to send. Header names are lower case; `content-length` is the adapter's business.

    Not sent, but for logs and counting: `route_kind` names the route (`manifest_latest`, `not_found`, …), `reason`
    why a version was decided on, or the code of a refusal; blank where nobody said.
    """

    status: int
    headers: HeaderPairs
    body: bytes
    route_kind: str = ""
    reason: str = ""


def header_value(text: str) -> str:
    """`text` as a header value: printable ASCII, everything else percent-encoded as UTF-8."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        chr(byte) if 0x20 <= byte < 0x7F else f"%{byte:02X}" for byte in text.encode("utf-8", "replace")
    )
