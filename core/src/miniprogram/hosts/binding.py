"""Bind a host app to an environment (`embed cloud configure`), and find the URL it runs against (`host run`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from miniprogram.errors import MiniProgramError, PluginError
from miniprogram.hosts.environments import Environments, missing_url
from miniprogram.state.env_file import RESERVED_NAMES, CloudEnvironment, ResolvedEnv
from miniprogram.state.host_cloud import HostCloud, bind_host, host_cloud_file


@dataclass(frozen=True, slots=True)
class RunTarget:
    """What a host app runs against. No `url` means: the app's own default. `notes` are sentences."""

    url: str | None = None
    environment: str | None = None
    notes: tuple[str, ...] = ()


def bind_to_environment(environments: Environments, project_root: Path, name: str | None) -> HostCloud:
    """Save the delivery URL of the environment `name`, or the active one, for the app in `project_root`.

    Raises UsageError without an environment file, MiniProgramError when the environment or its URL is missing.
    """
    resolved = environments.require()
    environment = resolved.select(name)
    url = _deployed_or_stored(environments, resolved, environment)
    if url is None:
        raise missing_url(environment)
    return bind_host(
        project_root, environment=environment.name, provider=environment.provider, url=url, now=environments.now
    )


def find_run_target(environments: Environments, project_root: Path, name: str | None) -> RunTarget:
    """The environment `name`, else the one the app is bound to, else the active one; and its URL.

    `local` and `cloud` are no environments: the app then runs against its own default. Raises MiniProgramError
    when a named environment is unknown or its provider cannot tell its URL.
    """
    if name in RESERVED_NAMES:
        return RunTarget()
    bound = host_cloud_file(project_root).read()
    resolved = environments.find()
    active = resolved.document.active_environment if resolved else None
    chosen = name or (bound.environment_name if bound else active)
    if chosen is None or chosen in RESERVED_NAMES:
        return RunTarget()
    if bound is not None and bound.environment_name != chosen:
        bound = None
    environment = resolved.document.find(chosen) if resolved else None
    if resolved is not None and environment is not None:
        return _named_target(environments, project_root, resolved, environment, bound)
    if bound is None:
        raise MiniProgramError(f"there is no environment {chosen!r}", hint="See `miniprogram env list`.")
    return RunTarget(bound.backend_api_base_url, chosen)


def _named_target(
    environments: Environments,
    project_root: Path,
    resolved: ResolvedEnv,
    environment: CloudEnvironment,
    bound: HostCloud | None,
) -> RunTarget:
    name = environment.name
    stored = environments.stored_url(resolved, environment)
    if stored is not None:
        return RunTarget(stored, name)
    try:
        deployed = environments.deployed_url(resolved, environment)
    except MiniProgramError as error:
        if bound is None and not isinstance(error, PluginError):
            raise
        return RunTarget(bound.backend_api_base_url if bound else None, name, (f"Not asked: {error}.",))
    if deployed is not None:
        bind_host(
            project_root, environment=name, provider=environment.provider, url=deployed, now=environments.now
        )
        return RunTarget(deployed, name)
    return RunTarget(bound.backend_api_base_url if bound else None, name)


def _deployed_or_stored(
    environments: Environments, resolved: ResolvedEnv, environment: CloudEnvironment
) -> str | None:
    stored = environments.stored_url(resolved, environment)
    try:
        return environments.deployed_url(resolved, environment) or stored
    except MiniProgramError:
        if stored is None:
            raise
        return stored
