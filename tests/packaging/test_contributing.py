"""What contributors run: hooks before a commit fetch nothing, and every target that is named exists."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
TARGETS = set(re.findall(r"^([a-z][\w-]*):(?!=)", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
HOOKS = [
    (repository["repo"], hook)
    for repository in yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    for hook in repository["hooks"]
]
PAGES = [*sorted(ROOT.glob("[A-Z]*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize(("repository", "hook"), HOOKS, ids=[hook["id"] for _, hook in HOOKS])
def test_hooks_run_what_is_installed(repository: str, hook: dict[str, object]) -> None:
    words = shlex.split(str(hook["entry"]))
    assert (repository, hook["language"]) == ("local", "system")
    if words[0] == "make":
        assert words[-1] in TARGETS
    else:
        assert (ROOT / words[0]).exists() or not (ROOT / ".venv").exists()
        assert all((ROOT / word).exists() for word in words[1:] if word.endswith(".py"))


def test_the_hooks_are_what_make_checks() -> None:
    assert {"ruff-check", "ruff-format", "mypy", "boundaries", "reference", "changelog"} == {
        hook["id"] for _, hook in HOOKS
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_target_that_is_named_exists(page: Path) -> None:
    named = re.findall(r"(?:`|\$ )make ((?:[a-z-]+ ?)+)", page.read_text("utf-8"))
    assert {word for each in named for word in each.split()} <= TARGETS


def test_without_make_everything_is_installed_too() -> None:
    plugins = {path.parent.relative_to(ROOT).as_posix() for path in ROOT.glob("plugins/*/pyproject.toml")}
    assert set(re.findall(r"-e (\S+)", (ROOT / "README.md").read_text("utf-8"))) == {"core", *plugins}
