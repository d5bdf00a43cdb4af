"""C1–C4: how long the command line takes to start, against bare Python.

All workspace distributions are installed; 300 more are laid beside them as plain `dist-info` folders.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

from interleaved import ratio, show

MINIPROGRAM = str(Path(sys.executable).parent / "miniprogram")
DISTRIBUTIONS = 300


def main() -> None:
    floor = [sys.executable, "-c", "pass"]
    with tempfile.TemporaryDirectory() as folder:
        environ = surroundings(Path(folder))
        os.chdir(Path(folder) / "program")
        for name, arguments, goal in FIGURES:
            show(name, ratio([MINIPROGRAM, *arguments], floor, environ=environ), goal)


FIGURES = [
    ("C1 --version", ["--version"], "<= 1.3"),
    ("C2 --help", ["--help"], "<= 1.5"),
    ("C3 capabilities --json", ["capabilities", "--json"], "<= 3"),
    ("C4 publisher-backend urls", ["publisher-backend", "urls"], "<= 8"),
    ("C4 backend --help", ["backend", "--help"], "<= 8"),
    ("C4 publish --help", ["publish", "--help"], "<= 15"),
    ("C4 backend status --json", ["backend", "status", "--json"], "<= 15"),
    ("C4 env status --json", ["env", "status", "--json"], "<= 15"),
    ("C4 workflow status --json", ["workflow", "status", "--json"], "<= 15"),
]


def surroundings(folder: Path) -> dict[str, str]:
    """An environment with many distributions, a HOME of its own and a built mini-program to look at."""
    site = folder / "site"
    for number in range(DISTRIBUTIONS):
        info = site / f"filler_{number}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: filler-{number}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[console_scripts]\nfiller{number} = filler{number}:main\n")
    program = folder / "program"
    screens = program / "stac" / ".build" / "screens"
    screens.mkdir(parents=True)
    (screens / "shop_home.json").write_text('{"type": "center"}')
    manifest = {"id": "shop", "version": "1.0.0", "entry": "shop_home", "contractVersion": "1.0.0"}
    manifest |= {"sdkVersionRange": "any", "requiredCapabilities": []}
    (program / "manifest.json").write_text(json.dumps(manifest))
    (folder / "home").mkdir()
    cached = {"PYTHONPYCACHEPREFIX": str(folder / "bytecode")}  # an installed program has its bytecode at hand
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**environ, **cached, "HOME": str(folder / "home"), "PYTHONPATH": str(site)}


if __name__ == "__main__":
    main()
