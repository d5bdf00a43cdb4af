"""Make a backend workspace: an empty tree, and the records that let commands find it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from miniprogram.clock import to_iso
from miniprogram.errors import DocumentError, MiniProgramError, UsageError
from miniprogram.files import real_path, write_atomic
from miniprogram.state.backend_workspace import BackendWorkspaceRecord, global_workspace_file, workspace_file
from miniprogram.state.home_copy import NO_HOME, write_copy
from miniprogram.state.state_file import NewerSchemaError, StateFile
from miniprogram.state.workspace_location import API_FOLDER, ENTRY_FILES, BackendWorkspace
from miniprogram.strict_json import read_bounded, to_pretty_json

API_FOLDERS = (
    "manifests",
    "screens",
    "assets",
    "themes",
    "rollout-rules",
    "capability-policies",
    "secure-api-policies",
)
KEPT_FOLDERS = (*(API_FOLDER / name for name in API_FOLDERS), Path("backend/pipelines"), Path("backend/storage"))
ENTRY_DOCUMENT = {"schemaVersion": 1, "service": "miniprogram"}
"""The entry file only says whose service this is. It never changes: a later `init` has nothing to overwrite."""


@dataclass(frozen=True, slots=True)
class InitReport:
    """What `backend init` did. Paths are relative to the workspace, sorted."""

    workspace: BackendWorkspace
    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    notes: tuple[str, ...] = ()
    """A sentence when commands elsewhere will not find it."""


def default_root(home: Path, environ: Mapping[str, str]) -> Path:
    """Where a workspace goes when nobody says: below the user's own data. Raises UsageError without any."""
    if home == NO_HOME and not environ.get("LOCALAPPDATA"):
        raise UsageError("there is no home folder: HOME is not set", hint="Name a folder with --root DIR.")
    if sys.platform != "win32":
        return home / ".mini_program" / "backend"
    local = environ.get("LOCALAPPDATA")
    base = Path(local) if local else home / "AppData" / "Local"
    return base / "mini_program" / "backend"


def init_workspace(root: Path, *, home: Path, now: datetime, force: bool = False) -> InitReport:
    """Write the tree and both records. Files that are there already and identical are left alone.

    Raises MiniProgramError, before anything is written, naming files that differ; `force` overwrites them.
    """
    root = real_path(root)
    wanted = _tree()
    unchanged = [name for name, body in wanted.items() if _is(root / name, body)]
    differing = [name for name in wanted if name not in unchanged and (root / name).exists()]
    if differing and not force:
        raise MiniProgramError(
            f"{root} has files that differ from a new workspace: {', '.join(sorted(differing))}",
            hint="Overwrite them with --force.",
        )
    own, copy = workspace_file(root), global_workspace_file(home)
    since = _initialized_at((own, copy), force=force)
    written = [name for name in wanted if name not in unchanged]
    for name in written:
        write_atomic(root / name, wanted[name])
    workspace = BackendWorkspace(root)
    record = _record(workspace, since=since, now=to_iso(now))
    with own.locked():
        own.write(record)
    notes = write_copy(copy, record, home)
    return InitReport(workspace, tuple(sorted(written)), tuple(sorted(unchanged)), notes)


def _tree() -> dict[str, bytes]:
    placeholders = {(folder / ".gitkeep").as_posix(): b"" for folder in KEPT_FOLDERS}
    return placeholders | {ENTRY_FILES[0].as_posix(): to_pretty_json(ENTRY_DOCUMENT) + b"\n"}


def _is(path: Path, body: bytes) -> bool:
    return path.is_file() and read_bounded(path) == body


def _initialized_at(files: tuple[StateFile[BackendWorkspaceRecord], ...], *, force: bool) -> str | None:
    """When the workspace was first made. Both files are read, so that neither is overwritten unread."""
    try:
        local, _ = [file.read() for file in files]
    except DocumentError as error:
        if not force or isinstance(error, NewerSchemaError):
            raise
        return None
    return local.initialized_at_utc if local else None


def _record(workspace: BackendWorkspace, *, since: str | None, now: str) -> BackendWorkspaceRecord:
    return BackendWorkspaceRecord(
        backend_root_path=str(workspace.root),
        api_root_path=str(workspace.api_root),
        service_directory_path=str(workspace.service_directory),
        initialized_at_utc=since or now,
        updated_at_utc=now,
    )
