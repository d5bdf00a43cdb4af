"""`cloud status`: the deployment as its provider tells it, and whether it answers."""

from __future__ import annotations

from typing import NamedTuple

from miniprogram.deployments.account import require_same_account
from miniprogram.environments.session import CloudSession
from miniprogram.models import CamelModel
from miniprogram.provider_kit.health import ask
from miniprogram.seams.cloud_provider import DeploymentStatus

HEALTH_TIMEOUT_S = 5.0


class CloudStatus(CamelModel):
    """The document of `cloud status --json`. `healthy` is null when there is nothing to ask."""

    schema_version: int = 1
    command: str = "cloud status"
    provider: str
    environment_name: str
    stack_name: str
    stage_name: str
    region: str
    stack_exists: bool
    stack_status: str | None
    stack_status_reason: str | None
    api_base_url: str | None
    health_url: str | None
    healthy: bool | None
    health_status_code: int | None
    health_error: str | None
    outputs: dict[str, str]

    @property
    def ok(self) -> bool:
        """Whether the command succeeds: deployed, and not known to be ill."""
        return self.stack_exists and self.healthy is not False


class HealthAnswer(NamedTuple):
    """What asking the health URL gave; all None without one."""

    healthy: bool | None
    status_code: int | None = None
    error: str | None = None


def cloud_status(session: CloudSession) -> CloudStatus:
    """Ask the provider, then the deployment. Raises MiniProgramError when the provider cannot tell."""
    require_same_account(session)
    return describe(session, session.provider.deployment().status())


def describe(session: CloudSession, status: DeploymentStatus) -> CloudStatus:
    """`status` as a report, with one health request when the deployment names a URL for it."""
    health = ask_health(status)
    return CloudStatus(
        provider=session.environment.provider,
        environment_name=session.environment.name,
        stack_name=status.name,
        stage_name=status.stage,
        region=session.provider.address.region,
        stack_exists=status.exists,
        stack_status=status.status,
        stack_status_reason=status.status_reason,
        api_base_url=status.outputs.get("BackendApiBaseUrl"),
        health_url=status.outputs.get("HealthUrl"),
        healthy=health.healthy,
        health_status_code=health.status_code,
        health_error=health.error,
        outputs=dict(sorted(status.outputs.items())),
    )


def ask_health(status: DeploymentStatus) -> HealthAnswer:
    """Whether the deployment answers its health URL with 200 within five seconds."""
    url = status.outputs.get("HealthUrl")
    if not status.exists or not url:
        return HealthAnswer(healthy=None)
    health = ask(url, timeout_s=HEALTH_TIMEOUT_S)
    return HealthAnswer(health.healthy, health.status_code, health.error)
