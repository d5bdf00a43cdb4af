"""Building 2,000 JSON screens, against reading, parsing and writing the same files without looking at them.

Half of what a build of JSON screens does is that floor: no check can be cheaper than it.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from interleaved import show

from miniprogram.builtin import miniprogram_screen_sources
from miniprogram.project.build import build_program
from miniprogram.project.location import ProgramLocation

SCREENS, LINES, ROUNDS = 2000, 8, 5
MANIFEST = {
    "id": "shop",
    "version": "1.0.0",
    "entry": "screen_0",
    "contractVersion": "1.0.0",
    "sdkVersionRange": ">=1.0.0 <2.0.0",
    "requiredCapabilities": ["analytics"],
}
INSETS = {"left": 24, "top": 0, "right": 24, "bottom": 0}


def main() -> None:
    sources = {spec.suffix: spec for spec in miniprogram_screen_sources()}
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "program"
        make_program(program)
        location = ProgramLocation(program, "shop")
        files = sorted((program / "stac" / "screens").iterdir())
        ratios = []
        for number in range(ROUNDS):
            copied = seconds(partial(read_and_write, files, Path(folder) / f"copy-{number}"))
            elsewhere = replace(location, build_dir=Path(folder) / f"build-{number}")
            ratios.append(seconds(partial(build_program, elsewhere, sources=sources)) / copied)
    show("build 2,000 JSON screens / read, parse, write", statistics.median(ratios), "<= 2.0", "processor time")


def seconds(work: Callable[[], object]) -> float:
    """Of processor time, which a shared machine changes least."""
    start = time.process_time()
    work()
    return time.process_time() - start


def read_and_write(files: list[Path], copy: Path) -> None:
    copy.mkdir()
    for file in files:
        text = json.dumps(json.loads(file.read_bytes()), indent=2, ensure_ascii=False)
        (copy / file.name).write_bytes(text.encode())


def make_program(folder: Path) -> None:
    screens = folder / "stac" / "screens"
    screens.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps(MANIFEST))
    for number in range(SCREENS):
        (screens / f"screen_{number}.json").write_text(json.dumps(screen(number), indent=2))


def screen(number: int) -> dict[str, Any]:
    """Fifty nodes, as a page of an app has them, with a link to the next one."""
    rows = [node for line in range(LINES) for node in row(line)]
    go = {
        "actionType": "miniProgramNavigation",
        "action": "openMiniProgramScreen",
        "requestId": "go",
        "payload": {"screenId": f"screen_{(number + 1) % SCREENS}"},
    }
    button = {"type": "filledButton", "child": text("Go"), "onPressed": go}
    column = {"type": "column", "crossAxisAlignment": "stretch", "children": [*rows, button]}
    return {
        "type": "scaffold",
        "appBar": {"type": "appBar", "title": text(f"Screen {number}")},
        "body": {"type": "singleChildScrollView", "padding": INSETS, "child": column},
    }


def row(line: int) -> list[dict[str, Any]]:
    card = {"type": "card", "child": {"type": "padding", "padding": 16, "child": text("Read on")}}
    return [{"type": "sizedBox", "height": 24}, {**text(f"Line {line}"), "style": "headlineSmall"}, card]


def text(data: str) -> dict[str, Any]:
    return {"type": "text", "data": data}


if __name__ == "__main__":
    main()
