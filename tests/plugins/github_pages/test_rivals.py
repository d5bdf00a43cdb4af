"""Others push at the same time, or a publisher is killed: what is tried again, and what nobody loses."""

from __future__ import annotations

import os
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
from miniprogram_github_pages.settings import PagesSettings
from miniprogram_github_pages.target import ATTEMPTS, PagesTarget
from plugins.github_pages.git_stand_ins import GIT, write_script

pytestmark = pytest.mark.process


Make = Callable[..., PagesTarget]


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
