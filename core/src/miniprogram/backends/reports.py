"""JSON reports of the publisher backend commands."""

from __future__ import annotations

from typing import Any

from miniprogram.backends.local_runner import BackendStatus
from miniprogram.backends.urls import local_urls
from miniprogram.models import CamelModel


class LocalUrlsReport(CamelModel):
    desktop_web: str
    android_emulator: str
    android_usb: str


class LocalStatusReport(CamelModel):
    """`publisher-backend status --json`. The last six members are there only with a state file."""

    schema_version: int = 1
    command: str = "publisher-backend status"
    has_state: bool
    process_alive: bool
    healthy: bool
    health_status_code: int | None
    health_error: str | None
    mini_program_root_path: str | None = None
    backend_root_path: str | None = None
    pid: int | None = None
    port: int | None = None
    health_check_url: str | None = None
    urls: LocalUrlsReport | None = None


def status_document(status: BackendStatus) -> dict[str, Any]:
    """The report as JSON; members that need a state file are absent without one."""
    state = status.state
    report = LocalStatusReport(
        has_state=state is not None,
        process_alive=status.process_alive,
        healthy=status.health.healthy,
        health_status_code=status.health.status_code,
        health_error=status.health.error,
    )
    document = report.model_dump(mode="json", by_alias=True)
    if state is None:
        return {key: value for key, value in document.items() if key in _ALWAYS}
    located = report.model_copy(
        update={
            "mini_program_root_path": state.mini_program_root_path,
            "backend_root_path": state.backend_root_path,
            "pid": state.pid,
            "port": state.port,
            "health_check_url": state.health_check_url,
            "urls": LocalUrlsReport(**local_urls(state.port)._asdict()),
        }
    )
    return located.model_dump(mode="json", by_alias=True)


_ALWAYS = (
    "schemaVersion",
    "command",
    "hasState",
    "processAlive",
    "healthy",
    "healthStatusCode",
    "healthError",
)
