"""Which folders a command line names, before anybody has parsed it: their pins hold too."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

PROGRAMS_FOLDER = "mini_programs"


def named_folders(words: Sequence[str], cwd: Path) -> tuple[Path, ...]:
    """Folders among `words`, by path, or by the id of a mini-program in a monorepo above or named.

    Too many are harmless: pins of a folder can only refuse what would load otherwise.
    """
    values = [word.partition("=")[2] if word.startswith("-") else word for word in words]
    texts = [value for value in values if value and "\0" not in value]
    folders = [cwd / text for text in texts if os.path.isdir(cwd / text)]  # noqa: PTH112 - asked at every start
    return tuple(dict.fromkeys([*folders, *_programs(texts, [cwd, *cwd.parents, *folders])]))


def _programs(texts: Sequence[str], monorepos: Sequence[Path]) -> Iterator[Path]:
    for monorepo in monorepos:
        programs = monorepo / PROGRAMS_FOLDER
        if os.path.isdir(programs):  # noqa: PTH112
            yield from (programs / text for text in texts if os.path.isdir(programs / text))  # noqa: PTH112
