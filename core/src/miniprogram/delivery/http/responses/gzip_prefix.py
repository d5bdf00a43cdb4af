"""The part of a body that stays the same from request to request, compressed once."""

from __future__ import annotations

import zlib

_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_RAW_DEFLATE = -15


class GzipPrefix:
    """Constant bytes that short, changing ones follow.

    The constant part is compressed as a deflate stream of its own that ends on a byte boundary; the rest is
    appended as a second one, and the checksum goes on from the first. Any gzip reader sees one member.
    """

    __slots__ = ("_checksum", "_deflated", "body")

    def __init__(self, body: bytes) -> None:
        self.body = body
        self._deflated: bytes | None = None
        self._checksum = 0

    def gzipped(self, rest: bytes) -> bytes:
        """The constant bytes and `rest`, in gzip format."""
        deflated = self._deflated
        if deflated is None:
            compressor = zlib.compressobj(6, zlib.DEFLATED, _RAW_DEFLATE)
            deflated = compressor.compress(self.body) + compressor.flush(zlib.Z_FULL_FLUSH)
            self._checksum = zlib.crc32(self.body)
            self._deflated = deflated
        # Most rests are shorter than a kilobyte; a small window is much quicker to set up.
        compressor = zlib.compressobj(6, zlib.DEFLATED, _RAW_DEFLATE if len(rest) > 1024 else -10, 8)
        tail = compressor.compress(rest) + compressor.flush()
        checksum = zlib.crc32(rest, self._checksum)
        length = (len(self.body) + len(rest)) & 0xFFFFFFFF
        trailer = checksum.to_bytes(4, "little") + length.to_bytes(4, "little")
        return b"".join((_GZIP_HEADER, deflated, tail, trailer))
