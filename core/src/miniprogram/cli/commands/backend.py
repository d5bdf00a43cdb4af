"""`backend`: the local delivery backend of this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urlsplit

import typer

from miniprogram.addresses import LOOPBACK, parse_host
from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.output import emit
from miniprogram.cli.framework.parsing.options import NOTHING_DONE, AsJson, BackendRoot, RepoRoot, Yes, trimmed
from miniprogram.errors import PluginError, UsageError
from miniprogram.local_backend.control import Started, Stopped
from miniprogram.local_backend.report import BackendStatusReport
from miniprogram.number_words import number_of
from miniprogram.plugins.installed.first_party import SERVER, how_to_install
from miniprogram.state.workspace_location import BackendWorkspace, require_workspace

if TYPE_CHECKING:
    from miniprogram.cli.commands.outcomes import BackendInitialized, BackendStopped, LocalReset

DEFAULT_PORT = 8080
StartPort = Annotated[
    int | None,
    typer.Option("--port", min=1, max=65535, help=f"TCP port; {DEFAULT_PORT} unless it runs already."),
]
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
    as_json: AsJson = False,
) -> None:
    """Make a local backend workspace."""
    from miniprogram.cli.commands.outcomes import BackendInitialized
    from miniprogram.local_backend.scaffold import default_root, init_workspace

    tools: AppContext = context.obj
    workspace_root = tools.cwd / root if root else default_root(tools.home, tools.environ)
    report = init_workspace(workspace_root, home=tools.home, now=tools.now(), force=force)
    outcome = BackendInitialized(
        command="backend init",
        workspace_path=str(report.workspace.root),
        written_files=report.written,
        unchanged_files=report.unchanged,
        notes=report.notes,
    )
    emit(outcome, as_json=as_json, lines=_init_lines)


def start(
    context: typer.Context,
    *,
    root: BackendRoot = None,
    repo_root: RepoRoot = None,
    port: StartPort = None,
    host: Host = None,
    as_json: AsJson = False,
) -> None:
    """Start the local backend in the background."""
    from miniprogram.addresses import Address
    from miniprogram.cli.commands.outcomes import BackendStarted
    from miniprogram.local_backend.adb import reverse_port
    from miniprogram.local_backend.control import start_backend

    tools: AppContext = context.obj
    address = Address(parse_host(host or LOOPBACK), port or DEFAULT_PORT)
    workspace = _workspace(tools, root, repo_root)
    _require_server(tools)
    started = start_backend(
        workspace, address, environ=tools.environ, now=tools.now, port_was_named=port is not None
    )
    devices = reverse_port(started.state.port, environ=tools.environ, cwd=tools.cwd)
    outcome = BackendStarted(
        command="backend start",
        started=not started.already,
        pid=started.state.pid,
        api_base_url=started.address.url("/api/"),
        open_to_network=not started.address.is_loopback,
        devices=devices,
        log_path=started.state.stderr_log_path,
        notes=tuple(_images_elsewhere(workspace, started.state.port)),
    )
    emit(outcome, as_json=as_json, lines=lambda report: [*_start_lines(started, devices), *report.notes])


def stop(
    context: typer.Context, *, root: BackendRoot = None, repo_root: RepoRoot = None, as_json: AsJson = False
) -> None:
    """Stop the local backend."""
    from miniprogram.cli.commands.outcomes import BackendStopped
    from miniprogram.local_backend.control import stop_backend

    tools: AppContext = context.obj
    stopped = stop_backend(_workspace(tools, root, repo_root))
    emit(BackendStopped(command="backend stop", result=RESULTS[stopped]), as_json=as_json, lines=_stop_lines)


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
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Delete what local publishes wrote; rules, policies and anything else stay."""
    from miniprogram.cli.commands.outcomes import LocalReset
    from miniprogram.local_backend.reset import reset_local as reset
    from miniprogram.local_backend.reset import tracked_releases

    tools: AppContext = context.obj
    workspace = _workspace(tools, root, repo_root)
    if not yes:
        tracked = ", ".join(f"{program_id} {version}" for program_id, version in tracked_releases(workspace))
        what = f"this deletes every tracked local release: {tracked}" if tracked else "no local release is tracked"
        raise UsageError(what, hint=NOTHING_DONE)
    report = reset(workspace)
    outcome = LocalReset(
        command="backend reset-local",
        releases=tuple(f"{program_id} {version}" for program_id, version in report.releases),
        removed_path_count=len(report.removed),
    )
    emit(outcome, as_json=as_json, lines=_reset_lines)


def _images_elsewhere(workspace: BackendWorkspace, port: int) -> Iterator[str]:
    """Releases whose screens name another port of this machine for their images."""
    from miniprogram.local_backend.tracking import addresses_of_images

    for artifact, url in addresses_of_images(workspace):
        address = urlsplit(url)
        if address.hostname in (LOOPBACK, "localhost") and address.port != port:
            name = f"{artifact.mini_program_id} {artifact.version}"
            yield f"Images of {name} are looked for at {url}; publish it again, and they follow this port."


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
            hint=how_to_install(SERVER),
        )


RESULTS: dict[Stopped, Literal["stopped", "not_running", "was_gone"]] = {
    Stopped.STOPPED: "stopped",
    Stopped.STALE: "was_gone",
    Stopped.NOTHING: "not_running",
}


def _init_lines(report: BackendInitialized) -> Iterator[str]:
    yield f"Local backend workspace: {report.workspace_path}"
    yield f"Written: {number_of(len(report.written_files), 'file')}, unchanged: {len(report.unchanged_files)}"
    yield "Publish into it with: miniprogram publish --target local"
    yield "Serve it with: miniprogram backend start"
    yield from report.notes


def _stop_lines(report: BackendStopped) -> Iterator[str]:
    yield {
        "stopped": "Local backend stopped",
        "was_gone": "Local backend was not running any more; its state was removed",
        "not_running": "Local backend is not running",
    }[report.result]


def _reset_lines(report: LocalReset) -> Iterator[str]:
    yield from (f"Removed {release}" for release in report.releases)
    yield f"Deleted {report.removed_path_count} files and folders of {len(report.releases)} releases"


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
