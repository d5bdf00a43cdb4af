"""Any form of clone publishes the same, reads the branch where it lies, and stays as it was."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from miniprogram.errors import MiniProgramError, PublishError
from miniprogram.seams.publish_target import TargetContext
from miniprogram.testing.samples import sample_release
from miniprogram_github_pages.settings import PagesSettings
from miniprogram_github_pages.target import PagesTarget

pytestmark = pytest.mark.process

Make = Callable[..., PagesTarget]

FIRST, SECOND = sample_release(), sample_release(version="1.1.0")


@dataclass(frozen=True)
class Scene:
    """A remote that serves shop 1.0.0, and how to get clones of it."""

    folder: Path
    remote: Path
    git: Callable[..., str]

    def clone(self, *options: str) -> Path:
        self.git(self.folder, "clone", "-q", *options, self.remote.as_uri(), str(self.folder / "odd"))
        return self.folder / "odd"

    def commit(self, clone: Path, branch: str, *, message: str = "More") -> None:
        self.git(clone, "commit", "-q", "--allow-empty", "-m", message)
        self.git(clone, "push", "-q", "origin", f"HEAD:refs/heads/{branch}")


@pytest.fixture
def scene(tmp_path: Path, remote: Path, clone: Path, git: Any, target: Make) -> Scene:
    git(remote, "config", "uploadpack.allowFilter", "true")
    (clone / "docs").mkdir()
    (clone / "docs" / "index.md").write_text("# Hello\n")
    git(clone, "add", ".")
    git(clone, "commit", "-q", "-m", "Docs")
    git(clone, "push", "-q", "origin", "HEAD:gh-pages", "HEAD:main")
    target(message="One").publish(FIRST)
    return Scene(tmp_path, remote, git)


def _plain(scene: Scene) -> Path:
    return scene.clone()


def _bare(scene: Scene) -> Path:
    return scene.clone("--bare")


def _mirror(scene: Scene) -> Path:
    return scene.clone("--mirror")


def _git_folder(scene: Scene) -> Path:
    return scene.clone() / ".git"


def _subfolder(scene: Scene) -> Path:
    return scene.clone() / "docs"


def _shallow(scene: Scene) -> Path:
    return scene.clone("--depth=1", "--no-single-branch")


def _shallow_and_single(scene: Scene) -> Path:
    return scene.clone("--depth=1", "--branch=main", "--single-branch")


def _single_pages(scene: Scene) -> Path:
    return scene.clone("--branch=gh-pages", "--single-branch")


def _no_fetch_setting(scene: Scene) -> Path:
    clone = scene.clone("--single-branch")
    scene.git(clone, "config", "--unset-all", "remote.origin.fetch")
    return clone


def _without_blobs(scene: Scene) -> Path:
    return scene.clone("--filter=blob:none", "--no-checkout")


def _without_trees(scene: Scene) -> Path:
    return scene.clone("--filter=tree:0", "--no-checkout")


def _sparse(scene: Scene) -> Path:
    clone = scene.clone("--sparse", "--branch=gh-pages")
    scene.git(clone, "sparse-checkout", "set", "--cone", "--sparse-index", "docs")
    return clone


def _linked_worktree(scene: Scene) -> Path:
    scene.git(scene.clone(), "worktree", "add", "-q", str(scene.folder / "linked"), "-b", "work")
    return scene.folder / "linked"


def _separate(scene: Scene) -> Path:
    return scene.clone(f"--separate-git-dir={scene.folder}/apart.git")


def _borrowing(scene: Scene) -> Path:
    return scene.clone("--shared", f"--reference={scene.remote}")


def _on_the_branch(scene: Scene) -> Path:
    clone = scene.clone("--branch=gh-pages")
    (clone / "manifests/shop/latest.json").write_text("{}")
    (clone / "docs/index.md").unlink()
    (clone / "draft").write_text("not yet")
    scene.git(clone, "add", "draft")
    return clone


def _behind(scene: Scene) -> Path:
    clone = scene.clone("--branch=gh-pages")
    scene.git(clone, "reset", "-q", "--hard", "HEAD~1")
    scene.git(clone, "update-ref", "refs/remotes/origin/gh-pages", "HEAD")
    return clone


def _odd_names(scene: Scene) -> Path:
    clone = scene.clone()
    for ref in (
        "refs/heads/my/gh-pages",
        "refs/tags/gh-pages",
        "refs/heads/HEAD",
        "refs/heads/origin",
        "refs/gh-pages",
    ):
        scene.git(clone, "update-ref", ref, "HEAD")
        scene.git(scene.remote, "update-ref", ref, "main")
    return clone


def _tracking_in_the_way(scene: Scene) -> Path:
    clone = scene.clone("--single-branch")
    scene.git(clone, "update-ref", "refs/remotes/origin/gh-pages/old", "HEAD")
    return clone


def _replaced(scene: Scene) -> Path:
    """Pages' commit, tree and files stand for others here."""
    clone = scene.clone()
    other = scene.git(clone, "commit-tree", "-m", "Other", scene.git(clone, "rev-parse", "origin/main^{tree}"))
    scene.git(clone, "replace", scene.git(clone, "rev-parse", "origin/gh-pages"), other)
    latest = scene.git(clone, "rev-parse", "origin/gh-pages~0:docs/index.md")
    empty = scene.git(clone, "hash-object", "-w", "-t", "blob", "/dev/null")
    scene.git(clone, "replace", latest, empty)
    return clone


