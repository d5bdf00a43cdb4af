"""What Flutter would complain about when it lays a screen out: overflows, missing bounds, sizes without an end."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from miniprogram.seams.screen_check import ScreenRemark
from miniprogram_web.node import RUNTIME, find_node, run_node

PHONE = (360, 640)
"""Logical pixels of a small phone: what overflows there overflows for somebody."""
TIMEOUT_S = 30.0


NOT_OF_LAYOUT = frozenset({"unknown_type"})
"""Codes of what the catalogue's rules say with more knowledge: a host may register the type."""


@dataclass(frozen=True)
class LayoutFinding:
    screen: str
    code: str
    """overflow, unbounded_flex, unbounded_viewport, infinite_size, …: `Diagnostic` in runtime/layout/types.js."""
    path: str
    """JSON path of the node."""
    message: str
    """Flutter's own sentence where Flutter has one."""


def check_layout(screens: Mapping[str, object], size: tuple[int, int] = PHONE) -> list[LayoutFinding]:
    """The findings of all screens (name -> Stac JSON), in their order. Nothing where Node.js is not installed.

    Raises ToolError when Node.js is there and fails.
    """
    node = find_node()
    if node is None or not screens:
        return []
    asked = json.dumps({"screens": screens, "size": size})
    answer = json.loads(
        run_node(node, RUNTIME / "headless" / "layout_check.mjs", stdin=asked, timeout_s=TIMEOUT_S)
    )
    return [
        LayoutFinding(name, found["code"], found["path"], found["message"])
        for name, diagnostics in answer["screens"].items()
        for found in diagnostics
    ]


def layout_remarks(screens: Mapping[str, object]) -> Iterator[ScreenRemark]:
    """What does not fit on a small phone, or has no size, for `validate`. Raises ToolError like `check_layout`."""
    width, height = PHONE
    for found in check_layout(screens):
        if found.code not in NOT_OF_LAYOUT:
            where = f"on a screen of {width} × {height}: "
            yield ScreenRemark(found.screen, f"layout_{found.code}", found.path, where + found.message)
