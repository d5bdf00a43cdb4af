"""Which files of a mini-program are screens, and which only serve them.

A file is a screen source when it lies in `stac/screens/` (at any depth) or directly in `stac/`, a theme
source in `stac/themes/` or `stac/theme/`. Everything else under `stac/`, such as `stac/components/`, is there
to be imported, and so is a file whose name starts with `_`. Hidden files and folders are never looked at. A
source may take files from anywhere below `stac/` instead (`ScreenSourceSpec.anywhere`).
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from miniprogram.errors import ProjectError
from miniprogram.files import is_inside
from miniprogram.plugins.specs import ScreenSourceSpec
from miniprogram.project.findings import BuildFinding
from miniprogram.project.misplaced_screens import misplaced_screen
from miniprogram.project.portable_names import as_seen, not_portable

SOURCE_FOLDER = "stac"
ASSETS_FOLDER = "assets"
THEME_FOLDERS = ("themes", "theme")
MAX_FILES = 20_000
"""Most files looked at below `stac/` or `assets/`."""

SCRATCH_SUFFIXES = ("~", ".tmp", ".swp", ".swx", ".pyc", ".orig", ".bak", ".rej", ".crdownload")
"""Ends of the names of files that editors, version control and downloads leave beside others."""
_NO_SOURCE = {"", ".md", ".txt"}
SKIPPED_FOLDERS = {"__pycache__", "node_modules"}
"""Folders below `stac/` that are never entered."""


@dataclass(frozen=True, slots=True)
class SourceTree:
    """The screen and theme files of a mini-program by suffix (`.py`), each list sorted."""

    files: dict[str, list[Path]]
    findings: tuple[BuildFinding, ...] = ()


def scan_sources(
    program_root: Path, sources: Mapping[str, ScreenSourceSpec], *, unusable_plugins: Sequence[str] = ()
) -> SourceTree:
    """Sort the files below `stac/` by their source; a screen no source reads becomes a warning.

    `unusable_plugins` are sentences about plugins that would perhaps read it. Raises ProjectError when there is no
    `stac/` folder, or when something in it is a link out of the mini-program.
    """
    folder = program_root / SOURCE_FOLDER
    if not folder.is_dir():
        raise ProjectError(f"{folder} is missing: it holds the screens of a mini-program")
    files: dict[str, list[Path]] = {}
    findings: list[BuildFinding] = []
    links: list[Path] = []
    for file in walk_inside(folder, program_root, links):
        findings.extend(unportable_names([shown(file, program_root)]))
        suffix = file.suffix.lower()
        if file.name.endswith(SCRATCH_SUFFIXES):
            continue
        spec = sources.get(suffix)
        if not _is_source(file, program_root) and not (spec and spec.anywhere):
            findings.extend(misplaced_screen(file, shown(file, program_root)))
            continue
        if spec is not None:
            files.setdefault(suffix, []).append(file)
        elif suffix not in _NO_SOURCE:
            findings.append(_unread(shown(file, program_root), suffix, sources, unusable_plugins))
    findings.extend(
        _unread_link(shown(link, program_root)) for link in links if _holds_screens(link, program_root)
    )
    return SourceTree(files, tuple(findings))


def unportable_names(files: Iterable[str]) -> Iterator[BuildFinding]:
    """Those of `files`, relative to the mini-program, that a colleague on another system cannot have."""
    for file in files:
        if reason := next(filter(None, map(not_portable, file.split("/"))), None):
            yield BuildFinding("warning", "name_not_portable", file, reason)


UNREAD = "screen_source_unknown"
"""The code of the finding about what stands where screens are expected and nothing reads."""


def asset_paths(program_root: Path) -> frozenset[str]:
    """Every file below `assets/`, relative to it, with `/`, in the form that names are compared in."""
    folder = program_root / ASSETS_FOLDER
    if not folder.is_dir():
        return frozenset()
    return frozenset(as_seen(shown(file, folder)) for file in walk_inside(folder, program_root))


def kind_of(file: Path, program_root: Path) -> str:
    """`screen` or `theme`, by the folder a source file lies in."""
    folder = _parts_below_source(file, program_root)[0]
    return "theme" if folder in THEME_FOLDERS else "screen"


def shown(file: Path, program_root: Path) -> str:
    """`file` as people are told about it: relative to the mini-program, with `/`."""
    text, before = str(file), f"{program_root}{os.sep}"
    if text.startswith(before):  # asked several times for every file: much cheaper than pathlib's own way
        return text[len(before) :].replace(os.sep, "/")
    return file.relative_to(program_root).as_posix()


def _parts_below_source(file: Path, program_root: Path) -> list[str]:
    """The names on the way from `stac/`, where `file` lies, to it."""
    return shown(file, program_root).split("/")[1:]


def walk_inside(folder: Path, program_root: Path, links: list[Path] | None = None) -> Iterator[Path]:
    """The files below `folder` in path order, without hidden ones.

    Links to folders are not followed, but added to `links`. Raises ProjectError for a link that leads out of
    `program_root`, and when there are too many files.
    """
    count = 0
    skipped = SKIPPED_FOLDERS if folder.name == SOURCE_FOLDER else ()
    waiting = [folder]
    while waiting:
        folders, others = _listed(waiting.pop())
        below = [entry for entry in folders if entry.name not in skipped]
        for entry in below:
            if _leads_elsewhere(entry, program_root) and links is not None:
                links.append(Path(entry.path))
        for entry in others:
            count += 1
            if count > MAX_FILES:
                raise ProjectError(f"{folder} holds more than {MAX_FILES} files")
            _leads_elsewhere(entry, program_root)
            file = Path(entry.path)
            if entry.is_file(follow_symlinks=False) or file.is_file():
                yield file
        waiting += [Path(entry.path) for entry in reversed(below) if not entry.is_symlink()]


def _listed(folder: Path) -> tuple[list[os.DirEntry[str]], list[os.DirEntry[str]]]:
    """The folders in `folder`, links to such included, and everything else, by name and without hidden ones."""
    try:
        with os.scandir(folder) as listing:
            entries = sorted((entry for entry in listing if entry.name[0] != "."), key=lambda entry: entry.name)
    except OSError as error:
        raise ProjectError(f"{error.filename} cannot be read: {error.strerror or error}") from error
    folders = [entry for entry in entries if _is_folder(entry)]
    return folders, [entry for entry in entries if not _is_folder(entry)]


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads back to itself
        return False


def _is_source(file: Path, program_root: Path) -> bool:
    parts = _parts_below_source(file, program_root)
    if file.name.startswith("_"):
        return False
    return len(parts) == 1 or parts[0] == "screens" or parts[0] in THEME_FOLDERS


def _holds_screens(link: Path, program_root: Path) -> bool:
    """Whether what lies below a linked folder would be screens if the folder were no link."""
    return not link.name.startswith("_") and _is_source(link / "a", program_root)


def _leads_elsewhere(entry: os.DirEntry[str], program_root: Path) -> bool:
    """Whether `entry` is a link. Raises ProjectError for one that leads out of the mini-program."""
    if not entry.is_symlink():
        return False
    path = Path(entry.path)
    if not is_inside(path, program_root):
        raise ProjectError(f"{shown(path, program_root)} is a link that leads out of the mini-program")
    return True


def _unread(file: str, suffix: str, suffixes: Collection[str], unusable: Sequence[str]) -> BuildFinding:
    advice = (
        " ".join(unusable)
        or f"use {', '.join(sorted(suffixes))}, install what reads such files, or put a _ before the name"
    )
    text = f"nothing reads {suffix} files, so no version with this one can be published"
    return BuildFinding("warning", UNREAD, file, text, "", advice)


def _unread_link(link: str) -> BuildFinding:
    text = "links to folders are not followed, so no version with the screens behind this one can be published"
    return BuildFinding("warning", UNREAD, link, text, "", "put the folder itself there, or a _ before its name")
