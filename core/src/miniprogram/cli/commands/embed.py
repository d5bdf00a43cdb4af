"""`embed`: put mini-programs into a host app, and bind it to an environment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from miniprogram.cli.commands.host_options import HostKind, ProjectRoot, base_url, environments, project_root
from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.output import emit
from miniprogram.cli.framework.parsing.options import AsJson, EnvName, RepoRoot, StateRoot, trimmed
from miniprogram.errors import MiniProgramError, UsageError

if TYPE_CHECKING:
    from miniprogram.cli.commands.outcomes import HostBound, HostEmbedded


def init(
    context: typer.Context,
    *,
    root: ProjectRoot = None,
    host: HostKind = None,
    repo_root: RepoRoot = None,
    host_app_id: Annotated[
        str | None, typer.Option("--host-app-id", parser=trimmed, metavar="ID", help="Id of the host app.")
    ] = None,
    host_version: Annotated[
        str | None, typer.Option("--host-version", parser=trimmed, metavar="VERSION", help="Its version.")
    ] = None,
    native_route_path: Annotated[str, typer.Option("--native-route-path", hidden=True)] = "/native/profile-editor",
    force: Annotated[
        bool, typer.Option("--force", help="Replace files that were changed; they are kept as .bak.")
    ] = False,
    with_demo: Annotated[bool, typer.Option("--with-demo", help="Also add an endpoint to try it with.")] = False,
    demo_api_base_url: Annotated[
        str | None,
        typer.Option(
            "--demo-api-base-url", parser=base_url, metavar="URL", help="Delivery base URL of that endpoint."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Put what mini-programs need into a host app. Running it again changes nothing."""
    from miniprogram.cli.commands.outcomes import HostEmbedded
    from miniprogram.hosts.choice import choose_generator
    from miniprogram.hosts.embedding import DEMO_API_BASE_URL, embed_host
    from miniprogram.seams.endpoint_rules import check_title
    from miniprogram.seams.host_generator import EmbedRequest

    tools: AppContext = context.obj
    if not native_route_path.strip():
        raise MiniProgramError("--native-route-path must not be blank")
    for option, value in (("--host-app-id", host_app_id), ("--host-version", host_version)):
        try:
            check_title(value or "-")
        except ValueError as error:
            raise UsageError(f"{option} {error}") from None
    app_root = project_root(tools, root)
    generator = choose_generator(tools.registry.host_generators(), app_root, kind=host)
    request = EmbedRequest(app_root, host_app_id, host_version, with_demo)
    report = embed_host(generator, request, force=force, demo_url=demo_api_base_url or DEMO_API_BASE_URL)
    unused = ["--repo-root changes nothing here; --project-root names the host app"] if repo_root else []
    outcome = HostEmbedded(
        command="embed init",
        changed=bool(report.written.written),
        package_name=report.plan.package_name,
        host_app_id=report.plan.host_app_id,
        host_version=report.plan.host_version,
        written_files=tuple(map(str, report.written.written)),
        backup_files=tuple(map(str, report.written.backups)),
        unchanged_files=tuple(map(str, report.left_alone)),
        notes=(*report.plan.notes, *unused),
        next_step=(report.plan.next_step or None) if report.written.written else None,
    )
    emit(outcome, as_json=as_json, lines=_lines)


def configure_cloud(
    context: typer.Context,
    *,
    root: ProjectRoot = None,
    host: HostKind = None,
    env: EnvName = None,
    state_root: StateRoot = None,
    repo_root: RepoRoot = None,
    as_json: AsJson = False,
) -> None:
    """Bind a host app to an environment: `host run` then uses its delivery URL."""
    from miniprogram.cli.commands.outcomes import HostBound
    from miniprogram.hosts.binding import bind_to_environment
    from miniprogram.hosts.choice import require_host
    from miniprogram.state.host_cloud import host_cloud_file

    tools: AppContext = context.obj
    app_root = project_root(tools, root)
    require_host(tools.registry.host_generators(), app_root, kind=host)
    host_environments = environments(tools, root=state_root, repo_root=repo_root, host_root=app_root)
    bound = bind_to_environment(host_environments, app_root, env)
    outcome = HostBound(
        command="embed cloud configure",
        project_path=str(app_root),
        environment_name=bound.environment_name,
        provider=bound.provider,
        delivery_api_base_url=bound.backend_api_base_url,
        saved_in=str(host_cloud_file(app_root).path),
    )
    emit(outcome, as_json=as_json, lines=_bound_lines)


def _bound_lines(report: HostBound) -> Iterator[str]:
    yield f"Bound {report.project_path} to {report.environment_name} ({report.provider})"
    yield f"Delivery URL: {report.delivery_api_base_url}"
    yield f"Saved in {report.saved_in}"


def _lines(report: HostEmbedded) -> Iterator[str]:
    if report.changed:
        yield f"Embedded mini-programs into {report.package_name}"
    else:
        yield f"Nothing to change: mini-programs are embedded into {report.package_name} already"
    yield f"Host: {report.host_app_id} {report.host_version}"
    yield from (f"Wrote {path}" for path in report.written_files)
    yield from (f"Kept what was there as {path}" for path in report.backup_files)
    yield from (f"Left as it is: {path}" for path in report.unchanged_files)
    yield from (f"Note: {note}" for note in report.notes)
    if report.next_step:
        yield f"Next: {report.next_step}"
