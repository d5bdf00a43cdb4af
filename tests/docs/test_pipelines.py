"""The pipelines of docs/howto/pipelines.md: each is well-formed, and each of its commands is run."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from miniprogram.testing import write_program

pytestmark = pytest.mark.slow

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "pipelines.md"
FENCE = re.compile(r"^```(?:yaml|groovy) pipeline=(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
PIPELINES = dict(FENCE.findall(PAGE.read_text("utf-8")))
TOOL = "python3 miniprogram.pyz "


def shell_lines(name: str) -> list[str]:
    """The lines of shell in a pipeline, in the order they are written."""
    text = PIPELINES[name]
    if name == "jenkins":
        return re.findall(r"\bsh '([^']*)'", text)
    return [line.strip() for script in scripts(yaml.safe_load(text)) for line in script.splitlines()]


def scripts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            if key in ("run", "script", "before_script"):
                yield from [each] if isinstance(each, str) else each
            else:
                yield from scripts(each)
    elif isinstance(value, list):
        for each in value:
            yield from scripts(each)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A checkout: a mini-program, and environments that folders stand for."""
    folder = write_program(tmp_path / "checkout")
    for line in (
        "env init",
        "env configure staging --provider filesystem --store ../staging",
        "env configure production --provider filesystem --store ../production",
    ):
        done = tool(folder, line.split())
        assert done.returncode == 0, done.stderr
    return folder


def tool(folder: Path, words: list[str], **environ: str) -> subprocess.CompletedProcess[str]:
    """Run it as a container does: without HOME, without a terminal."""
    return subprocess.run(
        [sys.executable, "-m", "miniprogram", *words],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "CI": "true", **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


def test_there_are_three() -> None:
    assert set(PIPELINES) == {"github", "gitlab", "jenkins"}


@pytest.mark.parametrize("name", ["github", "gitlab", "jenkins"])
def test_every_command_runs_as_it_is_written(name: str, project: Path) -> None:
    lines = [line.removeprefix(TOOL) for line in shell_lines(name) if line.startswith(TOOL)]
    variables = {"TARGET": ("staging", "production")}
    published = []
    for line in lines:
        for value in variables["TARGET"] if "$TARGET" in line else ("",):
            words = shlex.split(line.replace("$TARGET", value))
            done = tool(project, words, MINIPROGRAM_ACTOR="ci")

            assert (done.returncode, done.stderr) == (0, ""), (line, done.stdout)
            if "--json" in words:
                published.append(json.loads(done.stdout)["environmentName"])
    assert set(published) == {"staging", "production"}
    assert {word for line in lines for word in line.split()} >= {"validate", "--dry-run", "--base-url"}


@pytest.mark.parametrize("name", ["github", "gitlab", "jenkins"])
def test_the_tool_is_pinned_before_it_is_run(name: str) -> None:
    lines = shell_lines(name)
    first = next(number for number, line in enumerate(lines) if line.startswith(TOOL))

    assert any("MINIPROGRAM_SHA256" in line and "sha256sum --check" in line for line in lines[:first])


def test_what_is_committed_is_enough(project: Path, tmp_path: Path) -> None:
    """A fresh clone, in another folder, without what git ignores."""
    subprocess.run(["git", "init", "-q", "."], cwd=project, check=True)
    subprocess.run(["git", "add", "-A"], cwd=project, check=True)
    (tmp_path / "other").mkdir()
    clone = tmp_path / "other" / "clone"
    subprocess.run(["git", "checkout-index", "-a", f"--prefix={clone}/"], cwd=project, check=True)

    done = tool(clone, ["publish", "--target", "cloud", "--env", "staging", "--json"])

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["location"] == str(tmp_path / "other" / "staging")
    assert sorted(path.name for path in (clone / ".mini_program").iterdir() if path.suffix == ".json") == [
        "env.json"
    ]
