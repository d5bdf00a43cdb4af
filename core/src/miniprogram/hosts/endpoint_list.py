"""The document of `host endpoint list --json`: what `workflow status` says about endpoints, with titles."""

from __future__ import annotations

from pathlib import Path

from miniprogram.hosts.endpoints import list_endpoints
from miniprogram.models import CamelModel
from miniprogram.seams.endpoint import AccessMode, BackendMode, Endpoint
from miniprogram.seams.host_generator import HostGenerator


class EndpointRow(CamelModel):
    """One endpoint. The key itself is never here."""

    app_id: str
    title: str
    api_base_uri: str
    access_mode: AccessMode
    has_access_key: bool
    backend_base_uri: str | None
    backend_configured: bool
    backend_mode: BackendMode


class EndpointList(CamelModel):
    """The endpoints of a host app, sorted by app id."""

    schema_version: int = 1
    command: str = "host endpoint list"
    project_root_path: str
    endpoint_map_path: str
    registry_path: str
    endpoints: tuple[EndpointRow, ...]


def endpoint_list(generator: HostGenerator, project_root: Path) -> EndpointList:
    """The endpoints of the app. Raises MiniProgramError when one of its files is unreadable or somebody else's."""
    entries = list_endpoints(generator, project_root)
    files = generator.files(project_root)
    ordered = sorted(entries.endpoints, key=lambda each: each.app_id)
    return EndpointList(
        project_root_path=str(project_root),
        endpoint_map_path=str(files.endpoint_map),
        registry_path=str(files.registry),
        endpoints=tuple(endpoint_row(each, entries.title_of(each.app_id)) for each in ordered),
    )


def endpoint_row(endpoint: Endpoint, title: str) -> EndpointRow:
    """What may be shown of `endpoint`."""
    return EndpointRow(
        app_id=endpoint.app_id,
        title=title,
        api_base_uri=endpoint.api_base_uri,
        access_mode=endpoint.access_mode,
        has_access_key=endpoint.access_key is not None,
        backend_base_uri=endpoint.backend_base_uri,
        backend_configured=endpoint.backend_base_uri is not None,
        backend_mode=endpoint.backend_mode,
    )
