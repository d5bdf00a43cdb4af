"""From which commit something is built, and everything that makes that a lie."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from miniprogram.attestations.source_revision import SourceRevision, source_revision

ENVIRON = {
    "PATH": os.environ["PATH"],
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_SYSTEM": "/dev/null",
    **{f"GIT_{who}_{what}": "ana@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, env=ENVIRON, capture_output=True, check=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A mini-program two folders deep in a repository, everything committed."""
    folder = tmp_path / "apps" / "shop"
    (folder / "stac" / "screens").mkdir(parents=True)
    (folder / "manifest.json").write_text("{}")
    (folder / "stac" / "screens" / "home.json").write_text("{}")
    (tmp_path / ".gitignore").write_text("secret.json\n__pycache__/\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "all")
    return folder


def seen(folder: Path) -> SourceRevision:
    found = source_revision(folder, ENVIRON)
    assert found is not None
    return found


def test_a_clean_tree_is_told_with_its_commit_and_folder(shop: Path) -> None:
    commit = git(shop, "rev-parse", "HEAD")
    assert seen(shop) == SourceRevision(commit, dirty=False, repository=None, folder="apps/shop")


def _staged(shop: Path) -> None:
    (shop / "manifest.json").write_text("[]")
    git(shop, "add", "-A")


@pytest.mark.parametrize(
    "change",
    [
        lambda shop: (shop / "manifest.json").write_text("[]"),
        lambda shop: (shop / "manifest.json").unlink(),
        _staged,
        lambda shop: (shop / "stac" / "new.json").write_text("{}"),
        lambda shop: (shop / "stac" / "secret.json").write_text("{}"),
        lambda shop: (shop.parent.parent / "shared.py").write_text(""),
    ],
    ids=["changed", "deleted", "staged", "new", "new and ignored by git", "beside the mini-program"],
)
def test_what_is_not_committed_is_told(shop: Path, change: Callable[[Path], object]) -> None:
    change(shop)
    assert seen(shop).dirty


def test_what_this_tool_writes_is_no_change(shop: Path) -> None:
    for written in ("stac/.build/home.json", "stac/screens/__pycache__/home.pyc", "../.mini_program/env.json"):
        (shop / written).parent.mkdir(parents=True, exist_ok=True)
        (shop / written).write_text("x")
    assert not seen(shop).dirty


@pytest.mark.parametrize(
    ("origin", "told"),
    [
        ("https://ana:hunter2@git.example.com/a/b.git?token=hunter2", "https://git.example.com/a/b.git"),
        ("https://git.example.com/a/b.git", "https://git.example.com/a/b.git"),
        ("git@git.example.com:a/b.git", "ssh://git.example.com/a/b.git"),
        ("ssh://git@git.example.com:22/a/b.git", "ssh://git.example.com:22/a/b.git"),
        ("/home/ana/secret-project", None),
        ("file:///home/ana/secret-project", None),
    ],
)
def test_the_address_of_the_repository_holds_no_secret(shop: Path, origin: str, told: str | None) -> None:
    git(shop, "remote", "add", "origin", origin)
    assert seen(shop).repository == told


def test_where_git_knows_no_commit_nothing_is_told(tmp_path: Path) -> None:
    assert source_revision(tmp_path, {**ENVIRON, "GIT_CEILING_DIRECTORIES": str(tmp_path)}) is None
    git(tmp_path, "init", "-q")
    assert source_revision(tmp_path, ENVIRON) is None


def test_where_there_is_no_git_nothing_is_told(shop: Path) -> None:
    assert source_revision(shop, {"PATH": "/nowhere"}) is None
