"""The host app in the workspace: which mini-programs it loads, without its keys."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from miniprogram.errors import MiniProgramError
from miniprogram.seams.host_generator import HostFiles, HostGenerator, RegistryEntry
from miniprogram.workflow.section import Section

if TYPE_CHECKING:
    from miniprogram.seams.endpoint import Endpoint


class EndpointSummary(Section):
    """One endpoint. The key itself is never told."""

    app_id: str
    api_base_uri: str | None
    access_mode: str
    has_access_key: bool
    backend_base_uri: str | None
    backend_configured: bool
    backend_mode: str

    @classmethod
    def of(cls, endpoint: Endpoint) -> EndpointSummary:
        return cls(
            app_id=endpoint.app_id,
            api_base_uri=endpoint.api_base_uri,
            access_mode=endpoint.access_mode,
            has_access_key=endpoint.access_key is not None,
            backend_base_uri=endpoint.backend_base_uri,
            backend_configured=endpoint.backend_base_uri is not None,
            backend_mode=endpoint.backend_mode,
        )


class RegistryRow(Section):
    app_id: str
    title: str


class HostCloudSection(Section):
    """`configured` alone when the host app is bound to no environment; with `error` when its file is unusable."""

    configured: bool
    error: str | None = None
    environment_name: str | None = None
    provider: str | None = None
    backend_api_base_url: str | None = None
    configured_at_utc: str | None = None
    updated_at_utc: str | None = None

    def to_document(self) -> dict[str, Any]:
        if not self.configured:
            return {"configured": False, **({"error": self.error} if self.error else {})}
        document = super().to_document()
        del document["error"]
        return document


class HostSection(Section):
    """`detected` alone when the workspace is no host app."""

    optional: ClassVar[tuple[str, ...]] = ("endpoint_map_error", "registry_error")

    detected: bool
    pubspec_path: str | None = None
    runtime_setup_exists: bool = False
    runtime_setup_path: str | None = None
    launcher_exists: bool = False
    launcher_path: str | None = None
    endpoint_map_exists: bool = False
    endpoint_map_path: str | None = None
    endpoint_map_error: str | None = None
    endpoint_count: int = 0
    endpoint_app_ids: tuple[str, ...] = ()
    registry_exists: bool = False
    registry_path: str | None = None
    registry_error: str | None = None
    registry_count: int = 0
    registry_app_ids: tuple[str, ...] = ()
    registry: tuple[RegistryRow, ...] = ()
    endpoints: tuple[EndpointSummary, ...] = ()
    host_cloud: HostCloudSection | None = None

    def to_document(self) -> dict[str, Any]:
        return super().to_document() if self.detected else {"detected": False}


def host_section(project_root: Path, generator: HostGenerator) -> HostSection:
    """Look at the host app in `project_root`. A broken file is told in the member that is about it."""
    files = generator.files(project_root)
    endpoints, map_error = _endpoints(files)
    registry, registry_error = _registry(generator, files)
    return HostSection(
        detected=True,
        pubspec_path=str(files.project_file),
        runtime_setup_exists=files.runtime_setup.is_file(),
        runtime_setup_path=str(files.runtime_setup),
        launcher_exists=files.launcher.is_file(),
        launcher_path=str(files.launcher),
        endpoint_map_exists=files.endpoint_map.is_file(),
        endpoint_map_path=str(files.endpoint_map),
        endpoint_count=len(endpoints),
        endpoint_app_ids=tuple(sorted(endpoint.app_id for endpoint in endpoints)),
        registry_exists=files.registry.is_file(),
        registry_path=str(files.registry),
        registry_count=len(registry),
        registry_app_ids=tuple(sorted(entry.app_id for entry in registry)),
        registry=tuple(RegistryRow(app_id=entry.app_id, title=entry.title) for entry in registry),
        endpoints=tuple(EndpointSummary.of(endpoint) for endpoint in endpoints),
        host_cloud=_host_cloud(project_root),
        endpoint_map_error=map_error,
        registry_error=registry_error,
    )


def _endpoints(files: HostFiles) -> tuple[tuple[Endpoint, ...], str | None]:
    from miniprogram.hosts.endpoint_block import read_block
    from miniprogram.hosts.file_changes import read_current_text

    try:
        text = read_current_text(files.endpoint_map)
        entries = read_block(text, name=str(files.endpoint_map)) if text is not None else None
        return tuple((entries or {}).values()), None
    except MiniProgramError as error:
        return (), str(error)


def _registry(generator: HostGenerator, files: HostFiles) -> tuple[tuple[RegistryEntry, ...], str | None]:
    from miniprogram.hosts.file_changes import read_current_text

    try:
        text = read_current_text(files.registry)
        entries = generator.read_registry(text, name=str(files.registry)) if text is not None else None
        return entries or (), None
    except MiniProgramError as error:
        return (), str(error)


def _host_cloud(project_root: Path) -> HostCloudSection:
    from miniprogram.state.host_cloud import host_cloud_file

    try:
        bound = host_cloud_file(project_root).read()
    except MiniProgramError as error:
        return HostCloudSection(configured=False, error=str(error))
    if bound is None:
        return HostCloudSection(configured=False)
    return HostCloudSection(
        configured=True,
        environment_name=bound.environment_name,
        provider=bound.provider,
        backend_api_base_url=bound.backend_api_base_url,
        configured_at_utc=bound.configured_at_utc,
        updated_at_utc=bound.updated_at_utc,
    )
