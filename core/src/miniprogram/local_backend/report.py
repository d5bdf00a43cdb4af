"""What `backend status --json` prints."""

from __future__ import annotations

from pydantic import ConfigDict

from miniprogram.local_backend.control import BackendStatus
from miniprogram.models import CamelModel
from miniprogram.state.backend_process import BackendProcess


class _Report(CamelModel):
    model_config = ConfigDict(from_attributes=True)


class ProcessReport(_Report):
    """The recorded process: the members every reader of the state file knows."""

    pid: int
    port: int
    bind_host: str
    health_check_url: str
    stdout_log_path: str
    stderr_log_path: str
    started_at_utc: str

    @classmethod
    def of(cls, state: BackendProcess) -> ProcessReport:
        return cls.model_validate(state)


class BackendStatusReport(_Report):
    """State and health. `healthy` is what the health address says, whoever answers there."""

    has_state: bool
    process_alive: bool
    healthy: bool
    health_status_code: int | None
    health_error: str | None
    state: ProcessReport | None

    @classmethod
    def of(cls, status: BackendStatus) -> BackendStatusReport:
        return cls(
            has_state=status.state is not None,
            process_alive=status.alive,
            healthy=status.healthy,
            health_status_code=status.health.status_code if status.health else None,
            health_error=status.health.error if status.health else None,
            state=ProcessReport.of(status.state) if status.state else None,
        )
