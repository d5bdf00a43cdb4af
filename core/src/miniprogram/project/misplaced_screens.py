"""Screens in files that only serve others, such as `stac/components/`: they are not built."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from miniprogram.project.findings import BuildFinding

_MARKS = {
    ".py": re.compile(rb"^@(?:[\w.]+\.)?(screen|theme)\b", re.MULTILINE),
    ".json": re.compile(rb"\A\s*\{\s*\"type\"\s*:\s*\"(scaffold)\""),
    ".yaml": re.compile(rb"^type:\s*[\"']?(scaffold)\b", re.MULTILINE),
}
_MARKS[".yml"] = _MARKS[".yaml"]
_MOST_BYTES = 1_000_000
"""Larger files are data, not screens."""


def misplaced_screen(file: Path, name: str) -> Iterator[BuildFinding]:
    """A warning when `file`, which lies outside of the folders of screens and is told as `name`, holds a screen.

    A scaffold is a whole screen; anything less may be data or a part that Python puts together.
    """
    mark = _MARKS.get(file.suffix.lower())
    if mark is None or file.name.startswith("_"):
        return
    try:
        body = file.read_bytes() if file.stat().st_size <= _MOST_BYTES else b""
    except OSError:
        return
    if found := mark.search(body):
        kind = "theme" if found[1] == b"theme" else "screen"
        text = f"the {kind} in this file is not built, because it does not lie where {kind}s do"
        line = body.count(b"\n", 0, found.start(1)) + 1
        where = "stac/themes" if kind == "theme" else "stac/screens"
        yield BuildFinding("warning", "screen_misplaced", name, text, "", f"move it to {where}", line)
