"""Which files of a mini-program are watched, and how they look at one moment."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from miniprogram.project.location import MANIFEST_NAME
from miniprogram.project.source_tree import SCRATCH_SUFFIXES, SKIPPED_FOLDERS

FILES = (MANIFEST_NAME, "preview.toml")
"""In the root folder itself."""
FOLDERS = ("stac", "assets", "lib")

State: TypeAlias = tuple[int, int, int]
"""Size, and nanoseconds of the last change to content and to the file. Inodes change in some network folders."""
Snapshot: TypeAlias = dict[str, State]
"""Every source by its absolute path."""


def is_source(path: Path, program_root: Path, output: Path) -> bool:
    """Whether a change of the absolute `path` can change what a build makes, or what a preview serves."""
    if not path.is_relative_to(program_root) or (output != program_root and path.is_relative_to(output)):
        return False
    parts = path.relative_to(program_root).parts
    if len(parts) == 1 and parts[0] in FILES:
        return True
    if len(parts) < 2 or parts[0] not in FOLDERS:
        return False
    if any(part.startswith(".") for part in parts) or path.name.endswith(SCRATCH_SUFFIXES):
        return False
    return parts[0] == "assets" or not any(part in SKIPPED_FOLDERS for part in parts)


def source_folders(program_root: Path) -> dict[Path, int]:
    """The source folders that are there, with their inodes: one replaced by another of its name is another."""
    found: dict[Path, int] = {}
    for name in FOLDERS:
        folder = program_root / name
        try:
            status = folder.stat()
        except OSError:
            continue
        if folder.is_dir() and (name != "lib" or (program_root / "pubspec.yaml").is_file()):
            found[folder] = status.st_ino
    return found


def take_snapshot(program_root: Path, output: Path) -> Snapshot:
    """How all sources look now. What cannot be read counts as not there."""
    found: Snapshot = {}
    for path in (*(program_root / name for name in FILES), *source_folders(program_root)):
        found.update(look_at(path, program_root, output))
    return found


def look_at(path: Path, program_root: Path, output: Path) -> Iterator[tuple[str, State]]:
    """`path`, or the sources below it when it is a folder."""
    if path.is_dir():
        yield from _below(str(path), program_root, output, set())
    elif is_source(path, program_root, output) and (state := _state(str(path))):
        yield str(path), state


def _below(
    folder: str, program_root: Path, output: Path, seen: set[tuple[int, int]]
) -> Iterator[tuple[str, State]]:
    """`seen` are the folders on the way, by device and inode: links may lead in a circle."""
    try:
        status = os.stat(folder)  # noqa: PTH116 - this runs over thousands of files, again and again
        with os.scandir(folder) as entries:
            listed = [(entry.path, entry.name, entry.is_dir()) for entry in entries]
    except OSError:
        return
    key = (status.st_dev, status.st_ino)
    if key in seen and key != (0, 0):
        return
    for path, name, is_folder in listed:
        if name.startswith(".") or (not is_folder and name.endswith(SCRATCH_SUFFIXES)):
            continue
        if is_folder:
            if _is_entered(Path(path), program_root, output):
                yield from _below(path, program_root, output, seen | {key})
        elif state := _state(path):
            yield path, state


def _is_entered(folder: Path, program_root: Path, output: Path) -> bool:
    if folder == output and output != program_root:
        return False
    return folder.name not in SKIPPED_FOLDERS or folder.relative_to(program_root).parts[0] == "assets"


def _state(path: str) -> State | None:
    try:
        status = os.stat(path)  # noqa: PTH116
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns
