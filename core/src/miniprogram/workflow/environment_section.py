"""The environment as `workflow status` tells it: what is stored, never what is secret."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from miniprogram.errors import MiniProgramError
from miniprogram.plugins.specs import ProviderSpec
from miniprogram.state.env_file import RESERVED_NAMES, CloudEnvironment, ResolvedEnv, find_env
from miniprogram.workflow.section import Section

SHOWN_OF_ALL = ("apiBaseUrl", "bucket", "region", "artifactsPrefix", "metadataPrefix")
"""Stored values that are shown whoever the provider is. Which others are no secret, its specification says."""


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


def environment_section(
    resolved: ResolvedEnv | None,
    error: str | None,
    wanted: str | None,
    providers: Callable[[], Mapping[str, ProviderSpec[Any]]],
) -> EnvironmentSection:
    """The section for the environment `wanted`, else the active one, even when it is not configured.

    `providers` are asked for the names of values that may be shown, when there is an environment file.
    """
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
        values=_shown(environment, providers),
        require_access_keys=environment is not None and environment.in_force.get("requireAccessKeys") is True,
        cloud_configured=environment is not None,
        configured_at_utc=environment.configured_at_utc if environment else None,
        updated_at_utc=environment.updated_at_utc if environment else None,
    )


def _shown(
    environment: CloudEnvironment | None, providers: Callable[[], Mapping[str, ProviderSpec[Any]]]
) -> dict[str, str | None]:
    """What every provider installed can show, as text; without a value where this environment has none."""
    try:
        named = {name: spec.shown for name, spec in providers().items()}
    except MiniProgramError:
        named = {}  # the plugins cannot be asked; whoever asks them tells why
    stored = environment.in_force if environment else {}
    own = {*SHOWN_OF_ALL, *named.get(environment.provider if environment else "", ())}
    names = dict.fromkeys((*SHOWN_OF_ALL, *(name for shown in named.values() for name in shown)))
    return {name: str(stored[name]) if name in own and stored.get(name) is not None else None for name in names}
