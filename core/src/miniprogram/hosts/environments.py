"""What host and partner commands need of environments: find one, learn its delivery URL, remember it there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from miniprogram.clock import to_iso
from miniprogram.environments.session import ProviderFinder, open_session
from miniprogram.errors import DocumentError, MiniProgramError, UsageError
from miniprogram.seams.endpoint_rules import check_base_url
from miniprogram.state.env_file import CloudEnvironment, ResolvedEnv, find_env, require_env, save_deployed

URL_OUTPUT = "BackendApiBaseUrl"


@dataclass(frozen=True, slots=True)
class Environments:
    """Where environments are looked for, as a command was told."""

    explicit_root: Path | None
    start_directories: Sequence[Path]
    home: Path
    environ: Mapping[str, str]
    find_provider: ProviderFinder
    now: datetime

    def find(self) -> ResolvedEnv | None:
        """The environment file in force, if there is one."""
        return find_env(explicit_root=self.explicit_root, start_directories=self.start_directories, home=self.home)

    def require(self) -> ResolvedEnv:
        """The environment file in force. Raises UsageError when there is none."""
        return require_env(
            explicit_root=self.explicit_root,
            start_directories=self.start_directories,
            home=self.home,
            failure=UsageError,
        )

    def stored_url(self, resolved: ResolvedEnv, environment: CloudEnvironment) -> str | None:
        """The delivery URL written in the environment. Raises DocumentError when it is none."""
        value = environment.in_force.get("apiBaseUrl")
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        return _checked(value, f"{resolved.path}: {environment.name}: apiBaseUrl")

    def deployed_url(self, resolved: ResolvedEnv, environment: CloudEnvironment) -> str | None:
        """The delivery URL its provider tells, which is then stored; None when nothing is deployed.

        Raises MiniProgramError when the provider is not installed or cannot tell.
        """
        session = open_session(
            resolved, environment.name, find_provider=self.find_provider, home=self.home, environ=self.environ
        )
        status = session.provider.deployment().status()
        url = status.outputs.get(URL_OUTPUT) if status.exists else None
        if not url:
            return None
        checked = _checked(url, f"{environment.name}: output {URL_OUTPUT}")
        save_deployed(resolved, environment.name, {"apiBaseUrl": checked}, home=self.home, now=to_iso(self.now))
        return checked


def missing_url(environment: CloudEnvironment) -> MiniProgramError:
    """The failure of a command that cannot go on without a delivery URL."""
    return MiniProgramError(
        f"the environment {environment.name!r} has no delivery URL: nothing is deployed and none is configured",
        hint=f"Run `miniprogram cloud deploy --env {environment.name}`, or configure it with --api-base-url.",
    )


def _checked(value: object, location: str) -> str:
    try:
        return check_base_url(value if isinstance(value, str) else "")
    except ValueError as error:
        raise DocumentError(f"{location} {error}") from None
