"""Read PNG pictures as rows of pixels. The standard library can unpack them; nothing else is needed."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from miniprogram.errors import DocumentError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_PIXELS = 64_000_000
_CHANNELS = {0: 1, 2: 3, 4: 2, 6: 4}
"""By color type: gray, RGB, gray with alpha, RGB with alpha."""


@dataclass(frozen=True, slots=True)
class PixelRows:
    """A picture as one `bytes` a row, `bytes_per_pixel` for each pixel."""

    width: int
    height: int
    bytes_per_pixel: int
    rows: tuple[bytes, ...] = field(repr=False)


def read_png(body: bytes, *, name: str = "the picture") -> PixelRows:
    """The pixels of a PNG with 8 bits a channel. Raises DocumentError for anything else, naming `name`."""
    try:
        return _read(body)
    except (ValueError, struct.error, zlib.error, IndexError) as error:
        raise DocumentError(f"{name} is no PNG that can be compared: {error}") from error


def _read(body: bytes) -> PixelRows:
    if not body.startswith(SIGNATURE):
        raise ValueError("it does not begin like one")
    chunks = list(_chunks(body))
    if not chunks or chunks[0][0] != b"IHDR":
        raise ValueError("it has no head")
    width, height, depth, color, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[0][1])
    if depth != 8 or color not in _CHANNELS or interlaced:
        raise ValueError(f"{depth} bits, color type {color}, interlaced {interlaced} are not read")
    if not 0 < width * height <= MAX_PIXELS:
        raise ValueError(f"{width} × {height} pixels are too many or none")
    channels = _CHANNELS[color]
    stride = width * channels
    unpacker = zlib.decompressobj()
    packed = b"".join(data for kind, data in chunks if kind == b"IDAT")
    raw = unpacker.decompress(packed, height * (stride + 1))
    if len(raw) != height * (stride + 1):
        raise ValueError("it ends too early")
    return PixelRows(width, height, channels, tuple(_rows(raw, stride, channels)))


def _chunks(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(body):
        size, kind = struct.unpack_from(">I4s", body, at)
        data = body[at + 8 : at + 8 + size]
        if len(data) != size:
            raise ValueError("it ends too early")
        yield kind, data
        at += size + 12


def _rows(raw: bytes, stride: int, channels: int) -> Iterator[bytes]:
    before = bytes(stride)
    for start in range(0, len(raw), stride + 1):
        row = bytearray(raw[start + 1 : start + 1 + stride])
        _unfilter(raw[start], row, before, channels)
        before = bytes(row)
        yield before


def _unfilter(kind: int, row: bytearray, before: bytes, channels: int) -> None:
    """Undo one of PNG's five filters in place."""
    size = len(row)
    if kind == 1:
        for index in range(channels, size):
            row[index] = (row[index] + row[index - channels]) & 255
    elif kind == 2:
        row[:] = bytes((value + above) & 255 for value, above in zip(row, before, strict=True))
    elif kind == 3:
        for index in range(size):
            left = row[index - channels] if index >= channels else 0
            row[index] = (row[index] + (left + before[index] >> 1)) & 255
    elif kind == 4:
        for index in range(size):
            left = row[index - channels] if index >= channels else 0
            corner = before[index - channels] if index >= channels else 0
            above = before[index]
            guess = left + above - corner
            by_left, by_above, by_corner = abs(guess - left), abs(guess - above), abs(guess - corner)
            best = (
                left
                if by_left <= by_above and by_left <= by_corner
                else above
                if by_above <= by_corner
                else corner
            )
            row[index] = (row[index] + best) & 255
    elif kind:
        raise ValueError(f"filter {kind} is none")
