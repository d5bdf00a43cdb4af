"""`host endpoint`: which mini-programs a host app loads, and from where."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from miniprogram.cli.commands.host_options import (
    AccessKey,
    ApiBaseUrl,
    BackendBaseUrl,
    HostKind,
    ProjectRoot,
    Public,
    RequiredAppId,
    Title,
    check_access_choice,
    project_root,
    required_app_id,
)
from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.output import emit
from miniprogram.cli.framework.parsing.options import AsJson, trimmed
from miniprogram.errors import MiniProgramError, UsageError

if TYPE_CHECKING:
    from miniprogram.cli.commands.outcomes import EndpointChanged
    from miniprogram.hosts.endpoint_list import EndpointList
    from miniprogram.hosts.endpoints import EndpointReport

Force = Annotated[
    bool, typer.Option("--force", help="Replace a file that miniprogram did not write; it is kept as .bak.")
]


def add(
    context: typer.Context,
    app_id: RequiredAppId = None,
    *,
    root: ProjectRoot = None,
    host: HostKind = None,
    api_base_url: ApiBaseUrl = None,
    backend_base_url: BackendBaseUrl = None,
    backend_local_mock: Annotated[
        bool, typer.Option("--backend-local-mock", help="Use the mock publisher backend on this machine.")
    ] = False,
    backend_local_mock_port: Annotated[
        int, typer.Option("--backend-local-mock-port", metavar="PORT", help="Its port.")
    ] = 9090,
    title: Title = None,
    access_key: AccessKey = None,
    public: Public = False,
    trust_root: Annotated[
        Path | None,
        typer.Option(
            "--trust-root",
            metavar="FILE",
            help="The root the app pins, from `trust root` or `trust init`: nothing unsigned is taken.",
        ),
    ] = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Add a mini-program to a host app, or replace the one of that id."""
    from miniprogram.hosts.choice import require_host
    from miniprogram.hosts.endpoints import add_endpoint
    from miniprogram.hosts.new_endpoint import make_endpoint

    tools: AppContext = context.obj
    wanted = required_app_id(app_id)
    if api_base_url is None:
        raise UsageError("--api-base-url is required")
    check_access_choice(access_key, public=public)
    mock_url = _mock_url(backend_local_mock_port) if backend_local_mock else None
    if mock_url and backend_base_url:
        raise UsageError("give --backend-base-url or --backend-local-mock, not both")
    app_root = project_root(tools, root)
    generator = require_host(tools.registry.host_generators(), app_root, kind=host)
    endpoint = make_endpoint(
        wanted,
        api_base_url=api_base_url,
        access_key=access_key,
        backend_base_url=backend_base_url or mock_url,
        local_mock=backend_local_mock,
        trust_root=_text_of(tools.cwd / trust_root) if trust_root is not None else None,
    )
    report = add_endpoint(generator, app_root, endpoint, title=title, force=force)
    emit(_changed("host endpoint add", report), as_json=as_json, lines=_change_lines)


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise MiniProgramError(f"the root {path} cannot be read: {error}") from None


def import_package(
    context: typer.Context,
    package: Annotated[
        str | None, typer.Argument(metavar="<partner-package.json>", parser=trimmed, help="The publisher's file.")
    ] = None,
    *,
    root: ProjectRoot = None,
    host: HostKind = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Add the mini-program of a partner package to a host app."""
    from miniprogram.hosts.choice import require_host
    from miniprogram.hosts.endpoints import add_endpoint
    from miniprogram.hosts.handoff.partner_package import read_package

    tools: AppContext = context.obj
    if package is None:
        raise UsageError("a partner package is required")
    read = read_package(tools.cwd / package, now=tools.now())
    app_root = project_root(tools, root)
    generator = require_host(tools.registry.host_generators(), app_root, kind=host)
    report = add_endpoint(generator, app_root, read.endpoint(), title=read.title, force=force)
    emit(_changed("host endpoint import", report), as_json=as_json, lines=_change_lines)


def list_endpoints(
    context: typer.Context, *, root: ProjectRoot = None, host: HostKind = None, as_json: AsJson = False
) -> None:
    """List the mini-programs of a host app, without their keys."""
    from miniprogram.hosts.choice import require_host
    from miniprogram.hosts.endpoint_list import endpoint_list

    tools: AppContext = context.obj
    app_root = project_root(tools, root)
    generator = require_host(tools.registry.host_generators(), app_root, kind=host)
    emit(endpoint_list(generator, app_root), as_json=as_json, lines=_list_lines)


def remove(
    context: typer.Context,
    app_id: RequiredAppId = None,
    *,
    root: ProjectRoot = None,
    host: HostKind = None,
    as_json: AsJson = False,
) -> None:
    """Take a mini-program out of a host app."""
    from miniprogram.hosts.choice import require_host
    from miniprogram.hosts.endpoints import remove_endpoint

    tools: AppContext = context.obj
    wanted = required_app_id(app_id)
    app_root = project_root(tools, root)
    generator = require_host(tools.registry.host_generators(), app_root, kind=host)
    report = remove_endpoint(generator, app_root, wanted)
    emit(_changed("host endpoint remove", report), as_json=as_json, lines=_removal_lines)


def _mock_url(port: int) -> str:
    if not 1 <= port <= 65535:
        raise UsageError("--backend-local-mock-port must be from 1 to 65535")
    return f"http://127.0.0.1:{port}"


def _changed(command: str, report: EndpointReport) -> EndpointChanged:
    from miniprogram.cli.commands.outcomes import EndpointChanged

    endpoint = report.endpoint
    return EndpointChanged(
        command=command,
        outcome=report.outcome,
        app_id=endpoint.app_id,
        title=report.title,
        api_base_url=endpoint.api_base_uri,
        access_mode=endpoint.access_mode,
        backend_base_url=endpoint.backend_base_uri,
        backend_mode=endpoint.backend_mode,
        endpoint_map_file=str(report.files.endpoint_map),
        registry_file=str(report.files.registry),
        endpoint_count=report.endpoint_count,
        backup_files=tuple(map(str, report.written.backups)),
        notes=report.notes,
    )


def _change_lines(report: EndpointChanged) -> Iterator[str]:
    yield f"{report.outcome.capitalize()} endpoint {report.app_id} ({report.title})"
    yield f"Delivery: {report.api_base_url} ({report.access_mode})"
    backend = f"{report.backend_base_url} ({report.backend_mode})" if report.backend_base_url else "none"
    yield f"Backend: {backend}"
    yield from _file_lines(report)


def _removal_lines(report: EndpointChanged) -> Iterator[str]:
    yield f"Removed endpoint {report.app_id} ({report.title})"
    yield from _file_lines(report)


def _file_lines(report: EndpointChanged) -> Iterator[str]:
    yield f"Endpoint map: {report.endpoint_map_file}"
    yield f"Registry: {report.registry_file}"
    yield f"Endpoints in this app: {report.endpoint_count}"
    yield from (f"Kept what was there as {path}" for path in report.backup_files)
    yield from (f"Note: {note}" for note in report.notes)


def _list_lines(report: EndpointList) -> Iterator[str]:
    if not report.endpoints:
        yield f"{Path(report.project_root_path).name} has no endpoints."
    for row in report.endpoints:
        backend = f", backend {row.backend_base_uri} ({row.backend_mode})" if row.backend_base_uri else ""
        yield f"{row.app_id} ({row.title}): {row.api_base_uri} ({row.access_mode}){backend}"
