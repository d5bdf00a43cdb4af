"""Names the changelog fragments that a release would lose or misread.

Usage: check_changelog.py [FOLDER]
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\.(?P<kind>[a-z]+)\.md")


def main() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["towncrier"]
    kinds = [kind["directory"] for kind in settings["type"]]
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / settings["directory"]
    fragments = sorted(path for path in folder.iterdir() if path.name not in settings["ignore"])
    found = [f"{path}: {fault}" for path in fragments for fault in faults(path, kinds)]
    print(*found, sep="\n", end="\n" if found else "")
    sys.exit(bool(found))


def faults(path: Path, kinds: list[str]) -> Iterator[str]:
    name = NAME.fullmatch(path.name)
    if name is None or name["kind"] not in kinds:
        yield f"name it SUBJECT.KIND.md, where KIND is one of {', '.join(kinds)}"
        return
    text = path.read_text("utf-8")
    if not text.strip():
        yield "it says nothing"
    elif re.match(r"\s*([-*#>|]|\d+\.)\s", text):
        yield "begin with a sentence: a release makes the heading and the list"


if __name__ == "__main__":
    main()
