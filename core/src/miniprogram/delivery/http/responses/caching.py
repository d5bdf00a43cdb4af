"""Conditional requests, content encodings and how long clients may keep an answer."""

from __future__ import annotations

PRIVATE_IMMUTABLE = "private, max-age=31536000, immutable"
REVALIDATE = "no-cache"
PRIVATE_REVALIDATE = "private, no-cache"
DO_NOT_STORE = "no-store"

ENCODING = "Accept-Encoding"
"""What `vary` names where a body may come compressed."""

MIN_STATIC_GZIP_BYTES = 512
"""Stored files at least this long are offered compressed: it is done once."""
MIN_DYNAMIC_GZIP_BYTES = 4096
"""Composed bodies must be longer to be worth compressing each time."""


def accepts_gzip(accept_encoding: str | None) -> bool:
    """Whether the header allows gzip: named, or `*`, and not with `q=0`."""
    return accepts_coding(accept_encoding, "gzip")


def accepts_coding(accept_encoding: str | None, coding: str) -> bool:
    """Whether the header allows `coding`, in lower case: named, or `*`, and not with `q=0`."""
    if not accept_encoding:
        return False
    qualities = dict(map(_coding, accept_encoding.lower().split(",")))
    return qualities.get(coding, qualities.get("*", False))


def is_unchanged(if_none_match: str | None, etag: str) -> bool:
    """Whether the caller has what `etag` (quoted, possibly weak) stands for. False without the header."""
    if not if_none_match:
        return False
    if if_none_match.strip() == "*":
        return True
    wanted = etag.removeprefix("W/")
    return any(candidate.strip().removeprefix("W/") == wanted for candidate in if_none_match.split(","))


def _coding(item: str) -> tuple[str, bool]:
    name, *parameters = (part.strip() for part in item.split(";"))
    quality = next((text[2:].strip() for text in parameters if text.startswith("q=")), "1")
    try:
        return name, float(quality) > 0
    except ValueError:
        return name, False
