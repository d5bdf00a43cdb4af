"""What the preview server is asked and what it answers, without a socket."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from miniprogram.addresses import called_host
from miniprogram.delivery.documents.content_types import JSON
from miniprogram.strict_json import to_pretty_json


@dataclass(frozen=True, slots=True)
class Request:
    """`path` is below the mount, still escaped and without a leading slash; header names are in small letters."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    is_local: bool = True
    """Whether it came from this machine."""

    @property
    def is_from_here(self) -> bool:
        """Whether a page of this very server, or no page at all, sent it. Old browsers say nothing."""
        if self.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return False
        origin = self.headers.get("origin")
        return origin is None or urlsplit(origin).netloc == self.headers.get("host", "")

    @property
    def host(self) -> str:
        return called_host(self.headers.get("host", ""))


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. Files of a kind we do not know have no `content_type`. A `stream` is sent as it comes."""

    status: int
    body: bytes = b""
    content_type: str | None = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    stream: Iterator[bytes] | None = None


def document(value: Any, status: int = 200) -> Reply:
    return Reply(status, to_pretty_json(value))


def failure(status: int, message: str, **more: str) -> Reply:
    return document({"message": message, **more}, status)
