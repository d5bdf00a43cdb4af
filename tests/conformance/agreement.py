"""Layout cases, what real Flutter did with them, and how the browser runtime's answer differs.

`layout/*.json` hold the cases: a tree, and `expected` as `oracle/record.py` wrote it down. Nothing here needs
Flutter.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import ceil, floor
from pathlib import Path
from typing import Any

from miniprogram_web.node import run_node
from testbed import servers

HERE = Path(__file__).parent
LAYOUT = HERE / "layout"
PIXELS = 0.05
"""Recorded positions are doubles, rounded to a ten-thousandth."""
PAINTED_PIXELS = 1
EDGE = 0.02
"""A pixel counts as covered whole when no more than this is missing."""

Boxes = Mapping[str, list[float]]


@dataclass(frozen=True)
class Case:
    family: str
    name: str
    tree: Mapping[str, Any]
    platforms: tuple[str, ...]
    expected: Mapping[str, Any]
    answer: Mapping[str, Any]
    """What the runtime says: boxes, overflow, painted, diagnostics, milliseconds."""

    @property
    def id(self) -> str:
        return f"{self.family}/{self.name}"


def known_differences() -> dict[str, dict[str, str]]:
    """`layout` and `painted`: id of a case -> why it is elsewhere than in Flutter."""
    found: dict[str, dict[str, str]] = json.loads((HERE / "known_differences.json").read_text("utf-8"))
    return found


def families() -> list[str]:
    return sorted(path.stem for path in LAYOUT.glob("*.json"))


@cache
def cases_of(family: str) -> tuple[Case, ...]:
    """The cases of one file with the runtime's answers."""
    path = LAYOUT / f"{family}.json"
    text = path.read_text("utf-8")
    document = json.loads(text)
    answers = json.loads(run_layout(text))
    standard = tuple(document["platforms"])
    return tuple(
        Case(family, name, case["tree"], tuple(case.get("platforms", standard)), case["expected"], answers[name])
        for name, case in document["cases"].items()
    )


def run_layout(cases: str) -> str:
    """The answer of `layout_boxes.mjs` to a document of cases."""
    return run_node(Path(servers.node()), HERE / "layout_boxes.mjs", stdin=cases, timeout_s=60)


def differences(case: Case) -> list[str]:
    """Sentences about what is elsewhere than in Flutter."""
    return [
        *_boxes(in_view(case.tree, case.expected["boxes"]), case.answer["boxes"]),
        *_overflow(case.expected.get("overflow", {}), case.answer["overflow"]),
        *_visible(case),
    ]


def in_view(tree: Any, boxes: Boxes) -> Boxes:
    """Without what lies outside a view of slivers: Flutter places that once it is scrolled to."""
    outside = set(_outside(tree, "$", boxes, None))
    return {path: box for path, box in boxes.items() if path not in outside}


def _outside(node: Any, path: str, boxes: Boxes, view: list[float] | None) -> Iterator[str]:
    if isinstance(node, list):
        for at, each in enumerate(node):
            yield from _outside(each, f"{path}[{at}]", boxes, view)
    elif isinstance(node, dict):
        own = boxes.get(path)
        if own is not None and view is not None and not _overlap(own, view):
            yield path
        inner = (own or view) if node.get("type") == "customScrollView" else view
        for slot, value in node.items():
            yield from _outside(value, f"{path}.{slot}", boxes, inner)


def _overlap(a: list[float], b: list[float]) -> bool:
    return all(a[at] < b[at] + b[at + 2] and b[at] < a[at] + a[at + 2] for at in (0, 1))


def _boxes(wanted: Boxes, got: Boxes) -> Iterator[str]:
    # Flutter builds what is near the visible part of a list; what it did not build was not recorded.
    for path, box in wanted.items():
        own = got.get(path)
        if own is None or any(abs(a - b) > PIXELS for a, b in zip(box, own, strict=True)):
            yield f"{path}: Flutter {box}, here {own}"


def _overflow(wanted: Mapping[str, float], got: Mapping[str, float]) -> Iterator[str]:
    for path in sorted(wanted.keys() | got.keys()):
        if abs(wanted.get(path, 0) - got.get(path, 0)) > PIXELS:
            yield f"{path}: overflows by {wanted.get(path, 0)} in Flutter, by {got.get(path, 0)} here"


def _visible(case: Case) -> Iterator[str]:
    wanted: Boxes | None = case.expected.get("visible")
    if wanted is None:
        return
    got = covered(case.answer["painted"], 400, 300)
    for path in sorted(wanted.keys() | got.keys()):
        box, own = wanted.get(path), got.get(path)
        if box is None or own is None or any(abs(a - b) > PAINTED_PIXELS for a, b in zip(box, own, strict=True)):
            yield f"{path}: {box} can be seen in Flutter, {own} here"


def covered(rectangles: list[list[Any]], width: int, height: int) -> dict[str, list[float]]:
    """What can be seen of rectangles painted one over the other; pixels on a fractional edge belong to nobody."""
    owner: list[list[str | None]] = [[None] * width for _ in range(height)]
    for name, x, y, w, h in rectangles:
        left, right = max(0, ceil(x - EDGE)), min(width, floor(x + w + EDGE))
        blurred_left, blurred_right = max(0, floor(x + EDGE)), min(width, ceil(x + w - EDGE))
        for row in range(max(0, floor(y + EDGE)), min(height, ceil(y + h - EDGE))):
            owner[row][blurred_left:blurred_right] = [None] * max(0, blurred_right - blurred_left)
            if ceil(y - EDGE) <= row < floor(y + h + EDGE) and right > left:
                owner[row][left:right] = [name] * (right - left)
    found: dict[str, list[float]] = {}
    for y, line in enumerate(owner):
        for name in {each for each in line if each is not None}:
            left, right = line.index(name), width - 1 - line[::-1].index(name)
            x0, y0, w0, _ = found.get(name, [left, y, right - left + 1, 0])
            x1, x2 = min(x0, left), max(x0 + w0 - 1, right)
            found[name] = [x1, y0, x2 - x1 + 1, y - y0 + 1]
    return found
