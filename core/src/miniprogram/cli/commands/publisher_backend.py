"""`publisher-backend scaffold|run|status|stop|urls`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.output import emit, emit_json, emit_lines
from miniprogram.cli.framework.parsing.options import AsJson, ProgramRoot, trimmed
from miniprogram.errors import UsageError

if TYPE_CHECKING:
    from miniprogram.cli.commands.outcomes import BackendScaffolded, PublisherBackendUrls

Port = Annotated[int, typer.Option("--port", min=1, max=65535, help="TCP port.")]


def scaffold(
    context: typer.Context,
    *,
    template: Annotated[str, typer.Option(help="Which starter.")] = "mock",
    storage: Annotated[str | None, typer.Option(parser=trimmed, metavar="NAME", help="Where data lives.")] = None,
    mini_program_root: ProgramRoot = None,
    force: Annotated[bool, typer.Option("--force", help="Write over files that were changed.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write a publisher backend starter into the mini-program."""
    from miniprogram.backends.scaffold import scaffold_backend
    from miniprogram.cli.commands.outcomes import BackendScaffolded

    tools: AppContext = context.obj
    spec = tools.registry.backend_template(template.strip())
    known = {name for each in tools.registry.backend_templates().values() for name in each.storages}
    if storage is not None and storage not in known:
        raise UsageError(f"--storage: {storage!r} is none of {', '.join(sorted(known))}")
    report = scaffold_backend(spec, _root(tools, mini_program_root), storage=storage, force=force)
    outcome = BackendScaffolded(
        command="publisher-backend scaffold",
        folder=str(report.folder),
        template=report.template,
        storage=report.storage,
        created_files=report.created,
        replaced_files=report.replaced,
    )
    emit(outcome, as_json=as_json, lines=_scaffold_lines)


def run(
    context: typer.Context,
    *,
    mini_program_root: ProgramRoot = None,
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help="Address to listen on.")] = "127.0.0.1",
    port: Port = 9090,
    as_json: AsJson = False,
) -> None:
    """Start the mock publisher backend in the background."""
    from miniprogram.backends.local_runner import run_backend

    tools: AppContext = context.obj
    state, started = run_backend(_root(tools, mini_program_root), host=host.strip(), port=port, now=tools.now)
    what = "The publisher backend runs" if started else "The publisher backend was running already"
    open_to_all = [] if host.strip() in ("127.0.0.1", "localhost", "::1") else ["It is open to the network."]
    lines = [
        f"{what} (process {state.pid}).",
        *_url_lines(state.port, _program_id(_root(tools, mini_program_root))),
        f"Log: {state.stderr_log_path}",
    ]
    outcome = _urls("publisher-backend run", state.port).model_copy(
        update={"started": started, "pid": state.pid, "log_path": state.stderr_log_path}
    )
    emit(outcome, as_json=as_json, lines=lambda _: [*lines, *open_to_all])


def status(context: typer.Context, *, mini_program_root: ProgramRoot = None, as_json: AsJson = False) -> None:
    """Show whether the mock publisher backend runs and answers."""
    from miniprogram.backends.local_runner import backend_status
    from miniprogram.backends.reports import status_document

    tools: AppContext = context.obj
    found = backend_status(_root(tools, mini_program_root))
    if as_json:
        emit_json(status_document(found))
    elif found.state is None:
        emit_lines(["The publisher backend is not running."])
    elif found.process_alive and found.health.healthy:
        emit_lines(
            [
                f"The publisher backend runs (process {found.state.pid}).",
                *_url_lines(found.state.port, _program_id(_root(tools, mini_program_root))),
            ]
        )
    else:
        emit_lines([f"The publisher backend is not healthy: {found.health.error}"])
    if not found.health.healthy:
        raise typer.Exit(1)


def stop(context: typer.Context, *, mini_program_root: ProgramRoot = None, as_json: AsJson = False) -> None:
    """Stop the mock publisher backend."""
    from miniprogram.backends.local_runner import stop_backend
    from miniprogram.cli.commands.outcomes import BackendStopped

    tools: AppContext = context.obj
    state, was_running = stop_backend(_root(tools, mini_program_root))
    command = "publisher-backend stop"
    if state is None:
        outcome, said = (
            BackendStopped(command=command, result="not_running"),
            "The publisher backend is not running.",
        )
    elif was_running:
        said = f"The publisher backend is stopped (process {state.pid})."
        outcome = BackendStopped(command=command, result="stopped")
    else:
        said = "The publisher backend had ended already; its record is cleared."
        outcome = BackendStopped(command=command, result="was_gone")
    emit(outcome, as_json=as_json, lines=lambda _: [said])


def urls(context: typer.Context, *, port: Port = 9090, as_json: AsJson = False) -> None:
    """Print the URLs under which hosts reach the mock publisher backend."""
    if as_json:
        emit_json(_urls("publisher-backend urls", port).model_dump(mode="json", by_alias=True))
    else:
        emit_lines(_url_lines(port, _program_id(context.obj.cwd)))


def _urls(command: str, port: int) -> PublisherBackendUrls:
    from miniprogram.backends.urls import local_urls
    from miniprogram.cli.commands.outcomes import PublisherBackendUrls  # deferred: imports pydantic

    known = local_urls(port)
    return PublisherBackendUrls(
        command=command,
        desktop_web=known.desktop_web,
        android_emulator=known.android_emulator,
        android_usb=known.android_usb,
    )


def _scaffold_lines(report: BackendScaffolded) -> Iterator[str]:
    yield f"The {report.template} publisher backend is in {report.folder}"
    yield from (f"  {name}" for name in report.created_files)
    yield from (f"  {name} (replaced)" for name in report.replaced_files)


def _url_lines(port: int, program_id: str | None) -> Iterator[str]:
    from miniprogram.backends.urls import local_urls

    known = local_urls(port)
    yield f"Desktop and web:   {known.desktop_web}"
    yield f"Android emulator:  {known.android_emulator}"
    yield f"Android over USB:  {known.android_usb}  (after: adb reverse tcp:{port} tcp:{port})"
    flags = f"--backend-local-mock --backend-local-mock-port {port} --api-base-url <delivery-url> --public"
    yield f"In a host app:     miniprogram host endpoint add {program_id or '<mini-program-id>'} {flags}"


def _root(tools: AppContext, given: str | None) -> Path:
    from miniprogram.files import real_path

    return real_path(tools.cwd / given if given else tools.cwd)


def _program_id(root: Path) -> str | None:
    """Of the mini-program in `root`, if there is one that can be read."""
    from miniprogram.errors import MiniProgramError
    from miniprogram.project.location import infer_program_id

    try:
        return infer_program_id(explicit_root=None, cwd=root)
    except MiniProgramError:
        return None
