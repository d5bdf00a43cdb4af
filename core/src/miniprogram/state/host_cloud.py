"""`host_cloud.json`: which environment a host app was bound to, and the delivery URL it had then."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, StrictStr

from miniprogram.clock import to_iso
from miniprogram.seams.endpoint_rules import check_base_url
from miniprogram.state.env_file import is_env_name
from miniprogram.state.state_file import STATE_FOLDER, StateFile, StateModel


def _name(text: str) -> str:
    if not is_env_name(text):
        raise ValueError("must be letters, digits, dots, underscores or hyphens")
    return text


Name = Annotated[StrictStr, AfterValidator(_name)]


class HostCloud(StateModel):
    """The document. `backend_api_base_url` has no trailing slash."""

    environment_name: Name
    provider: Name
    backend_api_base_url: Annotated[StrictStr, AfterValidator(check_base_url)]
    configured_at_utc: StrictStr
    updated_at_utc: StrictStr


def host_cloud_file(project_root: Path) -> StateFile[HostCloud]:
    """The state file of the host app in `project_root`."""
    return StateFile(project_root / STATE_FOLDER / "host_cloud.json", HostCloud)


def bind_host(project_root: Path, *, environment: str, provider: str, url: str, now: datetime) -> HostCloud:
    """Remember the environment and its URL. The moment of the first binding is kept."""
    stamp = to_iso(now)

    def bound(before: HostCloud | None) -> HostCloud:
        facts = {"environmentName": environment, "provider": provider, "backendApiBaseUrl": url}
        times = {"configuredAtUtc": before.configured_at_utc if before else stamp, "updatedAtUtc": stamp}
        earlier = before.model_dump(by_alias=True) if before else {}
        return HostCloud.model_validate({**earlier, **facts, **times})

    return host_cloud_file(project_root).update(bound)
