"""Changes that are not committed are found, however a clone is set up to hide them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from miniprogram.errors import PublishError
from miniprogram.seams.publish_target import TargetContext
from miniprogram.testing.samples import PNG, sample_release
from miniprogram_github_pages.target import PagesTarget

pytestmark = pytest.mark.process

Make = Callable[..., PagesTarget]

RELEASE = sample_release(assets={"logo.png": PNG})


@pytest.fixture
def program(context: TargetContext, git: Any) -> Path:
    """A committed mini-program in `shop/` of a clone, with a neighbour."""
    folder = context.program_root
    for name in ("manifest.json", "stac/home.json", "assets/logo.png", "neighbour.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("{}")
    git(folder, "init", "-q", ".")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "Start")
    return folder


def test_a_committed_program_is_clean(target: Make, program: Path) -> None:
    assert target().publish(RELEASE).changed


HIDING: dict[str, tuple[str, ...]] = {
    "nothing": ("config", "core.abbrev", "8"),
    "assumed unchanged": ("update-index", "--assume-unchanged", "manifest.json"),
    "skipped": ("update-index", "--skip-worktree", "manifest.json"),
    "staged": ("add", "manifest.json"),
    "untracked files not shown": ("config", "status.showUntrackedFiles", "no"),
    "a monitor that sees nothing": ("config", "core.fsmonitor", "/bin/true"),
    "stat ignored": ("config", "core.ignoreStat", "true"),
    "short status": ("config", "status.short", "true"),
    "renames": ("config", "status.renames", "copies"),
    "sparse": ("config", "core.sparseCheckout", "true"),
    "expected outside": ("config", "sparse.expectFilesOutsideOfPatterns", "true"),
    "relative": ("config", "status.relativePaths", "false"),
    "coloured": ("config", "color.status", "always"),
}


@pytest.mark.parametrize("command", HIDING.values(), ids=HIDING.keys())
def test_no_setting_of_the_clone_hides_a_change(
    target: Make, program: Path, branch_file: Any, git: Any, command: tuple[str, ...]
) -> None:
    if command[0] == "add":
        (program / "manifest.json").write_text('{"changed": 1}')
    git(program, *command)
    (program / "manifest.json").write_text('{"changed": 1}')
    before = (program / ".git" / "index").read_bytes()
    with pytest.raises(PublishError, match=r"uncommitted changes: manifest\.json$"):
        target().publish(RELEASE)
    assert branch_file("manifests/shop/latest.json") is None
    assert (program / ".git" / "index").read_bytes() == before
    assert list((program / ".git").glob("sharedindex*")) == []


@pytest.mark.parametrize("name", ["stac/new.py", "new.txt", "assets/more.png"])
def test_a_new_file_is_a_change(target: Make, program: Path, name: str, git: Any) -> None:
    git(program, "config", "status.showUntrackedFiles", "no")
    (program / name).write_text("new")
    with pytest.raises(PublishError, match=f"uncommitted changes: {name}$"):
        target().publish(RELEASE)


@pytest.mark.parametrize("how", ["exclude", "excludesFile"])
@pytest.mark.parametrize("name", ["stac/new.py", "assets/logo.png"])
def test_ignore_rules_of_ones_own_hide_no_source(
    target: Make, program: Path, git: Any, tmp_path: Path, name: str, how: str
) -> None:
    git(program, "rm", "-q", "--cached", "--ignore-unmatch", name)
    git(program, "commit", "-q", "--allow-empty", "-m", "Gone")
    (program / name).write_text("new")
    rules = "*.py\n*.png\n*.swp\n.build\n"
    if how == "exclude":
        (program / ".git/info/exclude").write_text(rules)
    else:
        (tmp_path / "ignore").write_text(rules)
        git(program, "config", "core.excludesFile", str(tmp_path / "ignore"))
    with pytest.raises(PublishError, match=f"uncommitted changes: {name}$"):
        target().publish(RELEASE)


def test_ignored_files_that_are_not_published_are_no_changes(target: Make, program: Path, git: Any) -> None:
    (program / ".git/info/exclude").write_text("*.swp\n.build\n__pycache__\nnotes.py\n*.psd\n")
    for name in (
        "stac/.home.json.swp",
        "stac/.build/home.json",
        "stac/__pycache__/x.py",
        "notes.py",
        "assets/a.psd",
    ):
        (program / name).parent.mkdir(exist_ok=True)
        (program / name).write_text("mine")
    assert target().publish(RELEASE).changed


def test_a_program_the_clone_ignores_has_no_history(target: Make, program: Path, git: Any) -> None:
    outer = program.parent
    git(outer, "init", "-q", ".")
    (outer / ".gitignore").write_text("program/\n")
    for path in sorted((program / ".git").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    (program / ".git").rmdir()
    assert target().publish(RELEASE).changed

    git(outer, "add", "--force", "program/manifest.json")
    git(outer, "commit", "-q", "-m", "Kept all the same")
    (program / "manifest.json").write_text("changed")
    with pytest.raises(PublishError, match=r"uncommitted changes: manifest\.json$"):
        target().publish(sample_release(version="1.1.0"))


def test_a_sparse_checkout_is_no_change(target: Make, program: Path, git: Any) -> None:
    (program / "elsewhere").mkdir()
    (program / "elsewhere" / "big").write_text("big")
    git(program, "add", ".")
    git(program, "commit", "-q", "-m", "Big")
    git(program, "sparse-checkout", "set", "--cone", "--sparse-index", "stac", "assets")
    assert not (program / "elsewhere").exists()
    assert target().publish(RELEASE).changed


def test_bytes_as_they_are_committed_are_no_change(target: Make, program: Path, git: Any) -> None:
    """git itself would store the file with other line ends next time, and calls it modified or not by its age."""
    (program / "manifest.json").write_bytes(b"{\r\n}\r\n")
    git(program, "commit", "-q", "-a", "-m", "Windows")
    (program / ".gitattributes").write_text("*.json text\n")
    git(program, "add", ".gitattributes")
    git(program, "commit", "-q", "-m", "Attributes")
    (program / "manifest.json").touch()
    assert target().publish(RELEASE).changed
    (program / "manifest.json").write_bytes(b"{\r\n\r\n}\r\n")
    with pytest.raises(PublishError, match=r"uncommitted changes: manifest\.json$"):
        target().publish(sample_release(version="1.1.0"))


def test_before_the_first_commit_everything_is_a_change(target: Make, context: TargetContext, git: Any) -> None:
    (context.program_root / "manifest.json").write_text("{}")
    git(context.program_root, "init", "-q", ".")
    git(context.program_root, "add", ".")
    with pytest.raises(PublishError, match=r"uncommitted changes: manifest\.json$"):
        target().publish(RELEASE)


def test_changes_elsewhere_in_the_clone_do_not_count(
    target: Make, context: TargetContext, program: Path, git: Any
) -> None:
    nested = program / "shop"
    nested.mkdir()
    (nested / "manifest.json").write_text("{}")
    git(program, "add", ".")
    git(program, "commit", "-q", "-m", "Nested")
    (program / "neighbour.txt").write_text("changed")
    target_in_shop = PagesTarget(
        target()._settings, TargetContext(context.cwd, context.home, context.environ, nested)
    )
    assert target_in_shop.publish(RELEASE).changed
    (nested / "manifest.json").write_text("changed")
    with pytest.raises(PublishError, match=r"uncommitted changes: manifest\.json$"):
        target_in_shop.publish(sample_release(version="1.1.0"))
