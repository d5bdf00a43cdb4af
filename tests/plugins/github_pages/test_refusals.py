"""What is refused, in whose words, and what is tried again."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from miniprogram.errors import MiniProgramError, PublishError
from miniprogram.seams.publish_target import TargetContext
from miniprogram.testing.samples import sample_release
from miniprogram_github_pages.repository.objects import GitObjects
from miniprogram_github_pages.settings import PagesSettings
from miniprogram_github_pages.target import ATTEMPTS, PagesTarget

pytestmark = pytest.mark.process

Make = Callable[..., PagesTarget]
GIT = shutil.which("git")


def write_script(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def failing_git(folder: Path, condition: str) -> dict[str, str]:
    """Variables with a git that fails when `condition` holds of its subcommand `$command` and arguments `$*`."""
    folder.mkdir()
    script = f"""
    seen=
    for word in "$@"; do
        case "$skip$word" in (-c) skip=value;; (value*) skip=;; (-*) ;; (*) command=$word; break;; esac
    done
    if {condition}; then echo 'fatal: the disk is on fire' >&2; exit 128; fi
    exec {GIT} "$@"
    """
    write_script(folder / "git", script)
    return {"PATH": f"{folder}:/usr/bin:/bin"}


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


def let_others_push_first(clone: Path, remote: Path, tmp_path: Path, commits: list[str]) -> None:
    """Before each push of `clone` the branch moves to the next of `commits`; after the last it stays."""
    (tmp_path / "commits").write_text("".join(f"{commit}\n" for commit in commits))
    write_script(
        clone / ".git/hooks/pre-push",
        f"""
        number=$(($(cat '{tmp_path}/number' 2>/dev/null || echo 0) + 1))
        echo $number > '{tmp_path}/number'
        commit=$(sed -n "${{number}}p" '{tmp_path}/commits')
        unset GIT_DIR
        [ -z "$commit" ] || {GIT} -C '{remote}' update-ref refs/heads/gh-pages "$commit"
        """,
    )


@pytest.fixture
def pushed_first(tmp_path: Path, clone: Path, remote: Path, rival: Any, git: Any) -> Callable[..., None]:
    """Lets others publish rival_0, rival_1 … just when the publisher pushes; `start` of them are there before."""

    def prepare(count: int, *, start: int = 0) -> None:
        commits = []
        for number in range(count):
            rival(sample_release(f"rival_{number}"))
            commits.append(git(remote, "rev-parse", "gh-pages"))
        git(remote, "update-ref", "refs/kept", "gh-pages")
        git(remote, "update-ref", "refs/heads/gh-pages", commits[start - 1] if start else "0" * 40)
        let_others_push_first(clone, remote, tmp_path, commits[start:])

    return prepare


@pytest.mark.parametrize("start", [0, 1], ids=["new branch", "old branch"])
@pytest.mark.parametrize("times", [1, 3, ATTEMPTS - 1])
def test_whoever_pushes_first_keeps_what_they_pushed(
    target: Make,
    pushed_first: Callable[..., None],
    branch_file: Any,
    remote: Path,
    git: Any,
    times: int,
    start: int,
) -> None:
    pushed_first(times + start, start=start)
    target().publish(sample_release())
    assert git(remote, "rev-list", "--count", "gh-pages") == str(times + start + 1)
    for name in ("shop", *(f"rival_{number}" for number in range(times + start))):
        assert branch_file(f"manifests/{name}/latest.json") is not None


def test_there_is_an_end_to_trying(
    target: Make, pushed_first: Callable[..., None], branch_file: Any, tmp_path: Path
) -> None:
    pushed_first(ATTEMPTS)
    with pytest.raises(PublishError, match=f"moved during each of {ATTEMPTS} pushes"):
        target().publish(sample_release())
    assert (tmp_path / "number").read_text().strip() == str(ATTEMPTS)
    assert branch_file("manifests/shop/latest.json") is None


def test_a_rival_with_a_newer_version_is_not_taken_back(
    target: Make, clone: Path, remote: Path, tmp_path: Path, rival: Any, git: Any
) -> None:
    rival(sample_release(version="2.0.0"))
    newer = git(remote, "rev-parse", "gh-pages")
    git(remote, "update-ref", "refs/kept", newer)
    git(remote, "update-ref", "-d", "refs/heads/gh-pages")
    let_others_push_first(clone, remote, tmp_path, [newer])
    with pytest.raises(PublishError, match=r"serves shop 2\.0\.0"):
        target().publish(sample_release(version="1.5.0"))
    assert git(remote, "rev-parse", "gh-pages") == newer


def test_a_branch_that_was_taken_back_meanwhile_stays_so(
    target: Make, clone: Path, remote: Path, tmp_path: Path, rival: Any, git: Any
) -> None:
    """What somebody removed by force is not brought back, although it would be no conflict for git."""
    rival(sample_release("news"))
    clean = git(remote, "rev-parse", "gh-pages")
    rival(sample_release("oops"))
    let_others_push_first(clone, remote, tmp_path, [clean])
    target().publish(sample_release())
    assert git(remote, "rev-parse", "gh-pages~1") == clean


@pytest.fixture
def git_that_pushes_later(tmp_path: Path, remote: Path) -> Callable[..., dict[str, str]]:
    """Variables with a git before whose first push the branch moves to a commit; `then` runs after that."""

    def make(commit: str, *, then: str = ":") -> dict[str, str]:
        folder = tmp_path / "bin"
        folder.mkdir()
        move = f"{GIT} -C '{remote}' update-ref refs/heads/gh-pages {commit}"
        once = f"if [ ! -e '{folder}/moved' ]; then touch '{folder}/moved'; {move}; {then}; fi"
        write_script(folder / "git", f'case "$*" in (*" push "*) {once};; esac\nexec {GIT} "$@"')
        return {"PATH": f"{folder}:/usr/bin:/bin"}

    return make


def test_a_branch_taken_back_before_the_push_connects_stays_so(
    target: Make, remote: Path, rival: Any, git: Any, git_that_pushes_later: Callable[..., dict[str, str]]
) -> None:
    """Pushing on top of the newer commit would bring it back, and git alone would not mind."""
    rival(sample_release("news"))
    clean = git(remote, "rev-parse", "gh-pages")
    rival(sample_release("oops"))
    target(environ=git_that_pushes_later(clean)).publish(sample_release())
    assert git(remote, "rev-parse", "gh-pages~1") == clean


def test_a_branch_that_moved_is_a_race_whatever_git_says(
    target: Make, remote: Path, rival: Any, git: Any, git_that_pushes_later: Callable[..., dict[str, str]]
) -> None:
    rival(sample_release("news"))
    older = git(remote, "rev-parse", "gh-pages")
    rival(sample_release("more"))
    newer = git(remote, "rev-parse", "gh-pages")
    git(remote, "update-ref", "refs/heads/gh-pages", older)
    environ = git_that_pushes_later(newer, then="echo 'fatal: try later' >&2; exit 128")
    target(environ=environ).publish(sample_release())
    assert git(remote, "rev-parse", "gh-pages~1") == newer


def test_a_push_that_arrived_and_then_failed_is_a_success(
    target: Make, tmp_path: Path, require_served: Any, remote: Path, git: Any
) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    write_script(
        folder / "git",
        f'case "$*" in (*" push "*) {GIT} "$@"; echo "fatal: hung up" >&2; exit 128;; esac; exec {GIT} "$@"',
    )
    receipt = target(environ={"PATH": f"{folder}:/usr/bin:/bin"}).publish(sample_release())
    assert receipt.changed
    require_served(sample_release())
    assert git(remote, "rev-list", "--count", "gh-pages") == "1"


def test_many_publishers_at_once_lose_nothing(
    tmp_path: Path, remote: Path, context: TargetContext, branch_file: Any, git: Any
) -> None:
    failures: list[Exception] = []

    def publish(number: int) -> None:
        try:
            PagesTarget(PagesSettings(repo=tmp_path / f"clone-{number % 3}"), context).publish(
                sample_release(f"shop_{number}")
            )
        except MiniProgramError as error:
            failures.append(error)

    for number in range(3):
        git(tmp_path, "clone", "-q", remote.as_uri(), f"clone-{number}")
    threads = [threading.Thread(target=publish, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert all(branch_file(f"manifests/shop_{number}/latest.json") for number in range(6))


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


@pytest.mark.parametrize("folder", ["/x", "../x", "a/../../x", ".git", "a/.GIT/b", "a\\.Git"])
def test_folders_outside_the_branch_are_usage_errors(folder: str) -> None:
    with pytest.raises(ValueError, match="must be a folder inside the branch"):
        PagesSettings(dir=folder)


def test_a_publisher_that_is_killed_leaves_nothing_in_the_way(
    target: Make, clone: Path, tmp_path: Path, context: TargetContext, git: Any, require_served: Any
) -> None:
    """The hook of its own push kills it: everything is written by then, and nothing is pushed."""
    write_script(clone / ".git/hooks/pre-push", f"kill -9 $(cat '{tmp_path}/pid'); exit 1")
    script = (
        "import os, pathlib, sys\n"
        "from miniprogram.seams.publish_target import TargetContext\n"
        "from miniprogram.testing.samples import sample_release\n"
        "from miniprogram_github_pages.settings import PagesSettings\n"
        "from miniprogram_github_pages.target import PagesTarget\n"
        "folder = pathlib.Path(sys.argv[1])\n"
        "(folder / 'pid').write_text(str(os.getpid()))\n"
        "context = TargetContext(folder, folder, {}, folder / 'program')\n"
        "PagesTarget(PagesSettings(repo=folder / 'clone'), context).publish(sample_release())\n"
    )
    before = git(clone, "status", "--porcelain=v2", "--branch"), git(clone, "for-each-ref")
    killed = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], env={**os.environ, **context.environ}, capture_output=True
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr

    (clone / ".git/hooks/pre-push").unlink()
    assert (git(clone, "status", "--porcelain=v2", "--branch"), git(clone, "for-each-ref")) == before
    assert list((clone / ".git").rglob("*.lock")) == []
    assert target().publish(sample_release()).changed
    require_served(sample_release())


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
