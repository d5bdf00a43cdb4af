"""What is refused, and in whose words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from miniprogram.errors import PublishError
from miniprogram.testing.samples import sample_release
from miniprogram_github_pages.repository.objects import GitObjects
from miniprogram_github_pages.settings import PagesSettings
from miniprogram_github_pages.target import PagesTarget
from plugins.github_pages.git_stand_ins import GIT, write_script

pytestmark = pytest.mark.process


Make = Callable[..., PagesTarget]


def test_lines_of_a_refusing_hook_and_remote_are_kept(target: Make, clone: Path, remote: Path) -> None:
    write_script(
        remote / "hooks" / "pre-receive",
        """
        echo '' >&2
        echo 'error: Trace: 0123456789abcdef' >&2
        echo 'error: See https://me:token@help.example/large for more' >&2
        printf '\\033[31merror: File logo.png is 120.00 MB\\033[0m\\n' >&2
        exit 1
        """,
    )
    with pytest.raises(PublishError) as failure:
        target().publish(sample_release())
    assert str(failure.value).splitlines() == [
        "git push to gh-pages was refused:",
        "  remote: error: Trace: 0123456789abcdef",
        "  remote: error: See https://help.example/large for more",
        "  remote: error: File logo.png is 120.00 MB",
        "  ! [remote rejected] (pre-receive hook declined)",
    ]


@pytest.mark.parametrize("stream", ["1", "2"])
def test_the_words_of_ones_own_hook_are_shown(
    target: Make, clone: Path, remote: Path, git: Any, stream: str
) -> None:
    write_script(
        clone / ".git/hooks/pre-push", f"echo 'No pushes on Fridays.' >&{stream}; echo 'Ask Ada.' >&2; exit 1"
    )
    with pytest.raises(PublishError, match=r"was refused:(\n.*)*No pushes on Fridays\.") as failure:
        target().publish(sample_release())
    assert "Ask Ada." in str(failure.value)
    assert git(remote, "for-each-ref", "refs/heads/gh-pages") == ""


def test_a_long_refusal_is_cut(target: Make, clone: Path) -> None:
    write_script(clone / ".git/hooks/pre-push", "seq 1 500 >&2; exit 1")
    with pytest.raises(PublishError, match="… and 480 lines more") as failure:
        target().publish(sample_release())
    assert len(str(failure.value).splitlines()) == 22


@pytest.mark.parametrize(
    ("there", "wanted"),
    [
        ("gh-pages/preview", "gh-pages"),
        ("gh-pages", "gh-pages/preview"),
        ("a", "a/b/c"),
        ("a/b/c", "a/b"),
        ("refs/heads/site", "site"),
    ],
)
def test_a_branch_in_the_way_is_no_race(
    target: Make, clone: Path, remote: Path, git: Any, there: str, wanted: str
) -> None:
    git(remote, "update-ref", f"refs/heads/{there}", "main")
    for attempt in (target(branch=wanted).plan, target(branch=wanted).publish):
        with pytest.raises(PublishError, match=f"has a branch {there}, and git does not take both") as failure:
            attempt(sample_release())
        assert "--branch" in (failure.value.hint or "")
    assert git(remote, "for-each-ref", f"refs/heads/{wanted}", "--format=%(subject)") != "Publish shop 1.0.0"


def test_a_branch_that_gets_in_the_way_meanwhile_is_no_race(
    target: Make, clone: Path, remote: Path, git: Any
) -> None:
    write_script(clone / ".git/hooks/pre-push", f"{GIT} -C '{remote}' update-ref refs/heads/gh-pages/new main")
    with pytest.raises(PublishError, match="cannot lock ref"):
        target().publish(sample_release())
    assert git(remote, "for-each-ref", "refs/heads/gh-pages", "--format=%(refname)") == "refs/heads/gh-pages/new"


@pytest.mark.parametrize("spoil", ["files", "folders"])
def test_a_commit_that_is_not_what_was_asked_for_is_not_pushed(
    target: Make, monkeypatch: pytest.MonkeyPatch, remote: Path, git: Any, spoil: str
) -> None:
    """Whatever stands between the bytes and the branch: what the commit holds is compared with the release."""
    make, blob_id = GitObjects.write_folders, GitObjects.blob_id

    def other_folders(objects: GitObjects, folders: Any) -> list[str]:
        return make(objects, [dict(list(folder.items())[:1]) for folder in folders])

    def other_id(objects: GitObjects, body: bytes) -> str:
        return blob_id(objects, body + b"!")

    if spoil == "folders":
        monkeypatch.setattr(GitObjects, "write_folders", other_folders)
    else:
        monkeypatch.setattr(GitObjects, "blob_id", other_id)
    with pytest.raises(PublishError, match=r"nothing is pushed"):
        target().publish(sample_release())
    assert git(remote, "for-each-ref", "refs/heads/gh-pages") == ""


@pytest.mark.parametrize(
    "name",
    ["a..b", "-x", "a b", "a/", "/a", "a//b", "a.lock", "x/a.lock/b", ".a", "a/.b", "a~1", "a@{0}", "a\\b", "a:b"],
)
def test_names_git_does_not_take_are_usage_errors(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be a branch name"):
        PagesSettings(branch=name)


@pytest.mark.parametrize("name", ["HEAD", "refs/heads/gh-pages", "refs/tags/x", "refs/x"])
def test_names_that_mean_something_else_to_git_are_usage_errors(name: str) -> None:
    with pytest.raises(ValueError, match="no name that branches are given") as refused:
        PagesSettings(branch=name)

    assert ("did you mean 'gh-pages'?" in str(refused.value)) is name.endswith("gh-pages")


@pytest.mark.parametrize("folder", ["/x", "../x", "a/../../x", ".git", "a/.GIT/b", "a\\.Git"])
def test_folders_outside_the_branch_are_usage_errors(folder: str) -> None:
    with pytest.raises(ValueError, match="must be a folder inside the branch"):
        PagesSettings(dir=folder)


def test_a_commit_that_loses_what_others_serve_is_not_pushed(
    target: Make, clone: Path, monkeypatch: pytest.MonkeyPatch, remote: Path, git: Any
) -> None:
    git(clone, "push", "-q", "origin", "HEAD:gh-pages")
    make, before = GitObjects.write_folders, git(remote, "rev-parse", "gh-pages")

    def without_readme(objects: GitObjects, folders: Any) -> list[str]:
        return make(
            objects, [{name: folder[name] for name in folder if name != "README.md"} for folder in folders]
        )

    monkeypatch.setattr(GitObjects, "write_folders", without_readme)
    with pytest.raises(PublishError, match=r"differs from what is published in README\.md; nothing is pushed"):
        target().publish(sample_release())
    assert git(remote, "rev-parse", "gh-pages") == before
