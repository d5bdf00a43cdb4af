"""Publishing to a Pages branch, against a real bare repository."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from miniprogram.errors import PublishError
from miniprogram.seams.publish_target import PublishTarget, TargetContext
from miniprogram.testing.samples import sample_release
from miniprogram.testing.version_keeping_contract import VersionKeepingContract
from miniprogram_github_pages.settings import PagesSettings
from miniprogram_github_pages.target import PagesTarget

pytestmark = pytest.mark.process

Read = Callable[..., bytes | None]


class TestPagesTarget(VersionKeepingContract):
    @pytest.fixture(autouse=True)
    def _place(self, clone: Path, context: TargetContext, branch_file: Read, git: Any) -> None:
        self.clone, self.context, self.branch_file, self.git = clone, context, branch_file, git

    def make_target(self) -> PublishTarget:
        return PagesTarget(PagesSettings(repo=self.clone), self.context)

    def read(self, name: str) -> bytes | None:
        return self.branch_file(name)

    def remove(self, name: str) -> None:
        git, other = self.git, self.clone.parent / "other"
        git(self.clone.parent, "clone", "-q", "-b", "gh-pages", str(self.clone.parent / "remote.git"), str(other))
        git(other, "rm", "-q", name)
        git(other, "commit", "-q", "-m", "By accident")
        git(other, "push", "-q")


def test_the_clone_is_left_as_it_was(target: Callable[..., PagesTarget], clone: Path, git: Any) -> None:
    (clone / "draft.txt").write_text("not yet")
    before = git(clone, "status", "--porcelain=v2", "--branch")
    target().publish(sample_release())
    assert git(clone, "status", "--porcelain=v2", "--branch") == before
    assert git(clone, "worktree", "list").count("\n") == 0
    assert git(clone, "branch", "--list") == "* main"


def test_the_first_commit_has_no_parent_and_the_next_one_has(
    target: Callable[..., PagesTarget], remote: Path, git: Any
) -> None:
    target(message="First").publish(sample_release())
    target().publish(sample_release(version="1.1.0"))
    assert git(remote, "log", "--format=%s", "gh-pages") == "Publish shop 1.1.0\nFirst"


def test_a_nested_folder_keeps_the_marker_at_the_top_and_foreign_files(
    target: Callable[..., PagesTarget], clone: Path, branch_file: Read, git: Any
) -> None:
    (clone / "CNAME").write_text("programs.example\n")
    git(clone, "add", ".")
    git(clone, "commit", "-q", "-m", "Domain")
    git(clone, "push", "-q", "origin", "HEAD:gh-pages")
    receipt = target(dir="public/app").publish(sample_release())
    assert receipt.delivery_api_base_url == "https://programs.example/public/app/"
    assert branch_file(".nojekyll") == b""
    assert branch_file("README.md") == b"# Our programs\n"
    latest = branch_file("public/app/manifests/shop/latest.json")
    assert latest is not None
    assert json.loads(latest)["version"] == "1.0.0"
    assert "public/app/manifests/shop/latest.json" in receipt.written


def test_two_publishers_at_once_lose_nothing(
    target: Callable[..., PagesTarget],
    tmp_path: Path,
    remote: Path,
    context: TargetContext,
    branch_file: Read,
    git: Any,
) -> None:
    clones = [tmp_path / f"clone-{number}" for number in range(3)]
    failures: list[Exception] = []

    def publish(clone: Path, program_id: str) -> None:
        try:
            PagesTarget(PagesSettings(repo=clone), context).publish(sample_release(program_id=program_id))
        except PublishError as error:
            failures.append(error)

    for clone in clones:
        git(tmp_path, "clone", "-q", remote.as_uri(), str(clone))
    threads = [threading.Thread(target=publish, args=(clone, f"shop_{i}")) for i, clone in enumerate(clones)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    for number in range(3):
        assert branch_file(f"manifests/shop_{number}/latest.json") is not None
    catalogue = branch_file("discovery/mini-programs.json")
    assert catalogue is not None
    assert json.loads(catalogue)["entryCount"] == 3


def test_a_dry_run_pushes_nothing(target: Callable[..., PagesTarget], remote: Path, git: Any) -> None:
    plan = target().plan(sample_release())
    assert "manifests/shop/latest.json" in plan.written
    assert git(remote, "branch", "--list") == "* main" or "gh-pages" not in git(remote, "branch", "--list")


@pytest.mark.parametrize("name", ["shop.partner.json", ".env", "keys/server.pem", ".mini_program/env.json"])
def test_a_private_file_of_the_mini_program_is_refused(
    target: Callable[..., PagesTarget], branch_file: Read, name: str
) -> None:
    with pytest.raises(PublishError, match="must not become public"):
        target().publish(sample_release(assets={name: b"secret"}))
    assert branch_file("manifests/shop/latest.json") is None


@pytest.mark.parametrize("name", ["shop.partner.json", ".env", "keys/server.pem", "node_modules/a.js"])
@pytest.mark.parametrize("folder", ["", "app"])
def test_what_others_serve_from_the_branch_is_theirs(
    target: Callable[..., PagesTarget], clone: Path, branch_file: Read, git: Any, folder: str, name: str
) -> None:
    theirs = clone / folder / name
    theirs.parent.mkdir(parents=True, exist_ok=True)
    theirs.write_text("mpk_live_" + "A" * 32)
    git(clone, "add", "--force", ".")
    git(clone, "commit", "-q", "-m", "Ours")
    git(clone, "push", "-q", "origin", "HEAD:gh-pages")
    target(dir=folder).publish(sample_release())
    assert branch_file(theirs.relative_to(clone).as_posix()) == theirs.read_bytes()
    assert branch_file((Path(folder) / "manifests/shop/latest.json").as_posix()) is not None


def test_a_key_in_a_screen_is_refused(target: Callable[..., PagesTarget]) -> None:
    screens = {"shop_home": {"type": "text", "data": "mpk_live_" + "A" * 32}}
    with pytest.raises(PublishError, match="secret key"):
        target().publish(sample_release(screens=screens))


def test_uncommitted_changes_are_refused_unless_allowed(
    target: Callable[..., PagesTarget], context: TargetContext, git: Any
) -> None:
    program = context.program_root
    git(program, "init", "-q", ".")
    (program / "manifest.json").write_text("{}")
    with pytest.raises(PublishError, match=r"uncommitted changes: manifest\.json"):
        target().publish(sample_release())
    assert target(allow_dirty=True).publish(sample_release()).changed
    git(program, "add", ".")
    git(program, "commit", "-q", "-m", "Clean")
    assert not target().publish(sample_release()).changed


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"remote": "upstream"}, "no remote 'upstream'; it has: origin"),
        ({"remote": "https://user:token@127.0.0.1:1/x.git"}, "git ls-remote failed"),
        ({"repo": Path("nowhere")}, "is not a folder"),
    ],
)
def test_failures_are_one_sentence_without_credentials(
    target: Callable[..., PagesTarget], settings: dict[str, Any], words: str
) -> None:
    with pytest.raises(PublishError, match=words) as failure:
        target(**settings).publish(sample_release())
    assert "token" not in str(failure.value)
    assert "\n" not in str(failure.value)


def test_outside_a_clone_it_says_what_to_name(context: TargetContext) -> None:
    with pytest.raises(PublishError, match="not in a git clone") as failure:
        PagesTarget(PagesSettings(), context).publish(sample_release())
    assert "--repo" in (failure.value.hint or "")


def test_without_an_identity_git_says_what_to_set(clone: Path, context: TargetContext) -> None:
    environ = {"GIT_CONFIG_GLOBAL": "/dev/null", "EMAIL": "", "GIT_AUTHOR_NAME": "", "GIT_COMMITTER_NAME": ""}
    nobody = TargetContext(context.cwd, context.home, environ, context.program_root)
    with pytest.raises(PublishError, match=r"user\.name"):
        PagesTarget(PagesSettings(repo=clone), nobody).publish(sample_release())


def test_a_rejecting_remote_is_quoted(target: Callable[..., PagesTarget], remote: Path) -> None:
    hook = remote / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho 'GH006: protected branch' >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(PublishError, match="GH006"):
        target().publish(sample_release())


def test_verify_waits_until_pages_serves_it(
    clone: Path, context: TargetContext, pages: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = PagesTarget(PagesSettings(repo=clone, verify=True), context)
    receipt = target.publish(sample_release(base_url=pages))
    assert receipt.notes[-1] == "Pages serves it."
    assert f"  {pages}manifests/shop/latest.json" in receipt.notes
