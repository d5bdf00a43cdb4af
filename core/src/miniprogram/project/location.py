"""Which mini-program a command is about, and where it lives.

An id is looked for in the order of the contract: an explicit folder, the monorepo, the current folder, a folder of
that name below it. A place counts only when its manifest carries the wanted id.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from miniprogram.errors import DocumentError, ProjectError, UsageError
from miniprogram.files import real_path
from miniprogram.strict_json import parse_json, read_bounded, require_object

MANIFEST_NAME = "manifest.json"
PROGRAMS_FOLDER = "mini_programs"


@dataclass(frozen=True, slots=True)
class ProgramLocation:
    """A mini-program on disk. `root` is absolute and holds a manifest whose id is `program_id`."""

    root: Path
    program_id: str
    repo_root: Path | None = None
    """The monorepo known to the command, whether or not the mini-program lies in it."""
    shown_folder: str = ""
    """What leads from the working folder to `root`, with a `/` at its end: findings begin with it."""
    build_dir: Path | None = None
    """Where its build goes instead of into its own folder; absolute."""

    @property
    def is_repo_managed(self) -> bool:
        """Whether the mini-program is one of the monorepo's own."""
        return self.repo_root is not None and self.root.parent == self.repo_root / PROGRAMS_FOLDER


def locate_program(
    program_id: str | None, *, explicit_root: Path | None, repo_root: Path | None, cwd: Path
) -> ProgramLocation:
    """The mini-program `program_id`, or the one whose manifest lies at `explicit_root` or `cwd`.

    Raises UsageError when no id was given and none can be read, ProjectError when the mini-program is not there or
    a manifest is unreadable, naming every place looked at.
    """
    monorepo = find_monorepo(repo_root, cwd=cwd)
    explicit = None if explicit_root is None else real_path(cwd / explicit_root)
    wanted = infer_program_id(explicit_root=explicit, cwd=cwd) if program_id is None else program_id
    candidates = [explicit] if explicit is not None else list(_candidates(wanted, monorepo, cwd))
    rejected: list[str] = []
    for folder in candidates:
        reason = _mismatch(folder, wanted)
        if reason is None:
            root = real_path(folder)
            return ProgramLocation(root, wanted, monorepo, _shown_folder(root, real_path(cwd)))
        rejected.append(f"{folder} ({reason})")
    raise ProjectError(
        f"there is no mini-program {wanted!r}; checked: {', '.join(rejected)}",
        hint="Name its folder with --mini-program-root, or go there.",
    )


def infer_program_id(*, explicit_root: Path | None, cwd: Path) -> str:
    """The id in the first manifest among `explicit_root` and `cwd`.

    Raises UsageError when there is none, ProjectError when one is there and unreadable.
    """
    folders = [folder for folder in (explicit_root, cwd) if folder is not None]
    without_id: list[Path] = []
    for folder in folders:
        path = folder / MANIFEST_NAME
        if not path.is_file():
            continue
        found = _id_of(path)
        if found is not None:
            return found
        without_id.append(path)
    if without_id:
        raise UsageError(f"{without_id[0]} has no id")
    raise UsageError(
        f"no mini-program id was given and there is no {MANIFEST_NAME} in {' or '.join(map(str, folders))}",
        hint="Name the mini-program, or go to its folder.",
    )


def find_monorepo(explicit: Path | None, *, cwd: Path) -> Path | None:
    """The monorepo named with `--repo-root`, else the nearest one above `cwd`, else None.

    Raises ProjectError when `explicit` is not laid out like one.
    """
    from miniprogram.state.workspace_location import is_monorepo  # deferred: it loads models

    if explicit is None:
        return next((folder for folder in (cwd, *cwd.parents) if is_monorepo(folder)), None)
    root = real_path(cwd / explicit)
    if not is_monorepo(root):
        raise ProjectError(
            f"{root} is not a mini-program monorepo: it needs mini_programs/, backend/api/ and "
            "packages/mini_program_tooling/pubspec.yaml"
        )
    return root


def program_folders(program_id: str, monorepo: Path | None, cwd: Path) -> Iterator[Path]:
    """The folders among those looked at that hold the mini-program `program_id`."""
    return (folder for folder in _candidates(program_id, monorepo, cwd) if _mismatch(folder, program_id) is None)


def _shown_folder(root: Path, cwd: Path) -> str:
    if root == cwd:
        return ""
    if root.is_relative_to(cwd):
        return f"{root.relative_to(cwd).as_posix()}/"
    if cwd.is_relative_to(root):
        return "../" * len(cwd.relative_to(root).parts)
    return f"{root.as_posix()}/"


def _candidates(program_id: str, monorepo: Path | None, cwd: Path) -> Iterator[Path]:
    if monorepo is not None:
        yield monorepo / PROGRAMS_FOLDER / program_id
    yield cwd
    yield cwd / program_id


def _mismatch(folder: Path, wanted: str) -> str | None:
    """Why `folder` is not the wanted mini-program; None when it is."""
    path = folder / MANIFEST_NAME
    if not path.is_file():
        return f"no {MANIFEST_NAME}"
    try:
        found = _id_of(path)
    except DocumentError as error:
        return str(error)
    if found is None:
        return f"its {MANIFEST_NAME} has no id"
    return None if found == wanted else f"its {MANIFEST_NAME} has the id {found!r}"


def _id_of(path: Path) -> str | None:
    body = read_bounded(path)
    try:
        value = require_object(parse_json(body, name=str(path)), name=str(path)).get("id")
    except DocumentError as error:
        if error.line is None:
            raise
        reason = str(error).removeprefix(f"{path} ").partition(" (line ")[0]
        raise DocumentError(f"{path}:{error.line}:{error.column} {reason}") from error
    return value.strip() or None if isinstance(value, str) else None
