"""Which folders may be published into, and which may be cleaned."""

from __future__ import annotations

import os
from pathlib import Path

from miniprogram.errors import PublishError
from miniprogram.files import real_path
from miniprogram.publish.layouts.static import CATALOGUE_FOLDER, FOLDERS, RECORDS_FOLDER

SOURCE_FOLDERS = ("stac", "assets", "lib", "test", ".git", ".mini_program")
"""Folders of a mini-program nothing may be published into."""


def require_harmless(output: Path, program_root: Path) -> None:
    """Raises PublishError when files of a release would lie among the sources of the mini-program."""
    folder, root = real_path(output), real_path(program_root)
    if folder == root:
        raise _refused(output, "is the mini-program itself", f"--output {output / 'public'}")
    for name in SOURCE_FOLDERS:
        if folder.is_relative_to(root / name):
            raise _refused(output, f"lies in {name}/, among the sources of the mini-program")
    for name in (*FOLDERS, CATALOGUE_FOLDER):
        if root.is_relative_to(folder / name):
            raise _refused(output, f"would hold the mini-program in its {name}/ folder")
    nearest = next(each for each in (folder, *folder.parents) if each.exists())
    if not nearest.is_dir():
        raise _refused(output, "is not a folder" if nearest == folder else f"cannot be made: {nearest} is a file")


def require_cleanable(output: Path, program_root: Path | None) -> None:
    """Raises PublishError when cleaning `output` could remove something that no publish wrote."""
    folder = real_path(output)
    if program_root is not None and real_path(program_root).is_relative_to(folder):
        raise _refused(output, "holds the mini-program, and --clean would tidy up around it")
    there = [name for name in FOLDERS if os.path.lexists(folder / name)]
    if there and not _was_published(folder):
        raise _refused(output, f"has a {there[0]}/ that no publish made, and --clean would remove it")
    links = [name for name in there if (folder / name).is_symlink()]
    if links:
        raise _refused(output, f"has a symlink {links[0]}, which --clean would have to follow")


def _was_published(folder: Path) -> bool:
    """Every publish writes below `metadata/` before anything else."""
    return (folder / RECORDS_FOLDER).is_dir()


def _refused(output: Path, what: str, instead: str = "another folder") -> PublishError:
    return PublishError(f"{output} {what}", hint=f"Publish into {instead}.")
