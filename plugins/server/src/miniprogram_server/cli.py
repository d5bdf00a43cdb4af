"""`serve`: the delivery server in the foreground."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from miniprogram.cli.options import EnvName, trimmed
from miniprogram.cli.output import emit_lines
from miniprogram.cli.toolbox import Toolbox

if TYPE_CHECKING:
    from miniprogram_server.app import Served


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
) -> None:
    """Serve a backend workspace, or an environment, to hosts until Ctrl-C."""
    from miniprogram.local_backend.address import Address, listen, parse_host

    tools: Toolbox = context.obj
    folder = tools.cwd / root if root else None
    served = _environment(tools, folder, env, policy) if env else _workspace(tools, folder, policy)
    listener = listen(Address(parse_host(host.strip()), port))
    bound = Address(parse_host(host.strip()), listener.getsockname()[1])
    warning = [] if bound.is_loopback else ["Everybody who reaches this machine can reach it."]
    emit_lines([f"Serving {served.place}", f"API base URL for hosts: {bound.url('/api/')}", *warning])
    sys.stdout.flush()

    from miniprogram_server.app import delivery_app
    from miniprogram_server.request_log import RequestLog
    from miniprogram_server.running import run_app

    requests = RequestLog(sys.stdout) if log == "requests" else None
    try:
        run_app(delivery_app(served, requests), listener)
    finally:
        if requests is not None:
            requests.close()


def _workspace(tools: Toolbox, folder: Path | None, policy: str) -> Served:
    from miniprogram.local_backend.workspace import require_workspace
    from miniprogram_server.app import serve_workspace

    workspace = require_workspace(explicit=folder, cwd=tools.cwd, extra_roots=(), home=tools.home)
    return serve_workspace(workspace, strictness=policy)


def _environment(tools: Toolbox, folder: Path | None, name: str, policy: str) -> Served:
    from miniprogram.cloud.session import open_session
    from miniprogram.state.env_file import require_env
    from miniprogram_server.app import serve_environment

    resolved = require_env(explicit_root=folder, start_directories=[tools.cwd], home=tools.home)
    session = open_session(
        resolved, name, providers=tools.registry.providers, home=tools.home, environ=tools.environ
    )
    return serve_environment(session, strictness=policy)
