"""`backend`: the local delivery backend of this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from miniprogram.addresses import LOOPBACK, parse_host
from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.output import emit, emit_lines
from miniprogram.cli.framework.parsing.options import AsJson, BackendRoot, RepoRoot, trimmed
from miniprogram.errors import PluginError, UsageError
from miniprogram.local_backend.control import Started, Stopped
from miniprogram.local_backend.report import BackendStatusReport
from miniprogram.state.workspace_location import BackendWorkspace, require_workspace

Port = Annotated[int, typer.Option("--port", min=1, max=65535, help="TCP port.")]
Host = Annotated[
    str | None,
    typer.Option(
        "--host", parser=trimmed, metavar="ADDRESS", help="Address to bind; 0.0.0.0 opens it to the network."
    ),
]


def init(
    context: typer.Context,
    *,
    root: BackendRoot = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that differ.")] = False,
) -> None:
    """Make a local backend workspace."""
    from miniprogram.local_backend.scaffold import default_root, init_workspace

    tools: AppContext = context.obj
    workspace_root = tools.cwd / root if root else default_root(tools.home, tools.environ)
    report = init_workspace(workspace_root, home=tools.home, now=tools.now(), force=force)
    emit_lines(
        [
            f"Local backend workspace: {report.workspace.root}",
            f"Written: {len(report.written)} files, unchanged: {len(report.unchanged)}",
            "Publish into it with: miniprogram publish --target local",
            "Serve it with: miniprogram backend start",
        ]
    )


def start(
    context: typer.Context,
    *,
    root: BackendRoot = None,
    repo_root: RepoRoot = None,
    port: Port = 8080,
    host: Host = None,
) -> None:
    """Start the local backend in the background."""
    from miniprogram.addresses import Address
    from miniprogram.local_backend.adb import reverse_port
    from miniprogram.local_backend.control import start_backend

    tools: AppContext = context.obj
    address = Address(parse_host(host or LOOPBACK), port)
    workspace = _workspace(tools, root, repo_root)
    _require_server(tools)
    started = start_backend(workspace, address, environ=tools.environ, now=tools.now)
    devices = reverse_port(started.state.port, environ=tools.environ, cwd=tools.cwd)
    emit_lines(_start_lines(started, devices))


def stop(context: typer.Context, *, root: BackendRoot = None, repo_root: RepoRoot = None) -> None:
    """Stop the local backend."""
    from miniprogram.local_backend.control import stop_backend

    tools: AppContext = context.obj
    said = {
        Stopped.STOPPED: "Local backend stopped",
        Stopped.STALE: "Local backend was not running any more; its state was removed",
        Stopped.NOTHING: "Local backend is not running",
    }
    emit_lines([said[stop_backend(_workspace(tools, root, repo_root))]])


def status(
    context: typer.Context, *, root: BackendRoot = None, repo_root: RepoRoot = None, as_json: AsJson = False
) -> int:
    """Show state and health of the local backend."""
    from miniprogram.local_backend.control import backend_status

    tools: AppContext = context.obj
    report = BackendStatusReport.of(backend_status(_workspace(tools, root, repo_root)))
    emit(report, as_json=as_json, lines=_status_lines)
    return 0 if report.healthy else 1


def reset_local(
    context: typer.Context,
    *,
    root: BackendRoot = None,
    repo_root: RepoRoot = None,
    yes: Annotated[bool, typer.Option("--yes", help="Confirm the deletion.")] = False,
) -> None:
    """Delete what local publishes wrote; rules, policies and anything else stay."""
    from miniprogram.local_backend.reset import reset_local as reset

    if not yes:
        raise UsageError("this deletes every tracked local release", hint="Confirm with --yes.")
    tools: AppContext = context.obj
    report = reset(_workspace(tools, root, repo_root))
    emit_lines(f"Removed {program_id} {version}" for program_id, version in report.releases)
    emit_lines([f"Deleted {len(report.removed)} files and folders of {len(report.releases)} releases"])


def _workspace(tools: AppContext, root: str | None, repo_root: str | None) -> BackendWorkspace:
    return require_workspace(
        explicit=_under(tools.cwd, root),
        cwd=tools.cwd,
        extra_roots=(),
        home=tools.home,
        repo_root=_under(tools.cwd, repo_root),
    )


def _under(cwd: Path, given: str | None) -> Path | None:
    return cwd / given if given else None


def _require_server(tools: AppContext) -> None:
    if not any(spec.path == ("serve",) for spec in tools.registry.commands()):
        raise PluginError(
            "the local backend needs the delivery server, which is not installed or may not load here",
            hint="Install it with: pip install miniprogram-server",
        )


def _start_lines(started: Started, devices: tuple[str, ...]) -> Iterator[str]:
    state, address = started.state, started.address
    yield f"Local backend {'already runs' if started.already else 'started'} (process {state.pid})"
    yield f"API base URL: {address.url('/api/')}"
    if not address.is_loopback:
        yield f"Bound to {address.host}: other machines on the network can reach it"
    for serial in devices:
        yield f"Device {serial} reaches it as {address.url('/api/')}"
    yield f"Logs: {state.stderr_log_path}"


def _status_lines(report: BackendStatusReport) -> Iterator[str]:
    if report.state is None:
        yield "Local backend: not running"
        return
    yield f"Local backend: {'healthy' if report.healthy else 'not healthy'}"
    yield f"Process: {report.state.pid} ({'alive' if report.process_alive else 'gone'})"
    yield f"Health: {report.state.health_check_url}"
    if report.health_error:
        yield f"Problem: {report.health_error}"
    yield f"Started: {report.state.started_at_utc}"
    yield f"Logs: {report.state.stderr_log_path}"
