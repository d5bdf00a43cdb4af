"""`cloud permissions`: what the user of an environment has to be allowed, to hand to who manages the account."""

from __future__ import annotations

from typing import Any

from miniprogram.environments.session import CloudSession
from miniprogram.errors import MiniProgramError
from miniprogram.models import CamelModel
from miniprogram.seams.cloud_provider import PermissionStating


class PermissionsReport(CamelModel):
    """The document of `cloud permissions --json`. `policy` is as the environment's cloud takes it."""

    schema_version: int = 1
    command: str = "cloud permissions"
    provider: str
    environment_name: str
    policy: dict[str, Any]


def permissions_report(session: CloudSession) -> PermissionsReport:
    """What publishing and deploying need. Raises MiniProgramError when the provider states no permissions."""
    provider = session.provider
    if not isinstance(provider, PermissionStating):
        raise MiniProgramError(
            f"the provider {session.provider_name} of {session.name} states no permissions",
            hint="Who may write into its store may publish.",
        )
    return PermissionsReport(
        provider=session.environment.provider,
        environment_name=session.environment.name,
        policy=dict(provider.permission_policy()),
    )
