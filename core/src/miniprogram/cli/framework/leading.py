"""The options that may stand before the command: `miniprogram -C shop --quiet publish`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from miniprogram.errors import UsageError

FOLDER = "-C"
QUIET = ("--quiet", "-q")


@dataclass(frozen=True, slots=True)
class LeadingOptions:
    """What stood there. `cwd` is the folder to run in, `rest` the command line without them."""

    cwd: Path
    rest: tuple[str, ...]
    verbose: bool = False
    locked: bool = False
    quiet: bool = False


def read_leading(words: Sequence[str], cwd: Path) -> LeadingOptions:
    """Take the options in front of `words`. Several `-C` follow each other, as in git.

    Raises UsageError for a `-C` that names no folder.
    """
    flags: set[str] = set()
    at = 0
    while at < len(words):
        word = words[at]
        if word == FOLDER or (word.startswith(FOLDER) and len(word) > len(FOLDER)):
            joined = word != FOLDER
            value = word[len(FOLDER) :] if joined else words[at + 1] if at + 1 < len(words) else ""
            cwd = _folder(value, cwd)
            at += 1 if joined else 2
        elif word in ("--verbose", "--locked", *QUIET):
            flags.add(word)
            at += 1
        else:
            break
    return LeadingOptions(
        cwd,
        tuple(words[at:]),
        verbose="--verbose" in flags,
        locked="--locked" in flags,
        quiet=bool(flags & {*QUIET}),
    )


def _folder(value: str, cwd: Path) -> Path:
    if not value:
        raise UsageError("-C needs the folder to run in")
    folder = cwd / value
    if "\0" in value or not folder.is_dir():
        raise UsageError(f"-C {value}: there is no such folder")
    return Path(os.path.abspath(folder))  # noqa: PTH100 - links in what a person typed stay
