"""The Pages branch, checked out beside the publisher's own work.

Everything happens in a temporary worktree of the given clone: the clone's configuration and credentials apply, its
files, index and current branch are not touched.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from miniprogram.errors import PublishError
from miniprogram_github_pages.git import Git, without_credentials


@dataclass(frozen=True, slots=True)
class Checkout:
    """The branch as it was fetched. `tip` is None when the remote has no such branch yet."""

    repository: Git
    work: Git
    tip: str | None

    @property
    def folder(self) -> Path:
        return self.work.folder

    def commit(self, message: str) -> str | None:
        """Commit everything that changed; None when nothing did. No hook runs, no branch moves."""
        self.work.run("add", "--all", "--force", ".")
        tree = self.work.run("write-tree")
        if self.tip is not None and tree == self.work.run("rev-parse", f"{self.tip}^{{tree}}"):
            return None
        parents = ["-p", self.tip] if self.tip else []
        return self.work.run("commit-tree", tree, *parents, "-F", "-", stdin=message)


@contextmanager
def checkout(repository: Git, remote: str, branch: str) -> Iterator[Checkout]:
    """Fetch `branch` from `remote` and check it out into a temporary folder."""
    tip = _fetch(repository, remote, branch)
    start = tip or _empty_commit(repository)
    repository.run("worktree", "prune")
    with tempfile.TemporaryDirectory(prefix="miniprogram-pages-") as temporary:
        folder = Path(temporary).resolve() / "branch"
        repository.run("worktree", "add", "--quiet", "--detach", "--force", str(folder), start)
        try:
            yield Checkout(repository, Git(folder, repository.environ), tip)
        finally:
            repository.ask("worktree", "remove", "--force", str(folder))


def open_repository(git: Git) -> Git:
    """git at the top of the clone that `git.folder` is in. Raises PublishError when it is in none."""
    top = git.ask("rev-parse", "--show-toplevel")
    if not top:
        raise PublishError(
            f"{git.folder} is not in a git clone", hint="Name a clone of the Pages repository with --repo."
        )
    return Git(Path(top), git.environ)


def remote_address(repository: Git, remote: str) -> str:
    """The URL behind `remote`. Raises PublishError when the clone has no such remote."""
    address = repository.ask("remote", "get-url", "--push", "--", remote)
    if address:
        return address
    if "/" in remote or ":" in remote:
        return remote
    known = ", ".join((repository.ask("remote") or "").split()) or "none"
    raise PublishError(f"{repository.folder} has no remote {without_credentials(remote)!r}; it has: {known}")


def _fetch(repository: Git, remote: str, branch: str) -> str | None:
    listed = repository.run("ls-remote", "--heads", "--", remote, f"refs/heads/{branch}")
    if not listed:
        return None
    repository.run("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--", remote, f"refs/heads/{branch}")
    return listed.split()[0]


def _empty_commit(repository: Git) -> str:
    """A commit to check out where there is no branch yet; it is nobody's parent."""
    tree = repository.run("mktree")
    return repository.run("commit-tree", tree, "-m", "Nothing yet")
