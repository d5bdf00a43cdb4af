"""SHA-256, loaded when the first digest is made: OpenSSL behind it takes a tenth of a function's cold start."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Digest(Protocol):
    def digest(self) -> bytes: ...

    def hexdigest(self) -> str: ...


def sha256(data: bytes) -> Digest:
    """As `hashlib.sha256`."""
    return _make(data)


def _first(data: bytes) -> Digest:
    global _make  # noqa: PLW0603 - from the second digest on, one call
    from hashlib import sha256 as make

    _make = make
    return make(data)


_make: Callable[[bytes], Digest] = _first
