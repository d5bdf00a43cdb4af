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

    `route_kind` names the route for logs (`manifest_latest`, `not_found`, …) and is not sent.
    """

    status: int
    headers: HeaderPairs
    body: bytes
    route_kind: str = ""

    @property
    def reason(self) -> str:
        """Why a version was decided on, or the code of a refusal, for counting; blank where nobody said."""
        return ""

    def because(self, reason: str) -> Response:
        """The same response, with a reason."""
        response = _Reasoned(*self)
        response.reason = reason
        return response


class _Reasoned(Response):
    reason = ""


def header_value(text: str) -> str:
    """`text` as a header value: printable ASCII, everything else percent-encoded as UTF-8."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        chr(byte) if 0x20 <= byte < 0x7F else f"%{byte:02X}" for byte in text.encode("utf-8", "replace")
    )
