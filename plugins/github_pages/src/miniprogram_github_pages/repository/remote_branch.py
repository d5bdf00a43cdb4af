"""The branch that Pages serves, read and pushed at its own address: no ref of the clone is read or written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from miniprogram.errors import PublishError
from miniprogram_github_pages.repository.clone import RemoteAddress
from miniprogram_github_pages.repository.git import Git
from miniprogram_github_pages.repository.messages import refusal

_FETCH_ATTEMPTS = 5
_MOVED = re.compile(
    r"^ *(?:! |(?:remote: )?(?:error|fatal): ).*(?:is at [0-9a-f]+ but expected|reference already exists"
    r"|\.lock': File exists|stale info|fetch first|non-fast-forward|incorrect old value)",
    re.MULTILINE,
)
"""What git says of a branch that moves, or is held by another push, while it is pushed to."""
_FETCH = (
    *("fetch", "--quiet", "--no-tags", "--no-prune", "--refmap=", "--no-recurse-submodules"),
    *("--no-write-fetch-head", "--no-write-commit-graph", "--no-auto-maintenance"),
)
"""Bring objects, and nothing else."""


class BranchMovedError(PublishError):
    """Somebody else pushed to the branch since it was read."""


@dataclass(frozen=True, slots=True)
class RemoteBranch:
    """One branch of one repository, spoken to from `clone`."""

    clone: Git
    address: RemoteAddress
    name: str

    @property
    def ref(self) -> str:
        return f"refs/heads/{self.name}"

    def tip(self) -> str | None:
        """The commit it is at; None when there is none. Raises PublishError when another branch is in its way."""
        options = _option("--upload-pack", self.address.upload_pack)
        listed = self._git.run(
            "ls-remote", "--heads", *options, "--", self.address.url, self.ref, f"{self.ref}/*", *self._parents
        )
        heads = dict(_heads(listed))
        if self.ref in heads:
            return heads[self.ref]
        other = next((ref for ref in heads if self._excludes(ref)), None)
        if other is not None:
            raise PublishError(
                f"the branch {self.name} cannot be made: {self.address} has a branch "
                f"{other.removeprefix('refs/heads/')}, and git does not take both",
                hint="Name another branch with --branch.",
            )
        return None

    def fetch(self) -> str | None:
        """Bring what it holds now into the clone and return the commit it is at; None when there is none."""
        for _ in range(_FETCH_ATTEMPTS):
            tip = self.tip()
            if tip is None:
                return None
            self._git.run(
                *_FETCH,
                *_option("--upload-pack", self.address.upload_pack),
                *("--", self.address.url, self.ref),
            )
            if self.clone.ask("rev-parse", "--verify", "--quiet", f"{tip}^{{commit}}") is not None:
                return tip
        raise PublishError(
            f"the branch {self.name} of {self.address} changed each time it was read; try again later"
        )

    def push(self, commit: str, *, onto: str | None) -> None:
        """Move it from the commit `onto` (None: there is no branch yet) to `commit`, which comes after it.

        The clone's pre-push hook runs. Raises BranchMovedError when it is somewhere else meanwhile, and
        PublishError with every line git, the hooks and the remote gave as a reason when it is refused.
        """
        answer = self._git.call(
            *("push", "--porcelain", "--no-progress", "--no-follow-tags", "--recurse-submodules=no"),
            f"--force-with-lease={self.ref}:{onto or ''}",
            *_option("--receive-pack", self.address.receive_pack),
            *("--", self.address.url, f"{commit}:{self.ref}"),
            settings={},
        )
        if not answer.code:
            return
        words = refusal(self.name, answer.stderr + answer.text)
        now = onto
        with suppress(PublishError):  # the push says it better
            now = self.tip()
        if now == commit:
            return
        if now != onto or _MOVED.search(words):
            raise BranchMovedError(words)
        raise PublishError(words)

    @property
    def _parents(self) -> list[str]:
        """Refs that would have to be folders."""
        parts = self.ref.split("/")
        return ["/".join(parts[:length]) for length in range(3, len(parts))]

    def _excludes(self, ref: str) -> bool:
        """Whether git cannot make the branch where there is `ref`, or would push to `ref` in its stead."""
        return ref in self._parents or ref.startswith(f"{self.ref}/") or ref.endswith(f"/{self.ref}")

    @property
    def _git(self) -> Git:
        """git, taking the address as it stands and reaching it as the remote's own settings say."""
        url = self.address.url
        rules = {f"url.{url}.{kind}": url for kind in ("insteadOf", "pushInsteadOf")}
        return self.clone.with_config({**rules, **self.address.settings})


def _option(name: str, value: str | None) -> tuple[str, ...]:
    return () if value is None else (f"{name}={value}",)


def _heads(listed: str) -> Iterator[tuple[str, str]]:
    """Refs with their commits, as `ls-remote` prints them."""
    for line in listed.splitlines():
        commit, _, ref = line.partition("\t")
        yield ref, commit
