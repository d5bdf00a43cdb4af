"""Who stands before the function: anybody, or only the CDN of its own stack, which shows a key of its own."""

from __future__ import annotations

from collections.abc import Mapping
from hmac import compare_digest
from typing import NamedTuple

from miniprogram.delivery.http.messages import Response

KEY_HEADER = "x-origin-key"
ADDRESS_HEADER = "x-viewer-address"
"""Written by the CDN over whatever a caller sent. Without a CDN it is a header like any other."""


class FrontDoor(NamedTuple):
    """`key` is what the CDN shows; None when there is no CDN. Source: ORIGIN_KEY of the environment."""

    key: str | None = None

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> FrontDoor:
        """Raises ValueError for a blank key: an origin must not be open because its key got lost."""
        key = environ.get("ORIGIN_KEY")
        if key is not None and not key.strip():
            raise ValueError("ORIGIN_KEY is blank")
        return cls(key)

    def refusal(self, headers: Mapping[str, str]) -> Response | None:
        """The answer to a request that went round the CDN; None for all others."""
        if self.key is None or compare_digest(headers.get(KEY_HEADER, "").encode(), self.key.encode()):
            return None
        body = b'{"errorCode": "origin_locked", "message": "This service is reached through its CDN only."}'
        headers_sent = (("content-type", "application/json"), ("cache-control", "no-store"))
        return Response(403, headers_sent, body)

    def client(self, headers: Mapping[str, str], peer: str) -> str:
        """The caller's address: the peer, unless that is our CDN, which says whom it answers."""
        return peer if self.key is None else headers.get(ADDRESS_HEADER, "")
