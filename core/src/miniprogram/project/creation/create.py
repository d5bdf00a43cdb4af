"""Put a new mini-program on disk: whole into a new folder, file by file with backups into an existing one."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from miniprogram.errors import MiniProgramError, ProjectError
from miniprogram.files import is_inside, write_atomic
from miniprogram.project.creation.new_program import NewProgram
from miniprogram.project.creation.scaffold import program_files
from miniprogram.project.location import MANIFEST_NAME, infer_program_id
from miniprogram.project.source_tree import ASSETS_FOLDER, SOURCE_FOLDER

BACKUPS = Path(".mini_program", "replaced")


@dataclass(frozen=True, slots=True)
class CreateReport:
    """What `create` did. Paths are relative to `root`, sorted."""

    root: Path
    created_paths: tuple[str, ...]
    """Every file the scaffold manages, new or not."""
    replaced_paths: tuple[str, ...] = ()
    """Those of them that were there with another content."""
    backup_folder: Path | None = None
    """Where the replaced ones were kept, under their own paths."""


def create_program(new: NewProgram, root: Path, *, force: bool, now: datetime) -> CreateReport:
    """Write the mini-program `new` to the folder `root`.

    A folder that holds something is refused without `force`. With it the scaffold's own files are written
    again, those that differ are kept in `.mini_program/replaced/` first, and all other files stay as they
    are. Raises ProjectError.
    """
    files = program_files(new)
    if root.is_symlink() or (root.exists() and not root.is_dir()):
        raise ProjectError(f"{root} is not a folder")
    if root.is_dir() and any(root.iterdir()):
        if not force:
            hint = "Choose another folder with --output-root, or write over the scaffold's own files with --force."
            raise ProjectError(f"{root} is not empty", hint=hint)
        return _write_over(root, files, now)
    if root.is_dir():
        return _write_over(root, files, now)
    _write_new(root, files)
    return CreateReport(root, _shown(files))


def require_outside(root: Path, *, was_named: bool) -> None:
    """Raises ProjectError when the new folder `root` would lie in another mini-program.

    One that a person named may, but not among what that mini-program publishes.
    """
    for folder in root.parents:
        if not (folder / MANIFEST_NAME).is_file():
            continue
        try:
            around = infer_program_id(explicit_root=folder, cwd=folder)
        except MiniProgramError:
            continue  # some other kind of manifest
        published = root.relative_to(folder).parts[0] in (SOURCE_FOLDER, ASSETS_FOLDER)
        if published or not was_named:
            raise ProjectError(
                f"{root} would lie in the mini-program {around} of {folder}",
                hint="Go to another folder, or name one with --output-root.",
            )


def _write_new(root: Path, files: Mapping[PurePosixPath, bytes]) -> None:
    """Make the folder aside and move it into place, so that it is there whole or not at all."""
    try:
        root.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{root.name}.", suffix=".new", dir=root.parent))
        try:
            aside.chmod(0o755)
            for path, body in files.items():
                target = aside / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(body)
            aside.rename(root)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        raise ProjectError(f"{root} cannot be written: {error.strerror or error}") from error


def _write_over(root: Path, files: Mapping[PurePosixPath, bytes], now: datetime) -> CreateReport:
    for path in files:
        _require_writable(root, path)
    changed = {path: body for path, body in files.items() if not _holds(root / path, body)}
    replaced = [path for path in changed if (root / path).is_file()]
    backup = _back_up(root, replaced, now) if replaced else None
    for path, body in changed.items():
        write_atomic(root / path, body)
    return CreateReport(root, _shown(files), _shown(replaced), backup)


def _require_writable(root: Path, path: PurePosixPath) -> None:
    target = root / path
    if not is_inside(target, root):
        raise ProjectError(f"{target} leads out of {root} through a link")
    if target.is_dir():
        raise ProjectError(f"{target} is a folder; the scaffold has a file there")
    for parent in list(path.parents)[:-1]:
        if (root / parent).exists() and not (root / parent).is_dir():
            raise ProjectError(f"{root / parent} is a file; the scaffold has a folder there")


def _holds(path: Path, body: bytes) -> bool:
    try:
        return path.is_file() and path.stat().st_size == len(body) and path.read_bytes() == body
    except OSError as error:
        raise ProjectError(f"{path} cannot be read: {error.strerror or error}") from error


def _back_up(root: Path, paths: list[PurePosixPath], now: datetime) -> Path:
    """Copy `paths` to a new folder named after the moment."""
    stamp = now.strftime("%Y%m%dT%H%M%SZ")
    folder = root / BACKUPS / stamp
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        if folder.exists():
            folder = Path(tempfile.mkdtemp(prefix=f"{stamp}-", dir=folder.parent))
        for path in paths:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / path, folder / path)
    except OSError as error:
        raise ProjectError(
            f"{folder} cannot be written: {error.strerror or error}; nothing was changed"
        ) from error
    return folder


def _shown(paths: Mapping[PurePosixPath, bytes] | list[PurePosixPath]) -> tuple[str, ...]:
    return tuple(sorted(path.as_posix() for path in paths))
