"""`env init`, `env use` and `env status`: the environment file itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, model_serializer

from miniprogram.clock import to_iso
from miniprogram.errors import UsageError
from miniprogram.models import CamelModel
from miniprogram.state.env_file import (
    LOCAL,
    RESERVED_NAMES,
    CloudEnvironment,
    EnvFile,
    ResolvedEnv,
    change_env,
    local_path,
    write_local,
)


@dataclass(frozen=True, slots=True)
class InitReport:
    """The file `env init` wrote. `created` tells that there was none."""

    path: Path
    document: EnvFile
    created: bool
    notes: tuple[str, ...] = ()


class EnvStatus(CamelModel):
    """The document of `env status --json`. Without a file it ends after `configured`."""

    model_config = ConfigDict(defer_build=True)

    schema_version: int = 1
    command: str = "env status"
    configured: bool
    scope: str | None = None
    root_path: str | None = None
    file_path: str | None = None
    repo_root_path: str | None = None
    active_environment: str | None = None
    cloud_environment_count: int = 0
    active_cloud_environment: dict[str, Any] | None = None
    initialized_at_utc: str | None = None
    updated_at_utc: str | None = None

    @model_serializer(mode="wrap")
    def _short_without_file(self, dump: Any) -> dict[str, Any]:
        document: dict[str, Any] = dump(self)
        if self.configured:
            return document
        return {name: document[name] for name in list(document)[:3]}


class ListedEnvironment(BaseModel):
    """A row of `env list`. `provider` is null for `local`."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    name: str
    provider: str | None
    active: bool


class EnvList(CamelModel):
    """The document of `env list --json`: `local` first, then what is configured, by name."""

    model_config = ConfigDict(defer_build=True)

    schema_version: int = 1
    command: str = "env list"
    configured: bool
    file_path: str | None = None
    active_environment: str | None = None
    environments: tuple[ListedEnvironment, ...] = ()


def init_env(root: Path, *, use: str | None, repo_root: Path | None, home: Path, now: datetime) -> InitReport:
    """Create or refresh the environment file of `root` and its global copy; what it holds already stays.

    `use` is made active. Raises UsageError when that is not configured.
    """
    created = not local_path(root).is_file()

    def change(document: EnvFile | None) -> EnvFile:
        stamp = to_iso(now)
        before = document or EnvFile(active_environment=LOCAL, initialized_at_utc=stamp, updated_at_utc=stamp)
        active = use or before.active_environment
        if active not in RESERVED_NAMES and before.find(active) is None:
            raise UsageError(f"--use {active}: there is no such environment in {local_path(root)}")
        update: dict[str, object] = {"active_environment": active, "updated_at_utc": stamp, "schema_version": 2}
        if repo_root is not None:
            update["repo_root_path"] = str(repo_root)
        return before.model_copy(update=update)

    document, notes = write_local(root, change, home=home)
    return InitReport(local_path(root), document, created, notes)


def use_environment(resolved: ResolvedEnv, name: str, *, home: Path, now: datetime) -> ResolvedEnv:
    """Make `name` the active environment. Raises UsageError unless it is `local` or configured."""

    def change(document: EnvFile) -> EnvFile:
        if name != LOCAL and document.find(name) is None:
            known = ", ".join([LOCAL, *(entry.name for entry in document.cloud_environments)])
            raise UsageError(f"{name!r} is not an environment of {resolved.path}; choose one of: {known}")
        if document.active_environment == name:
            return document
        return document.model_copy(update={"active_environment": name, "updated_at_utc": to_iso(now)})

    return change_env(resolved, change, home=home)


def env_status(resolved: ResolvedEnv | None) -> EnvStatus:
    """The file in force as a report."""
    if resolved is None:
        return EnvStatus(configured=False)
    document = resolved.document
    active = document.find(document.active_environment)
    return EnvStatus(
        configured=True,
        scope=resolved.scope,
        root_path=str(resolved.root),
        file_path=str(resolved.path),
        repo_root_path=document.repo_root_path,
        active_environment=document.active_environment,
        cloud_environment_count=len(document.cloud_environments),
        active_cloud_environment=_as_document(active) if active else None,
        initialized_at_utc=document.initialized_at_utc,
        updated_at_utc=document.updated_at_utc,
    )


def env_list(resolved: ResolvedEnv | None) -> EnvList:
    """The environments of the file in force."""
    if resolved is None:
        return EnvList(configured=False)
    document = resolved.document
    named = {LOCAL: None, **{entry.name: entry.provider for entry in document.cloud_environments}}
    active = document.active_environment
    return EnvList(
        configured=True,
        file_path=str(resolved.path),
        active_environment=active,
        environments=tuple(
            ListedEnvironment(name=name, provider=provider, active=name == active)
            for name, provider in named.items()
        ),
    )


def _as_document(environment: CloudEnvironment) -> dict[str, Any]:
    return {
        "name": environment.name,
        "provider": environment.provider,
        "values": environment.in_force,
        "configuredAtUtc": environment.configured_at_utc,
        "updatedAtUtc": environment.updated_at_utc,
    }
