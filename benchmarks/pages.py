"""Publishing 2,000 small screens to a Pages branch, against adding, committing and pushing them by hand."""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from interleaved import show
from publishing import bundle_of, make_program, timed

from miniprogram.seams.publish_target import Release, TargetContext
from miniprogram_github_pages.settings import PagesSettings
from miniprogram_github_pages.target import PagesTarget

ROUNDS = 5
IDENTITY = {
    f"GIT_{role}_{name}": value
    for role in ("AUTHOR", "COMMITTER")
    for name, value in (("NAME", "Publisher"), ("EMAIL", "publisher@example.com"))
}
ENVIRON = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", **IDENTITY}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        rounds = [measure(Path(folder) / str(number)) for number in range(ROUNDS)]
    first, again, changed = (statistics.median(ratios) for ratios in zip(*rounds, strict=True))
    show("publish 2,000 screens to Pages / add, commit, push", first, "", "first time")
    show("publish the same again / add, commit, push", again, "", "nothing pushed")
    show("publish one changed screen / add, commit, push", changed, "", "a new version of all, one new file")


def measure(folder: Path) -> tuple[float, float, float]:
    """The three ratios to one push of the first version by hand."""
    program = folder / "program"
    make_program(program)
    first, second = bundle_of(program, "1.0.0", "text"), bundle_of(program, "1.1.0", "changed")
    git(folder, "init", "-q", "--bare", "remote.git")
    git(folder, "clone", "-q", "remote.git", "clone")
    git(folder, "clone", "-q", "remote.git", "by-hand")
    for file in first.files:
        path = folder / "by-hand" / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.body)
    context = TargetContext(cwd=folder, home=folder, environ=ENVIRON, program_root=program)
    target = PagesTarget(PagesSettings(repo=folder / "clone"), context)
    pushed = timed(lambda: push_by_hand(folder / "by-hand"))
    releases = [Release(bundle, datetime.now(UTC)) for bundle in (first, first, second)]
    times = [timed(partial(target.publish, release)) for release in releases]
    return times[0] / pushed, times[1] / pushed, times[2] / pushed


def push_by_hand(clone: Path) -> None:
    git(clone, "add", "--all", ".")
    git(clone, "commit", "-q", "-m", "All of it")
    git(clone, "push", "-q", "origin", "HEAD:by-hand")


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, env={**os.environ, **ENVIRON}, capture_output=True, check=True)


if __name__ == "__main__":
    main()
