"""The pages of the documentation, their samples, and what a reader has before the first command of a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted(
        path for folder in ("core", "plugins/*", "examples/plugins/*") for path in ROOT.glob(f"{folder}/README.md")
    ),
]
FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<body>.*?)^```", re.MULTILINE | re.DOTALL)
INFO = re.compile(r"(\w+)=('[^']*'|\S+)")
SHELLS = ("console", "sh")


class Command(NamedTuple):
    """A line to type, and what the page shows below it."""

    line: str
    shown: tuple[str, ...]


class Sample(NamedTuple):
    language: str
    marks: dict[str, str]
    body: str

    @property
    def commands(self) -> list[Command]:
        """In the order they are typed; lines that end in a backslash go on. None where no shell is shown."""
        lines = self.body.replace("\\\n", " ").splitlines()
        if self.language == "sh":
            return [Command(line, ()) for line in lines if line.strip() and not line.startswith("#")]
        if self.language != "console":
            return []
        found: list[Command] = []
        for line in lines:
            if line.startswith("$ "):
                found.append(Command(line[2:], ()))
            elif found and line.strip():
                found[-1] = Command(found[-1].line, (*found[-1].shown, line.strip()))
        return found


def samples(text: str) -> Iterator[Sample]:
    for match in FENCE.finditer(text):
        language, _, info = match["info"].partition(" ")
        yield Sample(language, {key: value.strip("'") for key, value in INFO.findall(info)}, match["body"])


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def with_commands() -> dict[str, str]:
    """The text of every page that shows something to type, by its name."""
    texts = {name(page): page.read_text("utf-8") for page in PAGES}
    return {page: text for page, text in texts.items() if any(sample.commands for sample in samples(text))}
