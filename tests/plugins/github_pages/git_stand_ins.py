"""A git that fails when it is told to, and other scripts that stand in for programs."""

from __future__ import annotations

import shutil
from pathlib import Path

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
