"""From which commit a mini-program is built, as git says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from miniprogram.errors import ToolError
from miniprogram.tools import run_tool

TIMEOUT_S = 30.0
_OURS = (":(top,exclude,glob)**/stac/.build/**", ":(top,exclude,glob)**/.mini_program/**")
"""What this tool writes itself changes no source."""
_READ = ("manifest.json", "stac", "assets", ":(exclude,glob)stac/.build/**", ":(exclude,glob)**/__pycache__/**")
"""What a build reads in a mini-program's folder."""


@dataclass(frozen=True, slots=True)
class SourceRevision:
    """A commit in a repository. `dirty`: what was built may differ from it, as something was not committed."""

    commit: str
    """Lower-case hex."""
    dirty: bool
    repository: str | None = None
    """Address of `origin`, without user name and password; None where there is none."""
    folder: str = ""
    """The mini-program's folder in the repository, `/`-joined, without slashes at either end."""


def source_revision(folder: Path, environ: Mapping[str, str]) -> SourceRevision | None:
    """The commit `folder` stands at; None where git knows none, or is not installed."""

    def git(*arguments: str) -> str:
        quiet = {**environ, "GIT_OPTIONAL_LOCKS": "0"}
        words = ["git", "-c", "core.fsmonitor=false", *arguments]
        return run_tool(words, cwd=folder, timeout_s=TIMEOUT_S, environ=quiet)

    try:
        commit = git("rev-parse", "--verify", "HEAD").strip()
        prefix = git("rev-parse", "--show-prefix").strip()
        ignored = git("ls-files", "--others", "--", *_READ)  # those too that git is told to overlook
        changed = git("status", "--porcelain", "--untracked-files=normal", "--", ":(top)", *_OURS)
    except ToolError:
        return None
    try:
        origin = git("remote", "get-url", "origin").strip()
    except ToolError:
        origin = ""
    return SourceRevision(
        commit, bool(changed.strip() or ignored.strip()), _without_secrets(origin), prefix.strip("/")
    )


def _without_secrets(address: str) -> str | None:
    """An address without what somebody logs in with; None for a folder on this machine."""
    if "://" not in address:  # git's own short form, user@host:path, or a path
        host, colon, path = address.partition(":")
        return f"ssh://{host.rpartition('@')[2]}/{path.lstrip('/')}" if colon and "@" in host else None
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https", "ssh", "git"):
        return None
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
