"""`cloud permissions`: what the user of an environment has to be allowed, to hand to who manages the account."""

from __future__ import annotations

from collections.abc import Mapping

from miniprogram.environments.session import CloudSession
from miniprogram.errors import MiniProgramError
from miniprogram.seams.cloud_provider import PermissionStating


def permission_policy(session: CloudSession) -> Mapping[str, object]:
    """The policy as the environment's cloud takes it. Raises MiniProgramError when its provider states none."""
    provider = session.provider
    if not isinstance(provider, PermissionStating):
        raise MiniProgramError(
            f"the provider {session.provider_name} of {session.name} states no permissions",
            hint="Who may write into its store may publish.",
        )
    return provider.permission_policy()
