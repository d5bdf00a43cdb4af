"""Copies of state files in the home folder, for commands that run elsewhere: a convenience."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeVar

from miniprogram.errors import MiniProgramError
from miniprogram.state.state_file import StateFile, StateModel

NO_HOME = Path(os.devnull, "no-home")
"""Stands for the home folder where none is known: nothing is there, and nothing can be written there."""

M = TypeVar("M", bound=StateModel)


def write_copy(file: StateFile[M], document: M, home: Path) -> tuple[str, ...]:
    """Write `document` as the copy `file`. A sentence when that fails; none without a home."""
    if home == NO_HOME:
        return ()
    try:
        with file.locked():
            file.write(document)
    except (MiniProgramError, OSError) as error:
        return (f"Not copied to the home folder, so commands elsewhere do not find it: {error}",)
    return ()
