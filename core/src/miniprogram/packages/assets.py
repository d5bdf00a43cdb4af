"""The files below `assets/`, as they go into a bundle."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from miniprogram.delivery.evaluation.path_segments import is_safe_file_name
from miniprogram.errors import ProjectError
from miniprogram.files import is_inside
from miniprogram.packages.limits import MAX_ASSET_BYTES
from miniprogram.strict_json import read_bounded

FOLDER = "assets"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file and the path it has in a bundle: `assets/…`, `/`-joined, in Unicode's composed form."""

    path: str
    file: Path

    def read(self) -> bytes:
        return read_bounded(self.file, max_bytes=MAX_ASSET_BYTES)


@dataclass(frozen=True, slots=True)
class AssetScan:
    """`assets` by ascending path; `notes` are sentences about what was left out."""

    assets: tuple[Asset, ...]
    notes: tuple[str, ...]


def scan_assets(program_root: Path) -> AssetScan:
    """All files below `assets/`. Hidden files and symlinks are left out, the latter with a note.

    Raises ProjectError for a symlink that leads out of the mini-program and for names no URL can carry.
    """
    folder = program_root / FOLDER
    if folder.is_symlink():
        raise ProjectError(f"{folder} is a symlink; only a folder is published")
    notes: list[str] = []
    assets = list(_walk(folder, FOLDER, program_root, notes)) if folder.is_dir() else []
    return AssetScan(tuple(sorted(assets, key=lambda asset: asset.path)), tuple(notes))


def _walk(folder: Path, base: str, program_root: Path, notes: list[str]) -> Iterator[Asset]:
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        raise ProjectError(f"{folder} cannot be read: {error.strerror or error}") from error
    for entry in entries:
        if entry.name.startswith("."):
            continue
        path = f"{base}/{_checked(entry.name, base)}"
        if entry.is_symlink():
            _check_link(Path(entry.path), path, program_root)
            notes.append(f"{path} is a symlink and was left out")
        elif entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path), path, program_root, notes)
        elif stat.S_ISREG(entry.stat(follow_symlinks=False).st_mode):
            yield Asset(path, Path(entry.path))
        else:
            notes.append(f"{path} is not a regular file and was left out")


def _checked(name: str, base: str) -> str:
    composed = unicodedata.normalize("NFC", name)
    try:
        composed.encode()
    except UnicodeEncodeError:
        raise ProjectError(f"a file name in {base} is not UTF-8: {os.fsencode(name)!r}") from None
    if not is_safe_file_name(composed) or not composed.isprintable():
        raise ProjectError(f"{base}/{composed!r}: this file name cannot be part of a URL")
    return composed


def _check_link(link: Path, path: str, program_root: Path) -> None:
    if not is_inside(link, program_root):
        raise ProjectError(
            f"{path} is a symlink that leads out of the mini-program", hint="Copy the file instead."
        )
