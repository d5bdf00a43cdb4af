"""`serve` and `console`: the delivery server in the foreground, with or without administration beside it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.options import EnvName, trimmed
from miniprogram.cli.framework.output import emit_lines

if TYPE_CHECKING:
    from miniprogram.environments.session import CloudSession
    from miniprogram_server.app import Served
    from miniprogram_server.asgi import DeliveryApp
    from miniprogram_server.console.mounting import AdministeredDelivery


def serve(
    context: typer.Context,
    *,
    root: Annotated[
        str | None,
        typer.Option(
            parser=trimmed, metavar="DIR", help="Backend workspace; with --env the folder that owns env.json."
        ),
    ] = None,
    env: EnvName = None,
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="IP address to listen on; 0.0.0.0 opens it to the network.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="TCP port; 0 takes a free one.")] = 8080,
    policy: Annotated[
        Literal["strict", "compatible"],
        typer.Option(help="Whether pins and direct reads obey rules; `compatible` is the older behaviour."),
    ] = "strict",
    log: Annotated[Literal["requests", "off"], typer.Option(help="What to log to stdout.")] = "requests",
    console: Annotated[
        bool, typer.Option("--console/--no-console", help="With --env, the release console and its API, too.")
    ] = True,
) -> None:
    """Serve a backend workspace, or an environment, to hosts until Ctrl-C."""
    tools: AppContext = context.obj
    folder = tools.cwd / root if root else None
    session = _session(tools, folder, env) if env else None
    served = _environment(session, policy) if session else _workspace(tools, folder, policy)
    administered = session if console else None
    _run(tools, served, administered, host=host, port=port, requests_logged=log == "requests")


def console(
    context: typer.Context,
    *,
    root: Annotated[
        str | None, typer.Option(parser=trimmed, metavar="DIR", help="The folder that owns env.json.")
    ] = None,
    env: EnvName = None,
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="IP address to listen on; 0.0.0.0 opens it to the network.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="TCP port; 0 takes a free one.")] = 8090,
) -> None:
    """Manage the releases of an environment in a browser, until Ctrl-C."""
    tools: AppContext = context.obj
    session = _session(tools, tools.cwd / root if root else None, env)
    _run(tools, _environment(session, "strict"), session, host=host, port=port, requests_logged=False)


def _run(
    tools: AppContext,
    served: Served,
    administered: CloudSession | None,
    *,
    host: str,
    port: int,
    requests_logged: bool,
) -> None:
    """Listen, say where, and answer until somebody stops it."""
    from miniprogram.addresses import Address, listen, parse_host

    listener = listen(Address(parse_host(host.strip()), port))
    bound = Address(parse_host(host.strip()), listener.getsockname()[1])
    lines = [f"Serving {served.storage}", f"API base URL for hosts: {bound.url('/api/')}"]
    if administered is not None:
        lines.append(f"Release console: {bound.url('/console/')}")
    emit_lines([*lines, *([] if bound.is_loopback else ["Everybody who reaches this machine can reach it."])])
    sys.stdout.flush()

    from miniprogram_server.app import delivery_app
    from miniprogram_server.request_log import RequestLog
    from miniprogram_server.running import run_app

    requests = RequestLog(sys.stdout) if requests_logged else None
    app = delivery_app(served, requests)
    try:
        run_app(app if administered is None else _with_console(app, administered, tools), listener)
    finally:
        if requests is not None:
            requests.close()


def _with_console(app: DeliveryApp, session: CloudSession, tools: AppContext) -> AdministeredDelivery:
    from miniprogram.environments.session import storage_of
    from miniprogram_server.console.mounting import AdministeredDelivery

    return AdministeredDelivery(app, storage_of(session), now=tools.now)


def _workspace(tools: AppContext, folder: Path | None, policy: str) -> Served:
    from miniprogram.state.workspace_location import require_workspace
    from miniprogram_server.app import serve_workspace

    workspace = require_workspace(explicit=folder, cwd=tools.cwd, extra_roots=(), home=tools.home)
    return serve_workspace(workspace, strictness=policy)


def _session(tools: AppContext, folder: Path | None, name: str | None) -> CloudSession:
    from miniprogram.environments.session import open_session
    from miniprogram.state.env_file import require_env

    resolved = require_env(explicit_root=folder, start_directories=[tools.cwd], home=tools.home)
    return open_session(
        resolved, name, find_provider=tools.registry.provider, home=tools.home, environ=tools.environ
    )


def _environment(session: CloudSession, policy: str) -> Served:
    from miniprogram_server.app import serve_environment

    return serve_environment(session, strictness=policy)
