"""The difference between two packages, as browsers read it: RFC 9842, `dcz`.

A delta is a 40-byte header (eight bytes that never change, then the sha256 of the archive it builds upon) and one
Zstandard frame whose dictionary is that archive. It says nothing about the result, so `apply_delta` is told what
the result must be.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from miniprogram.errors import DocumentError
from miniprogram.packages.limits import MAX_ARCHIVE_BYTES
from miniprogram.packages.zstd import compress, decompress

_MAGIC = b"\x5e\x2a\x4d\x18\x20\x00\x00\x00"
"""A skippable Zstandard frame of 32 bytes."""
HEADER_BYTES = len(_MAGIC) + 32
WORTHWHILE = 0.6
"""A delta larger than this share of the whole package, compressed, saves too little to be kept."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What it takes to come from one archive to another, in bytes; `delta` is None when it is not worthwhile."""

    full_size: int
    """The new archive compressed, without the old one."""
    delta: bytes | None


def compare_archives(old: bytes, new: bytes) -> Difference:
    """The delta from `old` to `new`, both uncompressed archives, tried by applying it."""
    full_size = len(compress(new))
    return Difference(full_size, make_delta(old, new, full_size=full_size))


def make_delta(old: bytes, new: bytes, *, full_size: int) -> bytes | None:
    """The delta from `old` to `new`, tried by applying it; None when it is not worthwhile.

    `full_size` is that of `new` compressed without `old`, in bytes.
    """
    delta = _MAGIC + hashlib.sha256(old).digest() + compress(new, dictionary=old)
    if len(delta) > WORTHWHILE * full_size:
        return None
    if apply_delta(old, delta, size=len(new), sha256=hashlib.sha256(new).hexdigest()) != new:
        raise AssertionError("a delta does not give back the archive it was made of")
    return delta


def base_of(delta: bytes, *, name: str = "the delta") -> str:
    """The sha256, in hex, of the archive that `delta` builds upon. Raises DocumentError when it is no delta."""
    if len(delta) <= HEADER_BYTES or not delta.startswith(_MAGIC):
        raise DocumentError(f"{name} is not a delta between two packages")
    return delta[len(_MAGIC) : HEADER_BYTES].hex()


def apply_delta(
    old: bytes,
    delta: bytes,
    *,
    size: int = MAX_ARCHIVE_BYTES,
    sha256: str | None = None,
    old_sha256: str | None = None,
    name: str = "the delta",
) -> bytes:
    """The archive that `delta` makes of `old`. `size` is its exact length when `sha256` is given, else a bound.

    `old_sha256` is that of `old`, where whoever calls has just computed it: most of the time goes there.

    Raises DocumentError for a delta that builds upon another archive, is damaged, or gives anything but the
    archive with `size` and `sha256` (hex).
    """
    base = base_of(delta, name=name)
    if base != (old_sha256 or hashlib.sha256(old).hexdigest()):
        raise DocumentError(
            f"{name} builds upon the archive {base[:16]}…, not upon this one",
            hint="Take the whole package instead.",
        )
    new = decompress(delta[HEADER_BYTES:], dictionary=old, max_size=min(size, MAX_ARCHIVE_BYTES), name=name)
    if sha256 is not None and (len(new) != size or hashlib.sha256(new).hexdigest() != sha256):
        raise DocumentError(
            f"{name} does not give the archive that was promised", hint="Take the whole package instead."
        )
    return new
