"""`delivery.json` of an environment: the delivery server that runs for it; there while it should be running."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from miniprogram.processes import ProcessId
from miniprogram.state.state_file import STATE_FOLDER, StateFile, StateModel

SCHEMA = 1


class DeliveryProcess(StateModel):
    """A started delivery server. `settings` are the ones it was started with: others need a restart."""

    schema_version: int = SCHEMA
    pid: int = Field(gt=0)
    process_created_at: float | None = None
    """Seconds since the epoch at which the process was made; tells it from a later one with the same pid."""
    port: int = Field(ge=1, le=65535)
    host: str
    base_url: str
    """Where it answers on this machine, ending in `/`."""
    started_at_utc: str
    settings: dict[str, str]

    @property
    def process(self) -> ProcessId:
        return ProcessId(self.pid, self.process_created_at)


WHEN_BROKEN = "Delete it: `miniprogram cloud deploy` writes it anew, and says whether a server still runs."


class DeploymentFolder:
    """Where the process of an environment keeps its record and its logs."""

    def __init__(self, env_root: Path, environment: str) -> None:
        self.path = env_root / STATE_FOLDER / "cloud" / environment

    @property
    def record(self) -> StateFile[DeliveryProcess]:
        path = self.path / "delivery.json"
        return StateFile(path, DeliveryProcess, newest_schema=SCHEMA, when_broken=WHEN_BROKEN)

    @property
    def stdout_log(self) -> Path:
        return self.path / "delivery.out.log"

    @property
    def stderr_log(self) -> Path:
        return self.path / "delivery.err.log"

    @property
    def logs(self) -> tuple[Path, Path]:
        return self.stdout_log, self.stderr_log
