"""What ssh makes of the names in a remote's address."""

from __future__ import annotations

import os
import shlex

from miniprogram.errors import ToolError
from miniprogram.tools import run_tool
from miniprogram_github_pages.repository.git import Git

TIMEOUT_S = 10.0


def ssh_host(clone: Git, name: str) -> str:
    """The machine that ssh, as `clone` runs it, connects to for `name`. `name` itself when it does not tell."""
    environ = {**os.environ, **clone.environ}
    try:
        command = shlex.split(environ.get("GIT_SSH_COMMAND") or clone.ask("config", "core.sshCommand") or "ssh")
        said = run_tool([*command, "-G", "--", name], cwd=clone.folder, timeout_s=TIMEOUT_S, environ=environ)
    except (ToolError, ValueError, OSError):
        return name
    words = (line.split(" ", 1) for line in said.splitlines())
    return next((pair[1].strip() for pair in words if pair[0] == "hostname" and len(pair) == 2), name)
