"""What draws screens for `miniprogram screenshot`: here without a browser, one color for the whole screen."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from miniprogram.plugins.specs import ScreenPainterSpec
from miniprogram.seams.screen_painter import PaintJob, Picture


def paint(job: PaintJob) -> Iterator[Picture]:
    for shot in job.shots:
        screen = job.screens[shot.screen_id]
        color = bytes.fromhex(str(screen.get("backgroundColor", "#FFFFFF")).removeprefix("#"))
        yield Picture(shot, _png(shot.width * shot.scale, shot.height * shot.scale, color))


def _png(width: int, height: int, color: bytes) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress((b"\0" + color * width) * height)
    chunks = ((b"IHDR", head), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


SPEC = ScreenPainterSpec("One color", paint)
"""What the hook `miniprogram_screen_painters` returns in a list."""
