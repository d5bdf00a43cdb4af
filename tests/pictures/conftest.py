"""Pictures that tests draw themselves: every filter of PNG, and a painter without a browser."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence

import pytest

from miniprogram.packages.bundle import Bundle
from miniprogram.plugins.specs import ScreenPainterSpec
from miniprogram.seams.screen_painter import PaintJob, Picture, Shot
from miniprogram.testing import sample_bundle

WHITE, RED = b"\xff\xff\xff", b"\xe0\x10\x20"
Pixels = Sequence[Sequence[bytes]]
"""Rows of pixels."""


def encode_png(pixels: Pixels, *, filters: Sequence[int] = (0,), color: int = 2) -> bytes:
    """A PNG of `pixels`, its rows filtered by `filters` in turn."""
    rows = [b"".join(row) for row in pixels]
    size, before, packed = len(pixels[0][0]), bytes(len(rows[0])), b""
    for index, row in enumerate(rows):
        kind = filters[index % len(filters)]
        packed += bytes([kind]) + bytes(
            (row[at] - _guess(kind, row, before, at, size)) & 255 for at in range(len(row))
        )
        before = row
    head = struct.pack(">IIBBBBB", len(pixels[0]), len(pixels), 8, color, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(packed)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


def _guess(kind: int, row: bytes, before: bytes, at: int, size: int) -> int:
    left = row[at - size] if at >= size else 0
    above, corner = before[at], before[at - size] if at >= size else 0
    paeth = min((left, above, corner), key=lambda each: abs(left + above - corner - each))
    return (0, left, above, (left + above) // 2, paeth)[kind]


def plain(
    width: int = 64, height: int = 48, boxes: Mapping[tuple[int, int, int, int], bytes] | None = None
) -> Pixels:
    """White, with boxes (left, top, width, height) of other colors."""
    rows = [[WHITE] * width for _ in range(height)]
    for (left, top, wide, high), color in (boxes or {}).items():
        for y in range(top, top + high):
            rows[y][left : left + wide] = [color] * wide
    return rows


@pytest.fixture
def painter() -> ScreenPainterSpec:
    """Draws a red box as high as the screen says, and remarks upon screens without one."""

    def paint(job: PaintJob) -> Iterator[Picture]:
        for shot in job.shots:
            high = int(job.screens[shot.screen_id].get("box", 0))
            pixels = plain(shot.width, 200, {(8, 8, 40, high): RED})
            yield Picture(shot, encode_png(pixels), () if high else (f"{shot.screen_id} is <empty>",))

    return ScreenPainterSpec("Boxes", paint)


@pytest.fixture
def bundle_with() -> Callable[..., Bundle]:
    """A bundle whose screens have boxes that high."""

    def make(version: str, **boxes: int) -> Bundle:
        screens = {name: {"type": "text", "data": name, "box": high} for name, high in boxes.items()}
        return sample_bundle("shop", version, screens=screens)

    return make


def a_picture(pixels: Pixels, name: str = "home", **more: object) -> Picture:
    return Picture(Shot(name, width=len(pixels[0]), height=len(pixels), **more), encode_png(pixels))  # type: ignore[arg-type]
