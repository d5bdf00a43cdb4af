"""git, as the publisher has it set up: its configuration, credentials and hooks stay in force."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from miniprogram.errors import PublishError, ToolError

TIMEOUT_S = 300.0

_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")


class PushRejectedError(PublishError):
    """Somebody else pushed to the branch since it was fetched."""


@dataclass(frozen=True, slots=True)
class Git:
    """git in one folder. Failures are PublishErrors with git's own last words, without credentials."""

    folder: Path
    environ: Mapping[str, str]

    def run(self, *arguments: str, stdin: str | None = None) -> str:
        """Output of `git arguments`, without its last newline."""
        done = self._call(arguments, stdin)
        if done.returncode:
            raise PublishError(_sentence(arguments, done.stderr))
        return done.stdout.rstrip("\n")

    def ask(self, *arguments: str) -> str | None:
        """Like `run`, but None when git says no."""
        done = self._call(arguments, None)
        return None if done.returncode else done.stdout.rstrip("\n")

    def push(self, remote: str, commit: str, branch: str) -> None:
        """Push without force. Raises PushRejectedError when the branch has moved on."""
        arguments = ("push", "--quiet", "--", remote, f"{commit}:refs/heads/{branch}")
        done = self._call(arguments, None)
        if not done.returncode:
            return
        if re.search(
            r"non-fast-forward|fetch first|stale info|cannot lock ref|reference already exists", done.stderr
        ):
            raise PushRejectedError(f"the branch {branch} was changed by somebody else meanwhile")
        raise PublishError(_sentence(arguments, done.stderr))

    def _call(self, arguments: tuple[str, ...], stdin: str | None) -> subprocess.CompletedProcess[str]:
        environ = {**os.environ, **self.environ, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
        for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
            environ.pop(name, None)  # set while a git hook runs; they would lead us into another repository
        try:
            return subprocess.run(
                ["git", *arguments],
                cwd=self.folder,
                env=environ,
                input=stdin or "",
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=TIMEOUT_S,
                check=False,
            )
        except FileNotFoundError:
            raise ToolError("git is not on PATH") from None
        except subprocess.TimeoutExpired:
            raise PublishError(f"git {arguments[0]} gave no answer within {TIMEOUT_S:g} s") from None


def without_credentials(text: str) -> str:
    """`text` with user names and tokens taken out of its URLs."""
    return _CREDENTIALS.sub("", text)


def _sentence(arguments: tuple[str, ...], stderr: str) -> str:
    lines = [line for line in without_credentials(stderr).splitlines() if line.strip()]
    if any("tell me who you are" in line or "identity unknown" in line for line in lines):
        return "git does not know who commits: set user.name and user.email with `git config`"
    telling = [line for line in lines if line.startswith(("fatal:", "error:", "remote:", " ! "))]
    reason = (telling or lines or ["no message"])[0].strip()
    return f"git {arguments[0]} failed: {reason.removeprefix('fatal: ')}"
