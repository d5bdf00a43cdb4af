"""`backend_workspace.json`: where a local backend lives. In the workspace and, mirrored, in the home folder."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from miniprogram.state.state_file import STATE_FOLDER, StateFile, StateModel

SCHEMA_VERSION = 1


class BackendWorkspaceRecord(StateModel):
    """The last `backend init`. Paths are absolute; `initialized_at_utc` survives a second init."""

    schema_version: int = SCHEMA_VERSION
    backend_root_path: str = Field(min_length=1)
    api_root_path: str = Field(min_length=1)
    service_directory_path: str = Field(min_length=1)
    initialized_at_utc: str = Field(min_length=1)
    updated_at_utc: str = Field(min_length=1)


def workspace_file(root: Path) -> StateFile[BackendWorkspaceRecord]:
    """The record in the backend workspace, or any folder, `root`."""
    return _file(root / STATE_FOLDER / "backend_workspace.json")


def global_workspace_file(home: Path) -> StateFile[BackendWorkspaceRecord]:
    """The record of whichever workspace was initialised last, for commands run outside of it."""
    return _file(home / STATE_FOLDER / "global_backend_workspace.json")


def _file(path: Path) -> StateFile[BackendWorkspaceRecord]:
    return StateFile(path, BackendWorkspaceRecord, newest_schema=SCHEMA_VERSION)
