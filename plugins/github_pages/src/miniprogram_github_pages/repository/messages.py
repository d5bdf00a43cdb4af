"""What git says, cleaned for people: its own words without credentials, colours and progress."""

from __future__ import annotations

import re
from collections.abc import Iterator

MOST_LINES = 20
"""Lines of a refusal that are shown."""

_CREDENTIALS = re.compile(r"(?<=://)[^/\s]*@")
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_PROGRESS = re.compile(r"remote: [A-Z][\w ]*: +\d+% \(|\d\d:\d\d:\d\d\.\d+ ")
_NO_IDENTITY = re.compile(
    r"tell me who you are|identity unknown|empty ident name|auto-detection is disabled|unable to auto-detect"
)
_TELLING = ("fatal:", "error:", "remote:", "!")


def without_credentials(text: str) -> str:
    """`text` with user names and tokens taken out of its URLs."""
    return _CREDENTIALS.sub("", text)


def failure(command: str, stderr: str) -> str:
    """One sentence about a `git command` that failed, with git's reasons."""
    if _NO_IDENTITY.search(stderr):
        return "git does not know who commits: set user.name and user.email with `git config`"
    lines = list(_clean(stderr))
    telling = [line for line in lines if line.startswith(_TELLING)]
    reasons = [line.removeprefix("fatal: ") for line in telling or lines[-1:] or ["no message"]]
    return f"git {command} failed: {'; '.join(dict.fromkeys(reasons))}"


def refusal(branch: str, output: str) -> str:
    """A sentence about a refused push, and below it what git, the hooks and the remote said, line by line."""
    lines = [line for line in _clean(output) if not _is_frame(line)] or list(_clean(output)) or ["no message"]
    if len(lines) > MOST_LINES:
        lines = [*lines[:MOST_LINES], f"… and {len(lines) - MOST_LINES} lines more"]
    return "\n  ".join([f"git push to {branch} was refused:", *lines])


def _clean(text: str) -> Iterator[str]:
    for raw in without_credentials(_ESCAPES.sub("", text)).splitlines():
        line = "".join(character if character.isprintable() else " " for character in raw).strip()
        if line not in ("", "remote:") and not _PROGRESS.match(line):
            yield re.sub(r"^!\s+\S+:refs/\S+\s+", "! ", line)


def _is_frame(line: str) -> bool:
    """Whether the line stands around every refusal and tells nothing about this one."""
    return line == "Done" or line.startswith(("To ", "hint:", "error: failed to push some refs"))
