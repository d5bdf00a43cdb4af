"""A backend workspace on disk, and how a command finds the one it is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from miniprogram.errors import MiniProgramError
from miniprogram.files import real_path
from miniprogram.state.backend_workspace import BackendWorkspaceRecord, global_workspace_file, workspace_file
from miniprogram.state.state_file import StateFile

API_FOLDER = Path("backend", "api")
SERVICE_FOLDER = Path("backend", "local_backend_service")
ENTRY_FILES = (SERVICE_FOLDER / "service.json", SERVICE_FOLDER / "bin" / "server.dart")
"""A usable root has one of these: ours, or the one of the original Dart service."""

Scope = Literal["explicit", "local", "global", "monorepo"]
"""How a workspace was found: named, recorded above a folder, recorded in the home folder, or a monorepo."""


@dataclass(frozen=True, slots=True)
class BackendWorkspace:
    """A local backend's folder. `root` is absolute and holds `backend/` and `.mini_program/`."""

    root: Path
    scope: Scope = "explicit"

    @property
    def api_root(self) -> Path:
        """What the backend serves: manifests, screens, assets, rules and policies."""
        return self.root / API_FOLDER

    @property
    def service_directory(self) -> Path:
        return self.root / SERVICE_FOLDER

    @property
    def usable(self) -> bool:
        """Whether it has an api folder and the entry file of a service."""
        return self.api_root.is_dir() and any((self.root / entry).is_file() for entry in ENTRY_FILES)


@dataclass(frozen=True, slots=True)
class RecordedWorkspace:
    """A `backend_workspace.json` that was found. The workspace it names may not exist (any more)."""

    workspace: BackendWorkspace
    record: BackendWorkspaceRecord
    path: Path


def require_workspace(
    *,
    explicit: Path | None,
    cwd: Path,
    extra_roots: Sequence[Path],
    home: Path,
    repo_root: Path | None = None,
) -> BackendWorkspace:
    """Like `find_workspace`, but raises MiniProgramError when there is none."""
    found = find_workspace(explicit=explicit, cwd=cwd, extra_roots=extra_roots, home=home, repo_root=repo_root)
    if found is None:
        raise MiniProgramError(
            "there is no local backend workspace here or in the home folder",
            hint="Make one with: miniprogram backend init",
        )
    return found


def find_workspace(
    *,
    explicit: Path | None,
    cwd: Path,
    extra_roots: Sequence[Path],
    home: Path,
    repo_root: Path | None = None,
) -> BackendWorkspace | None:
    """The workspace a command is about: `explicit`, a recorded one, or a monorepo that is usable as one.

    Records are looked for above `cwd`, then above each of `extra_roots`, then in `home`. Raises
    MiniProgramError when `explicit` is not usable, DocumentError when a record is unreadable.
    """
    if explicit is not None:
        return _explicit(explicit)
    for recorded in _records(cwd, extra_roots, home):
        if recorded.workspace.usable:
            return recorded.workspace
    candidates = [repo_root] if repo_root is not None else [cwd, *cwd.parents]
    for root in candidates:
        monorepo = BackendWorkspace(real_path(root), "monorepo")
        if is_monorepo(root) and monorepo.usable:
            return monorepo
    return None


def find_record(*, cwd: Path, extra_roots: Sequence[Path], home: Path) -> RecordedWorkspace | None:
    """The first record, local before global, whether or not its workspace is usable. Reports tell about it."""
    return next(_records(cwd, extra_roots, home), None)


def is_monorepo(root: Path) -> bool:
    """Whether `root` is laid out like the original repository of mini-programs."""
    tooling = root / "packages" / "mini_program_tooling" / "pubspec.yaml"
    return (root / "mini_programs").is_dir() and (root / API_FOLDER).is_dir() and tooling.is_file()


def _explicit(root: Path) -> BackendWorkspace:
    workspace = BackendWorkspace(real_path(root))
    if not workspace.usable:
        missing = API_FOLDER if not workspace.api_root.is_dir() else ENTRY_FILES[0]
        raise MiniProgramError(
            f"{workspace.root} is not a local backend workspace: it has no {missing.as_posix()}",
            hint=f"Make one there with: miniprogram backend init --root {root}",
        )
    return workspace


def _records(cwd: Path, extra_roots: Sequence[Path], home: Path) -> Iterator[RecordedWorkspace]:
    """The nearest local record, then the global one."""
    for start in (cwd, *extra_roots):
        local = _nearest(start)
        if local is not None:
            yield local
            break
    globally = _recorded(global_workspace_file(home), home, "global")
    if globally is not None:
        yield globally


def _nearest(start: Path) -> RecordedWorkspace | None:
    start = real_path(start)
    for folder in (start, *start.parents):
        recorded = _recorded(workspace_file(folder), folder, "local")
        if recorded is not None:
            return recorded
    return None


def _recorded(file: StateFile[BackendWorkspaceRecord], owner: Path, scope: Scope) -> RecordedWorkspace | None:
    record = file.read()
    if record is None:
        return None
    # stored paths are absolute; a relative one can only be meant from the folder that holds the record
    root = real_path(owner / record.backend_root_path)
    return RecordedWorkspace(BackendWorkspace(root, scope), record, file.path)