def _grafted(scene: Scene) -> Path:
    clone = scene.clone()
    pages, main = (scene.git(clone, "rev-parse", f"origin/{name}") for name in ("gh-pages", "main"))
    (clone / ".git" / "info" / "grafts").write_text(f"{pages}\n{main}\n")
    return clone


def _old_protocol(scene: Scene) -> Path:
    clone = scene.clone()
    scene.git(clone, "config", "protocol.version", "0")
    return clone


FORMS = [
    *(_plain, _bare, _mirror, _git_folder, _subfolder, _shallow, _shallow_and_single, _single_pages),
    *(_no_fetch_setting, _without_blobs, _without_trees, _sparse, _linked_worktree, _separate, _borrowing),
    *(_on_the_branch, _behind, _odd_names, _tracking_in_the_way, _replaced, _grafted, _old_protocol),
]


@pytest.mark.parametrize("form", FORMS, ids=[form.__name__.strip("_") for form in FORMS])
def test_every_form_reads_and_writes_the_branch_itself(
    scene: Scene,
    target: Make,
    rival: Any,
    remote: Path,
    git: Any,
    require_served: Any,
    branch_file: Any,
    form: Callable[[Scene], Path],
) -> None:
    odd = form(scene)
    before = _state(git, odd)
    with pytest.raises(MiniProgramError, match=r"serves shop 1\.0\.0"):
        target(repo=odd).publish(sample_release(version="0.9.0"))
    rival(SECOND)
    with pytest.raises(MiniProgramError, match=r"serves shop 1\.1\.0"):
        target(repo=odd).publish(sample_release(version="1.0.5"))

    assert not target(repo=odd).publish(SECOND).changed
    target(repo=odd, message="Three").publish(sample_release("news"))

    require_served(SECOND)
    require_served(sample_release("news"))
    assert branch_file("docs/index.md") == b"# Hello\n"
    history = git(remote, "log", "--format=%s", "refs/heads/gh-pages").splitlines()
    assert history == ["Three", "Publish shop 1.1.0", "One", "Docs", "Start"]
    assert git(remote, "fsck", "--strict") == ""
    assert _state(git, odd) == before


def _state(git: Any, clone: Path) -> list[str]:
    """What a publish must leave alone: refs, worktrees, settings, and files with their index."""
    commands = [("for-each-ref",), ("worktree", "list"), ("config", "--local", "--list")]
    if git(clone, "rev-parse", "--is-inside-work-tree") == "true":
        commands.append(("status", "--porcelain=v2", "--branch"))
    folder = Path(git(clone, "rev-parse", "--absolute-git-dir"))
    lists = sorted(path.name for path in folder.iterdir() if path.name != "index")
    return [*(git(clone, *command) for command in commands), *lists]


def test_an_orphan_branch_is_made_where_there_is_none(scene: Scene, target: Make, remote: Path, git: Any) -> None:
    target(branch="site", repo=_shallow_and_single(scene)).publish(FIRST)
    assert git(remote, "log", "--format=%s", "site") == "Publish shop 1.0.0"


def test_only_the_branch_of_that_very_name_counts(scene: Scene, target: Make, remote: Path, git: Any) -> None:
    for name in ("my/site", "site2", "a/refs/site", "refs/heads"):
        git(remote, "update-ref", f"refs/heads/{name}", "main")
    target(branch="site").publish(FIRST)
    assert git(remote, "log", "--format=%s", "refs/heads/site") == "Publish shop 1.0.0"


def test_what_is_served_is_read_where_it_is_pushed(
    scene: Scene, target: Make, clone: Path, tmp_path: Path, git: Any
) -> None:
    """Fetching from one repository and pushing to another, as forks do."""
    served = tmp_path / "served.git"
    git(tmp_path, "clone", "-q", "--bare", str(scene.remote), str(served))
    git(clone, "config", "remote.origin.pushurl", served.as_uri())
    target().publish(SECOND)
    assert git(served, "log", "-1", "--format=%s", "gh-pages") == "Publish shop 1.1.0"
    assert git(scene.remote, "log", "-1", "--format=%s", "gh-pages") == "One"
    with pytest.raises(MiniProgramError, match=r"serves shop 1\.1\.0"):
        target().publish(sample_release(version="1.0.5"))


