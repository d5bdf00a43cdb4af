"""`cloud outputs`: what a deployment is reached by, for people and for a host app's build."""

from __future__ import annotations

from collections.abc import Iterator

from miniprogram.deployments.account import require_same_account
from miniprogram.environments.session import CloudSession
from miniprogram.errors import MiniProgramError

BASE_URL_DEFINE = "MINI_PROGRAM_BACKEND_BASE_URL"
"""The Dart environment name a host app reads its delivery URL from."""


def deployment_outputs(session: CloudSession) -> dict[str, str]:
    """The outputs by name, sorted. Raises MiniProgramError when nothing is deployed."""
    require_same_account(session)
    status = session.provider.deployment().status()
    if not status.exists:
        raise MiniProgramError(
            f"{status.name} is not deployed, so it has no outputs",
            hint=f"Run `miniprogram cloud deploy --env {session.environment.name}`.",
        )
    return dict(sorted(status.outputs.items()))


def as_text(outputs: dict[str, str]) -> Iterator[str]:
    """`Name: value`, a line each."""
    return (f"{name}: {value}" for name, value in outputs.items())


def as_dart_define(outputs: dict[str, str]) -> str:
    """The one argument a Flutter build needs. Raises MiniProgramError when the deployment has no API URL."""
    url = outputs.get("BackendApiBaseUrl")
    if not url:
        raise MiniProgramError("the deployment has no output BackendApiBaseUrl")
    return f"--dart-define={BASE_URL_DEFINE}={url.rstrip('/')}"
