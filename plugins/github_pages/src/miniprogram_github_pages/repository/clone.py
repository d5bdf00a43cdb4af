"""The clone a folder is in, and where its remotes lie."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from miniprogram.errors import PublishError
from miniprogram.files import real_path
from miniprogram_github_pages.repository.git import Git
from miniprogram_github_pages.repository.messages import failure, without_credentials

_TRANSPORT = {"proxy": "proxy", "proxyauthmethod": "proxyAuthMethod"}
"""Settings of one remote, and those of an address that do the same."""


def is_in_clone(git: Git) -> bool:
    """Whether `git.folder` is in a clone. Raises PublishError, with git's words, when that cannot be told."""
    answer = git.call("rev-parse", "--git-dir")
    if not answer.code:
        return True
    trace = _trace_of_clone(git.folder)
    if trace is None and "not a git repository" in answer.stderr:
        return False
    looks = f"; {trace} looks like one" if trace is not None else ""
    raise PublishError(
        f"whether {git.folder} is in a git clone cannot be told{looks}: {failure('rev-parse', answer.stderr)}"
    )


def require_clone(git: Git) -> None:
    """Raises PublishError when `git.folder` is in no clone, or in one that git does not read."""
    if not is_in_clone(git):
        raise PublishError(
            f"{git.folder} is not in a git clone", hint="Name a clone of the Pages repository with --repo."
        )


@dataclass(frozen=True, slots=True)
class RemoteAddress:
    """Where a remote is read from and pushed to: one address, so that both see the same repository."""

    url: str = field(repr=False)
    settings: Mapping[str, str] = field(default_factory=dict)
    """git settings that reach it as the remote's own would."""
    receive_pack: str | None = None
    """The program that takes a push at the other end."""
    upload_pack: str | None = None
    """The program that is read from at the other end."""

    def __str__(self) -> str:
        return without_credentials(self.url)


def remote_address(clone: Git, remote: str) -> RemoteAddress:
    """Where a push to `remote`, a name or a URL, goes to. Raises PublishError when there is no such remote."""
    configured = _settings(clone)
    listed = clone.ask("remote", "get-url", "--push", "--all", "--", remote, no=2)
    if listed is None:
        if "/" not in remote and ":" not in remote and "\\" not in remote:
            known = ", ".join(clone.run("remote").split()) or "none"
            raise PublishError(f"{clone.folder} has no remote {remote!r}; it has: {known}")
        return RemoteAddress(_rewritten(remote, configured))
    urls = listed.splitlines()
    if len(urls) > 1:
        shown = ", ".join(without_credentials(url) for url in urls)
        raise PublishError(
            f"the remote {remote!r} pushes to several addresses: {shown}",
            hint="Name the one that Pages serves with --remote.",
        )
    [url], own = urls, dict(configured)
    found = {setting: own.get(f"remote.{remote}.{name}") for name, setting in _TRANSPORT.items()}
    return RemoteAddress(
        url,
        {f"http.{url}.{setting}": value for setting, value in found.items() if value is not None},
        receive_pack=own.get(f"remote.{remote}.receivepack"),
        upload_pack=own.get(f"remote.{remote}.uploadpack"),
    )


def _settings(clone: Git) -> list[tuple[str, str]]:
    """The user's settings about remotes and addresses, the later ones win."""
    listed = clone.ask("config", "--null", "--get-regexp", r"^(remote|url)\.")
    pairs = (entry.partition("\n") for entry in (listed or "").split("\0") if entry)
    return [(key, value) for key, _, value in pairs]


def _rewritten(url: str, settings: Iterable[tuple[str, str]]) -> str:
    """`url` as git would push to it: the longest `pushInsteadOf` counts, else the longest `insteadOf`."""
    for name in ("pushinsteadof", "insteadof"):
        rules = [
            (start, key.removeprefix("url.").removesuffix(f".{name}"))
            for key, start in settings
            if key.startswith("url.") and key.endswith(f".{name}") and url.startswith(start)
        ]
        if rules:
            start, base = max(rules, key=lambda rule: len(rule[0]))
            return base + url.removeprefix(start)
    return url


def _trace_of_clone(folder: Path) -> Path | None:
    """What makes `folder` or one above it look like a clone, or cannot be looked at."""
    here = real_path(folder)
    for each in (here, *here.parents):
        found = each / ".git"
        try:
            os.lstat(found)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError:
            return found
        return found
    return None