@pytest.mark.parametrize("given", ["name", "url"])
@pytest.mark.parametrize("rule", ["insteadOf", "pushInsteadOf"])
def test_addresses_are_rewritten_once_and_for_both_directions(
    scene: Scene, target: Make, clone: Path, tmp_path: Path, git: Any, rule: str, given: str
) -> None:
    served = tmp_path / "served.git"
    git(tmp_path, "clone", "-q", "--bare", str(scene.remote), str(served))
    git(clone, "config", f"url.{tmp_path.as_uri()}/served.{rule}", "short:served")
    git(clone, "config", f"url.{tmp_path.as_uri()}/nowhere.{rule}", "short:")
    git(clone, "config", f"url.{tmp_path.as_uri()}/wrong.{rule}", served.as_uri()[:-1])
    git(clone, "remote", "add", "work", "short:served.git")

    target(remote="work" if given == "name" else "short:served.git").publish(SECOND)

    assert git(served, "log", "-1", "--format=%s", "gh-pages") == "Publish shop 1.1.0"


def test_a_remote_that_pushes_to_several_addresses_is_refused(
    scene: Scene, target: Make, clone: Path, remote: Path, git: Any
) -> None:
    git(clone, "config", "--add", "remote.origin.pushurl", "https://me:token@host.example/a")
    git(clone, "config", "--add", "remote.origin.pushurl", remote.as_uri())
    with pytest.raises(PublishError, match="'origin' pushes to several addresses: https://host") as failure:
        target().publish(SECOND)
    assert "token" not in str(failure.value)
    assert "--remote" in (failure.value.hint or "")


def test_a_remote_keeps_its_own_programs(
    scene: Scene, target: Make, clone: Path, tmp_path: Path, git: Any
) -> None:
    for setting, program in (("receivepack", "git-receive-pack"), ("uploadpack", "git-upload-pack")):
        script = tmp_path / setting
        script.write_text(f'#!/bin/sh\necho ran >> "{tmp_path}/{setting}.log"\nexec {program} "$@"\n')
        script.chmod(0o755)
        git(clone, "config", f"remote.origin.{setting}", str(script))
    target().publish(SECOND)
    assert (tmp_path / "receivepack.log").exists()
    assert (tmp_path / "uploadpack.log").exists()


def test_sha256_repositories_are_served_too(tmp_path: Path, context: TargetContext, git: Any) -> None:
    git(tmp_path, "init", "-q", "--bare", "--object-format=sha256", "new.git")
    git(tmp_path, "init", "-q", "--object-format=sha256", "new")
    git(tmp_path / "new", "remote", "add", "origin", str(tmp_path / "new.git"))
    target = PagesTarget(PagesSettings(repo=tmp_path / "new"), context)
    target.publish(FIRST)
    assert not target.publish(FIRST).changed
    shown = subprocess.run(
        ["git", "show", "gh-pages:manifests/shop/latest.json"], cwd=tmp_path / "new.git", capture_output=True
    )
    assert shown.stdout == FIRST.bundle.manifest_file.body


def test_submodules_and_modes_of_others_are_kept(
    scene: Scene, target: Make, clone: Path, remote: Path, git: Any
) -> None:
    git(clone, "fetch", "-q", "origin", "gh-pages:pages")
    git(clone, "checkout", "-q", "pages")
    commit = git(clone, "rev-parse", "HEAD")
    (clone / "run.sh").write_text("#!/bin/sh\n")
    (clone / "run.sh").chmod(0o755)
    (clone / "link").symlink_to("docs")
    git(clone, "add", "run.sh", "link")
    git(clone, "update-index", "--add", "--cacheinfo", f"160000,{commit},theirs")
    git(clone, "commit", "-q", "-m", "Theirs")
    git(clone, "push", "-q", "origin", "HEAD:gh-pages")
    kept = [line for line in git(remote, "ls-tree", "gh-pages").splitlines() if _is_theirs(line)]
    assert len(kept) == 3

    target().publish(SECOND)

    assert [line for line in git(remote, "ls-tree", "gh-pages").splitlines() if _is_theirs(line)] == kept


def _is_theirs(line: str) -> bool:
    return line.split("\t")[1] in ("run.sh", "link", "theirs")


def test_a_remote_keeps_its_own_proxy(clone: Path, context: TargetContext, git: Any) -> None:
    git(clone, "config", "remote.origin.url", "https://host.example/a.git")
    git(clone, "config", "remote.origin.proxy", "http://127.0.0.1:9")
    git(clone, "config", "http.proxy", "http://127.0.0.1:8")
    with pytest.raises(PublishError, match=r"127\.0\.0\.1 port 9"):
        PagesTarget(PagesSettings(repo=clone), context).publish(FIRST)
