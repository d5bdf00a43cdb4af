"""`publisher_backend.local.json`: the running mock publisher backend of a mini-program."""

from __future__ import annotations

from pathlib import Path

from miniprogram.processes import ProcessId
from miniprogram.state.state_file import STATE_FOLDER, StateFile, StateModel

SCHEMA = 1


class RunningPublisherBackend(StateModel):
    """A started publisher backend. Paths are absolute; `created` is the process creation time in epoch seconds."""

    schema_version: int = SCHEMA
    mini_program_root_path: str
    backend_root_path: str
    pid: int
    port: int
    bind_host: str
    health_check_url: str
    stdout_log_path: str
    stderr_log_path: str
    started_at_utc: str
    process_created: float | None = None

    @property
    def process(self) -> ProcessId:
        return ProcessId(self.pid, self.process_created)


WHEN_BROKEN = (
    "Delete it: `miniprogram publisher-backend run` writes it anew, and says whether a server still runs."
)


def running_backend_file(program_root: Path) -> StateFile[RunningPublisherBackend]:
    """The state file of the mini-program at `program_root`."""
    path = program_root / STATE_FOLDER / "publisher_backend.local.json"
    return StateFile(path, RunningPublisherBackend, newest_schema=SCHEMA, when_broken=WHEN_BROKEN)
