"""`backend.local.json`: the local backend that runs in a workspace; there while it should be running."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from miniprogram.state.state_file import STATE_FOLDER, StateFile, StateModel


class BackendProcess(StateModel):
    """A started local backend. Log paths are absolute."""

    pid: int = Field(gt=0)
    port: int = Field(ge=1, le=65535)
    bind_host: str = Field(min_length=1)
    health_check_url: str = Field(pattern=r"^http://")
    stdout_log_path: str
    stderr_log_path: str
    started_at_utc: str
    process_created_at: float | None = None
    """Seconds since the epoch at which the process was made; tells it from a later one with the same pid."""


WHEN_BROKEN = "Delete it: `miniprogram backend start` writes it anew, and says whether a server still runs."


def backend_process_file(root: Path) -> StateFile[BackendProcess]:
    """The record in the backend workspace `root`."""
    return StateFile(root / STATE_FOLDER / "backend.local.json", BackendProcess, when_broken=WHEN_BROKEN)
