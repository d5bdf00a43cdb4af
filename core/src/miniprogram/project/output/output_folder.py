"""Where a build writes, and how its output is replaced in one step.

The new output is made whole beside the old one, then the two folders change places. A process killed at any point
leaves the old output or the new one.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from miniprogram.errors import ProjectError
from miniprogram.file_lock import file_lock
from miniprogram.project.output.folder_swap import previous_of, swap_folders
from miniprogram.strict_json import read_bounded

DEFAULT_OUTPUT = Path("stac", ".build")
OPTIONS_FILE = Path("lib", "default_stac_options.dart")
PARTS = ("screens", "themes")
LOCK_WAIT_S = 90.0
READ_ONLY = "Where sources may not be written, name another folder with --build-dir."

OUTPUT_OPTION = re.compile(r"outputDir:\s*'([^']*)'")


def output_folder(program_root: Path, elsewhere: Path | None = None) -> Path:
    """Where the build of `program_root` goes: `stac/.build`, or what `lib/default_stac_options.dart` says.

    `elsewhere` is a folder that a person named instead. Raises ProjectError for a place whose replacement would
    destroy sources or something no build made.
    """
    if elsewhere is not None:
        _require_harmless(elsewhere, program_root)
        return elsewhere
    options = program_root / OPTIONS_FILE
    found = OUTPUT_OPTION.search(read_bounded(options).decode("utf-8", "replace")) if options.is_file() else None
    chosen = Path(found[1].strip()) if found and found[1].strip() else DEFAULT_OUTPUT
    folder = Path(os.path.normpath(program_root / chosen))
    _require_harmless(folder, program_root)
    return folder


def replace_output(folder: Path, files: Mapping[str, bytes]) -> bool:
    """Make `folder` hold exactly `files`, by path below it with `/`. Returns whether anything changed.

    Files that stay the same keep their inode and time; the folder's own time says when it was last found to be
    right. Call it while holding `build_lock`.
    """
    try:
        _recover(folder)
        if _same(folder, files):
            os.utime(folder)
            return False
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".new", dir=folder.parent))
        try:
            _fill(fresh, files, folder)
            swap_folders(fresh, folder)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    except OSError as error:
        raise ProjectError(f"{folder} cannot be written: {error.strerror or error}", hint=READ_ONLY) from error
    return True


@contextmanager
def build_lock(program_root: Path, elsewhere: Path | None = None) -> Iterator[None]:
    """Hold off every other build of this mini-program, or every other one into the folder `elsewhere`.

    Raises ProjectError when one takes too long.
    """
    path = program_root / ".mini_program" / "build.lock"
    if elsewhere is not None:
        path = elsewhere.with_name(f".{elsewhere.name}.lock")
    busy = ProjectError(f"another build of {program_root} has not finished for {LOCK_WAIT_S:g} s")
    with ExitStack() as held:
        try:
            held.enter_context(file_lock(path, wait_s=LOCK_WAIT_S, busy=busy))
        except ProjectError as error:
            hint = None if error is busy or elsewhere else READ_ONLY
            raise ProjectError(str(error), hint=hint) from error
        yield


def _require_harmless(folder: Path, program_root: Path) -> None:
    protected = [program_root, *(program_root / name for name in ("stac", "assets", "lib", "backend"))]
    if any(path.is_relative_to(folder) for path in protected) or folder.is_relative_to(
        program_root / "stac" / "screens"
    ):
        raise ProjectError(f"the build output folder {folder} holds sources; name another one")
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise ProjectError(f"{folder} is not a folder: remove it, the build writes there")
    if folder != program_root / DEFAULT_OUTPUT and folder.is_dir():
        foreign = sorted(entry.name for entry in folder.iterdir() if entry.name not in PARTS)
        if foreign:
            raise ProjectError(f"the build output folder {folder} holds {foreign[0]}, which no build made")


def _same(folder: Path, files: Mapping[str, bytes]) -> bool:
    if not folder.is_dir():
        return False
    before = len(f"{folder}{os.sep}")
    paths = (f"{above}{os.sep}{name}" for above, _, names in os.walk(folder) for name in names)
    present = {path[before:].replace(os.sep, "/") for path in paths}
    return present == files.keys() and all(_holds(folder / name, body) for name, body in files.items())


def _holds(path: Path, body: bytes) -> bool:
    try:
        found = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return stat.S_ISREG(found.st_mode) and found.st_size == len(body) and path.read_bytes() == body


def _fill(fresh: Path, files: Mapping[str, bytes], old: Path) -> None:
    fresh.chmod(0o755)
    for part in {name.rpartition("/")[0] for name in files}:
        (fresh / part).mkdir(parents=True, exist_ok=True)
    has_old = old.is_dir()
    for name, body in files.items():
        if not (has_old and _holds(old / name, body) and _linked(old / name, fresh / name)):
            (fresh / name).write_bytes(body)


def _linked(old: Path, new: Path) -> bool:
    try:
        os.link(old, new)
    except OSError:
        return False
    return True


def _recover(folder: Path) -> None:
    """Finish or undo what a killed build left: bring back a folder caught between two renames, drop the rest."""
    previous = previous_of(folder)
    if previous.is_dir():
        if not folder.exists():
            previous.rename(folder)
        else:
            shutil.rmtree(previous)
    for left_over in folder.parent.glob(f".{folder.name}.*.new"):
        shutil.rmtree(left_over, ignore_errors=True)
