"""Git that cannot answer is no git that says no: whatever is not known refuses, and nothing is published."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from miniprogram.errors import MiniProgramError, PublishError
from miniprogram.seams.publish_target import TargetContext
from miniprogram.testing.samples import sample_release
from miniprogram_github_pages.target import PagesTarget
from plugins.github_pages.git_stand_ins import failing_git

pytestmark = pytest.mark.process


Make = Callable[..., PagesTarget]


@pytest.fixture
def program(context: TargetContext, git: Any) -> Path:
    """The mini-program in a clone of its own, with one change that is not committed."""
    folder = context.program_root
    git(folder, "init", "-q", ".")
    (folder / "manifest.json").write_text("{}")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "Start")
    return folder


COMMANDS = [
    *("rev-parse", "read-tree", "check-ignore", "ls-files", "status", "config", "remote", "ls-remote", "fetch"),
    *("cat-file", "fast-import", "mktree", "commit-tree", "push"),
]


@pytest.mark.parametrize("command", COMMANDS)
def test_git_that_cannot_answer_is_no_git_that_says_no(
    target: Make, tmp_path: Path, program: Path, branch_file: Any, rival: Any, command: str
) -> None:
    (program / ".gitignore").write_text("*\n")
    rival(sample_release())
    environ = failing_git(tmp_path / "bin", f'[ "$command" = {command} ]')
    with pytest.raises(MiniProgramError, match="the disk is on fire"):
        target(environ=environ).publish(sample_release(version="1.1.0"))
    assert b"1.0.0" in branch_file("manifests/shop/latest.json")


QUESTIONS = ["--git-dir", "--show-object-format", "HEAD^{commit}", "--show-prefix", "--get-regexp"]


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_question_that_fails_refuses(
    target: Make, tmp_path: Path, program: Path, branch_file: Any, question: str
) -> None:
    environ = failing_git(tmp_path / "bin", f"case \"$*\" in (*'{question}'*) true;; (*) false;; esac")
    with pytest.raises(MiniProgramError, match="the disk is on fire"):
        target(environ=environ).publish(sample_release())
    assert branch_file("manifests/shop/latest.json") is None


@pytest.mark.parametrize("which", ["repo", "program"])
def test_a_clone_of_somebody_else_is_no_missing_clone(
    target: Make, clone: Path, program: Path, branch_file: Any, which: str
) -> None:
    (program / "manifest.json").write_text("changed")
    foreign = clone if which == "repo" else program
    shutil.chown(foreign, 12345, 12345)
    shutil.chown(foreign / ".git", 12345, 12345)
    with pytest.raises(PublishError, match=r"cannot be told.*dubious ownership"):
        target(allow_dirty=which == "repo").publish(sample_release())
    assert branch_file("manifests/shop/latest.json") is None


def _without_head(folder: Path) -> None:
    (folder / ".git" / "HEAD").unlink()


def _points_nowhere(folder: Path) -> None:
    shutil.rmtree(folder / ".git")
    (folder / ".git").write_text("gitdir: /nowhere/at/all\n")


def _of_the_future(folder: Path) -> None:
    with (folder / ".git" / "config").open("a") as file:
        file.write("[core]\n\trepositoryformatversion = 99\n")


def _broken_settings(folder: Path) -> None:
    (folder / ".git" / "config").write_text("[core\n")


def _dangling(folder: Path) -> None:
    shutil.rmtree(folder / ".git")
    (folder / ".git").symlink_to("/nowhere/at/all")


DAMAGE = [_without_head, _points_nowhere, _of_the_future, _broken_settings, _dangling]


@pytest.mark.parametrize("damage", DAMAGE, ids=[each.__name__.strip("_") for each in DAMAGE])
@pytest.mark.parametrize("which", ["repo", "program"])
def test_a_clone_that_git_does_not_read_is_no_missing_clone(
    target: Make, clone: Path, program: Path, branch_file: Any, which: str, damage: Callable[[Path], None]
) -> None:
    (program / "manifest.json").write_text("changed")
    damage(clone if which == "repo" else program)
    with pytest.raises(PublishError) as failure:
        target(allow_dirty=which == "repo").publish(sample_release())
    assert "cannot be told" in str(failure.value)
    assert "not in a git clone" not in str(failure.value)
    assert branch_file("manifests/shop/latest.json") is None
