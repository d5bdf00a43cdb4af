"""Where two pictures differ, as a few rectangles that a person can look at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from miniprogram.pictures.png import PixelRows

TILE = 8
"""Pixels. Differences are gathered in tiles; tiles that touch, or nearly do, make one area."""
REACH = 2
"""Tiles between two that still count as one area."""
TOLERANCE = 2
"""Steps of 255 that a channel may differ: what two machines round in different ways is no change."""


class Area(NamedTuple):
    """A rectangle in pixels of the picture."""

    left: int
    top: int
    width: int
    height: int


def changed_areas(old: PixelRows, new: PixelRows) -> list[Area]:
    """The areas in which they differ, from the top. What only one of them has differs."""
    tiles = {(x // TILE, y // TILE) for x, y in _changed_pixels(old, new)}
    width, height = max(old.width, new.width), max(old.height, new.height)
    areas = []
    while tiles:
        group = _take_group(tiles)
        left, right = min(x for x, _ in group) * TILE, (max(x for x, _ in group) + 1) * TILE
        top, bottom = min(y for _, y in group) * TILE, (max(y for _, y in group) + 1) * TILE
        areas.append(Area(left, top, min(right, width) - left, min(bottom, height) - top))
    return sorted(_merged(areas), key=lambda area: (area.top, area.left))


def _changed_pixels(old: PixelRows, new: PixelRows) -> Iterator[tuple[int, int]]:
    """Pixels that differ; of a row that only one picture has, one pixel a tile."""
    shared_width, width = min(old.width, new.width), max(old.width, new.width)
    for y in range(max(old.height, new.height)):
        if y >= min(old.height, new.height):
            yield from ((x, y) for x in range(0, width, TILE))
            continue
        yield from ((x, y) for x in range(shared_width, width, TILE))
        before, after = old.rows[y], new.rows[y]
        if before == after and old.bytes_per_pixel == new.bytes_per_pixel:
            continue
        for x in range(shared_width):
            if _differs(_pixel(old, before, x), _pixel(new, after, x)):
                yield x, y


def _pixel(picture: PixelRows, row: bytes, x: int) -> bytes:
    size = picture.bytes_per_pixel
    pixel = row[x * size : (x + 1) * size]
    if size < 3:
        pixel = pixel[:1] * 3 + pixel[1:]
    return pixel if len(pixel) == 4 else pixel + b"\xff"


def _differs(one: bytes, other: bytes) -> bool:
    return one != other and any(abs(a - b) > TOLERANCE for a, b in zip(one, other, strict=True))


def _take_group(tiles: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Remove a tile from `tiles` with all that are near it, or near those."""
    group = [tiles.pop()]
    for x, y in group:
        near = {(x + dx, y + dy) for dx in range(-REACH, REACH + 1) for dy in range(-REACH, REACH + 1)} & tiles
        tiles -= near
        group.extend(near)
    return group


def _merged(areas: list[Area]) -> list[Area]:
    """Areas that overlap as one."""
    done: list[Area] = []
    for area in areas:
        merged = area
        while other := next((each for each in done if _overlap(each, merged)), None):
            done.remove(other)
            left, top = min(merged.left, other.left), min(merged.top, other.top)
            right = max(merged.left + merged.width, other.left + other.width)
            bottom = max(merged.top + merged.height, other.top + other.height)
            merged = Area(left, top, right - left, bottom - top)
        done.append(merged)
    return done


def _overlap(one: Area, other: Area) -> bool:
    return (
        one.left < other.left + other.width
        and other.left < one.left + one.width
        and one.top < other.top + other.height
        and other.top < one.top + one.height
    )
