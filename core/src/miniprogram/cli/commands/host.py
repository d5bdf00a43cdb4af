"""`host run`: start a host app against an environment."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from miniprogram.cli.commands.host_options import HostKind, ProjectRoot, environments, project_root
from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.output import emit_lines
from miniprogram.cli.framework.parsing.command_line import passed_on
from miniprogram.cli.framework.parsing.options import EnvName, RepoRoot, StateRoot, trimmed
from miniprogram.errors import UsageError

if TYPE_CHECKING:
    from miniprogram.hosts.binding import RunTarget


def run(
    context: typer.Context,
    *,
    device: Annotated[
        str | None, typer.Option("--device", "-d", parser=trimmed, metavar="DEVICE", help="Device id; required.")
    ] = None,
    root: ProjectRoot = None,
    host: HostKind = None,
    env: EnvName = None,
    state_root: StateRoot = None,
    repo_root: RepoRoot = None,
) -> int:
    """Run a host app on a device, against the delivery URL of its environment.

    Words after `--` go to the tool that runs the app: `host run -d chrome -- --release --flavor shop`.
    """
    from miniprogram.hosts.binding import find_run_target
    from miniprogram.hosts.choice import require_host
    from miniprogram.hosts.running import run_app

    tools: AppContext = context.obj
    if device is None:
        raise UsageError("--device is required")
    app_root = project_root(tools, root)
    generator = require_host(tools.registry.host_generators(), app_root, kind=host)
    host_environments = environments(tools, root=state_root, repo_root=repo_root, host_root=app_root)
    target = find_run_target(host_environments, app_root, env)
    emit_lines(_lines(target, generator.files(app_root).endpoint_map))
    argv = [*generator.run_argv(device, target.url), *passed_on(context)]
    return run_app(argv, cwd=app_root, environ=tools.environ)


def _lines(target: RunTarget, endpoint_map: Path) -> Iterator[str]:
    if target.environment:
        yield f"Environment: {target.environment}"
    yield f"Delivery URL: {target.url or 'the default of the app'}"
    yield from (f"Note: {note}" for note in target.notes)
    if endpoint_map.is_file():
        yield f"Note: endpoints passed from {endpoint_map.name} are used instead of this URL."
