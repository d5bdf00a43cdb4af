"""`cloud deploy`: put our delivery service up, remember where it is, see whether it answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from miniprogram.clock import to_iso
from miniprogram.deployments.status import CloudStatus, describe
from miniprogram.environments.session import CloudSession
from miniprogram.errors import MiniProgramError
from miniprogram.seams.cloud_provider import DeploymentStatus, Progress
from miniprogram.state.env_file import save_values


@dataclass(frozen=True, slots=True)
class DeployReport:
    """What was deployed. `remembered` are the values written into the environment, by name."""

    status: CloudStatus
    remembered: dict[str, object]


def deploy(session: CloudSession, *, progress: Progress, now: datetime) -> DeployReport:
    """Create or update the deployment of an environment.

    What the provider wants kept, and the API base URL, are stored in the environment even when the deployment
    turns out ill. Raises MiniProgramError with the cause when it cannot be deployed.
    """
    status = session.provider.deployment().deploy(progress)
    if not status.exists:
        raise MiniProgramError(f"{status.name} is still missing after it was deployed")
    remembered = _values_to_keep(session, status)
    save_values(session.resolved, session.environment.name, remembered, home=session.home, now=to_iso(now))
    return DeployReport(describe(session, status), remembered)


def _values_to_keep(session: CloudSession, status: DeploymentStatus) -> dict[str, object]:
    values = dict(session.provider.settings_to_keep(status))
    url = status.outputs.get("BackendApiBaseUrl")
    if url:
        values.setdefault("apiBaseUrl", url.rstrip("/"))
    return values
