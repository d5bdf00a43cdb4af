"""Samples in the documentation are run, and every command they show exists."""

from __future__ import annotations

import os
import re
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from miniprogram.cli.framework.parsing.command_line import load_command
from miniprogram.plugins.registry import Registry

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted(path for folder in ("core", "plugins/*") for path in ROOT.glob(f"{folder}/README.md")),
]
FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<body>.*?)^```", re.MULTILINE | re.DOTALL)
INFO = re.compile(r"(\w+)=('[^']*'|\S+)")


class Sample(NamedTuple):
    language: str
    marks: dict[str, str]
    body: str


def samples(page: Path) -> Iterator[Sample]:
    for match in FENCE.finditer(page.read_text("utf-8")):
        language, _, info = match["info"].partition(" ")
        yield Sample(language, {key: value.strip("'") for key, value in INFO.findall(info)}, match["body"])


def commands(sample: Sample) -> list[str]:
    return [line[2:] for line in sample.body.splitlines() if line.startswith("$ ")]


class Reader:
    """Follows a page from its top: runs its commands, writes its files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        home = folder / "home"
        home.mkdir()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = str(probe.getsockname()[1])
        identity = {
            f"GIT_{who}_{what}": "reader@example.com"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        }
        self.environ = {**os.environ, **identity, "HOME": str(home), "GIT_CONFIG_GLOBAL": "/dev/null"}

    def follow(self, sample: Sample) -> None:
        if sample.language in ("python", "html") and "file" in sample.marks:
            (self.folder / sample.marks["file"]).write_text(sample.body)
        if sample.language != "console":
            return
        if sample.marks.get("setup") == "pages":
            self.make_pages()
        if "replace" in sample.marks:
            path = self.folder / sample.marks["file"]
            path.write_text(path.read_text().replace(sample.marks["replace"], sample.marks["with"]))
        for command in commands(sample):
            self.run(command)

    def run(self, command: str) -> None:
        words = shlex.split(command)
        if words[0] == "cd":
            self.folder = (self.folder / words[1]).resolve()
            return
        if words[:3] == ["miniprogram", "backend", "start"]:
            words += ["--port", self.port]  # the default one may be taken on this machine
        argv = [sys.executable, "-m", *words]
        done = subprocess.run(argv, cwd=self.folder, env=self.environ, capture_output=True, text=True)
        assert done.returncode == (0 if "status" not in words else done.returncode), (
            command,
            done.stdout,
            done.stderr,
        )
        assert "Traceback" not in done.stderr, (command, done.stderr)

    def make_pages(self) -> None:
        for argv in (
            ["init", "-q", "--bare", "-b", "main", "pages.git"],
            ["clone", "-q", "pages.git", "our-pages"],
        ):
            subprocess.run(
                ["git", *argv], cwd=self.folder.parent, env=self.environ, check=True, capture_output=True
            )

    def leave(self) -> None:
        argv = [sys.executable, "-m", "miniprogram", "backend", "stop"]
        subprocess.run(argv, cwd=self.folder, env=self.environ, check=False, capture_output=True)


@pytest.mark.process
@pytest.mark.parametrize(
    ("page", "heading"),
    [
        ("README.md", "## Five minutes"),
        ("docs/tutorial/first-mini-program.md", "## 1."),
        ("docs/howto/packages.md", "## Pack a version"),
        ("docs/howto/embed-in-a-web-page.md", "## 1."),
    ],
)
def test_a_reader_can_follow_the_page(tmp_path: Path, page: str, heading: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    part = tmp_path / "part.md"
    part.write_text(text[text.index(heading) :])
    reader = Reader(tmp_path)
    try:
        for sample in samples(part):
            reader.follow(sample)
    finally:
        reader.leave()


def shown_commands() -> Iterator[object]:
    for page in PAGES:
        if page.name == "write-a-plugin.md":
            continue  # its commands are the example plugin's, which has tests of its own
        for sample in samples(page):
            if sample.language == "console":
                for command in commands(sample):
                    if command.startswith("miniprogram "):
                        yield pytest.param(command, id=f"{page.relative_to(ROOT)}: {command}"[:120])


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.discover(cwd=Path("/"), environ={})


@pytest.mark.parametrize("command", list(shown_commands()))
def test_every_command_shown_exists_with_its_options(command: str, registry: Registry) -> None:
    words = shlex.split(re.split(r" [|>] ", command, maxsplit=1)[0], comments=True)[1:]
    if words and words[0] in ("--help", "--version", "help"):
        return
    specs = {spec.path: spec for spec in registry.commands()}
    path = next((tuple(words[:size]) for size in range(len(words), 0, -1) if tuple(words[:size]) in specs), None)
    groups = {spec.path[:size] for spec in registry.commands() for size in range(1, len(spec.path))}
    if path is None and tuple(word for word in words if not word.startswith("-")) in groups:
        return
    assert path is not None, f"there is no command like {command!r}"
    accepted = {
        word
        for parameter in load_command(specs[path], lambda: registry).params
        for word in (*parameter.opts, *parameter.secondary_opts)
    } | {"--help", "-h"}
    for word in words[len(path) :]:
        if word.startswith("--"):
            assert word.partition("=")[0] in accepted, command
