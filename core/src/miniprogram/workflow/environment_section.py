"""The environment as `workflow status` tells it: what is stored, never what is secret."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from miniprogram.errors import MiniProgramError
from miniprogram.state.env_file import RESERVED_NAMES, CloudEnvironment, ResolvedEnv, find_env
from miniprogram.workflow.section import Section

SHOWN_VALUES = (
    "apiBaseUrl",
    "bucket",
    "region",
    "projectId",
    "functionName",
    "functionUrl",
    "artifactsPrefix",
    "metadataPrefix",
    "awsProfile",
    "stackName",
    "stageName",
    "samS3Bucket",
)
"""Stored values that are shown, as text. Any other may be a secret of a third-party provider."""


class EnvironmentSection(Section):
    """`configured` alone when there is no file; with `error` when there is an unusable one."""

    configured: bool
    error: str | None = None
    scope: str | None = None
    root_path: str | None = None
    file_path: str | None = None
    active_environment: str | None = None
    selected_environment: str | None = None
    cloud_environment_count: int = 0
    provider: str | None = None
    values: dict[str, str | None] | None = None
    require_access_keys: bool = False
    cloud_configured: bool = False
    configured_at_utc: str | None = None
    updated_at_utc: str | None = None

    def to_document(self) -> dict[str, Any]:
        """The stored values stand beside the other members, not below a key of their own."""
        if not self.configured:
            return {"configured": False, **({"error": self.error} if self.error else {})}
        document = super().to_document()
        values = document.pop("values") or {}
        del document["error"]
        return {**document, **values}


def look_up_env(workspace: Path, home: Path) -> tuple[ResolvedEnv | None, str | None]:
    """The environment file in force for `workspace`, or why it cannot be read."""
    try:
        return find_env(explicit_root=None, start_directories=[workspace], home=home), None
    except MiniProgramError as error:
        return None, str(error)


def environment_section(resolved: ResolvedEnv | None, error: str | None, wanted: str | None) -> EnvironmentSection:
    """The section for the environment `wanted`, else the active one, even when it is not configured."""
    if error is not None:
        return EnvironmentSection(configured=False, error=error)
    if resolved is None:
        return EnvironmentSection(configured=False)
    document = resolved.document
    selected = wanted or document.active_environment
    environment = None if selected in RESERVED_NAMES else document.find(selected)
    return EnvironmentSection(
        configured=True,
        scope=resolved.scope,
        root_path=str(resolved.root),
        file_path=str(resolved.path),
        active_environment=document.active_environment,
        selected_environment=selected,
        cloud_environment_count=len(document.cloud_environments),
        provider=environment.provider if environment else None,
        values=_shown(environment),
        require_access_keys=environment is not None and environment.in_force.get("requireAccessKeys") is True,
        cloud_configured=environment is not None,
        configured_at_utc=environment.configured_at_utc if environment else None,
        updated_at_utc=environment.updated_at_utc if environment else None,
    )


def _shown(environment: CloudEnvironment | None) -> dict[str, str | None]:
    stored = environment.in_force if environment else {}
    return {name: None if stored.get(name) is None else str(stored[name]) for name in SHOWN_VALUES}
