"""File names that some systems refuse or cannot tell apart, and names as people see them."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[1-9]|lpt[1-9])(?:\.|\Z)", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[<>:"|?*]')


def as_seen(name: str) -> str:
    """`name` with every accent in the one form that names are compared in, whichever a file system keeps."""
    return unicodedata.normalize("NFC", name)


def not_portable(name: str) -> str | None:
    """Why other systems refuse a file or folder called `name`; None when all take it."""
    if _RESERVED.match(name):
        return f"Windows keeps the name {name.partition('.')[0]!r} for a device"
    if name.endswith((".", " ")):
        return "Windows drops the dot or blank at the end"
    found = _FORBIDDEN.search(name)
    return f"Windows allows no {found[0]!r} in a name" if found else None


def find_as_seen(folder: Path, parts: Sequence[str]) -> Path | None:
    """What people see as `parts` below `folder`, whichever form its accents are stored in; None if nothing is."""
    exact = folder.joinpath(*parts)
    if os.path.lexists(exact) or all(part.isascii() for part in parts):
        return exact
    for part in parts:
        try:
            entries = list(folder.iterdir())
        except (OSError, ValueError):  # no folder, or a name this file system cannot have
            return None
        found = next((entry for entry in entries if as_seen(entry.name) == as_seen(part)), None)
        if found is None:
            return None
        folder = found
    return folder
