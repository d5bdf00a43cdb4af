"""Path segments: which are safe, and how percent-escapes in them read."""

from __future__ import annotations

import re

_safe = re.compile(r"[A-Za-z0-9._-]+").fullmatch
_UNSAFE_IN_NAMES = frozenset(map(chr, (*range(0x20), 0x7F, 0x2F, 0x5C)))
_ESCAPE = rb"%([0-9A-Fa-f]{2})"
"""Compiled when the first one comes: a function's cold start does without."""


def has_safe_characters(text: str) -> bool:
    """Whether `text` is one or more of `[A-Za-z0-9._-]`."""
    return _safe(text) is not None


def is_safe_segment(text: str) -> bool:
    """Whether `text` may stand as an id, version or screen id in a path: `[A-Za-z0-9._-]+`, not `.` or `..`."""
    return _safe(text) is not None and text not in {".", ".."}


def is_safe_file_name(text: str) -> bool:
    """Whether `text` may stand as one part of an asset's path. Wider than a segment: `logo@2x.png`, blanks."""
    return text not in {"", ".", ".."} and _UNSAFE_IN_NAMES.isdisjoint(text)


def percent_decode(text: str) -> str:
    """`text` with its escapes read as UTF-8.

    An invalid escape stays as it stands and a byte that is not UTF-8 becomes U+FFFD; neither is ever safe.
    """
    if "%" not in text:
        return text
    octets = re.sub(_ESCAPE, lambda match: bytes((int(match[1], 16),)), text.encode("utf-8", "replace"))
    return octets.decode("utf-8", "replace")


def has_invalid_escape(text: str) -> bool:
    """Whether a `%` in `text` is not followed by two hexadecimal digits."""
    return re.search(r"%(?![0-9A-Fa-f]{2})", text) is not None
