"""`preview`: a mini-program on a device, following every save."""

from __future__ import annotations

import sys
from contextlib import closing
from dataclasses import replace
from typing import Annotated

import typer

from miniprogram.cli.commands.program_options import selected_program
from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.output import emit_slowly
from miniprogram.cli.framework.parsing.options import OptionalProgramId, ProgramRoot, RepoRoot, trimmed
from miniprogram.errors import UsageError
from miniprogram.plugins.absent import unusable_sentences
from miniprogram.project.build import build_program
from miniprogram.project.sources.interpreters import SpareInterpreter
from miniprogram.seams.screen_source import SourceContext


def preview(
    context: typer.Context,
    program_id: OptionalProgramId = None,
    *,
    device: Annotated[
        str | None,
        typer.Option(
            "--device", "-d", parser=trimmed, metavar="DEVICE", help="Where to show it, such as chrome; required."
        ),
    ] = None,
    repo_root: RepoRoot = None,
    mini_program_root: ProgramRoot = None,
    stac_cli_script: Annotated[
        str | None,
        typer.Option(parser=trimmed, metavar="FILE", help="Entry script of a Stac builder, for Dart screens."),
    ] = None,
) -> int:
    """Build a mini-program, show it on a device, and show every change when it is saved.

    Runs until the app ends, whose exit code it returns, or until Ctrl-C.
    """
    from miniprogram.preview.choice import find_device
    from miniprogram.preview.running import Builds, run_preview

    tools: AppContext = context.obj
    if device is None:
        raise UsageError("--device is required", hint="Try `miniprogram preview -d chrome`.")
    location = selected_program(tools, program_id, mini_program_root, repo_root)
    spare = SpareInterpreter()
    around = SourceContext(
        environ=tools.environ,
        home=tools.home,
        repo_root=location.repo_root,
        builder_script=tools.cwd / stac_cli_script if stac_cli_script else None,
        unusable_plugins=unusable_sentences(tools.registry.plugins),
        spare_interpreter=spare,
    )
    again = replace(around, fetch_dependencies=False)
    sources = tools.registry.screen_sources()
    builds = Builds(
        first=lambda: build_program(location, sources=sources, context=around),
        again=lambda: build_program(location, sources=sources, context=again),
    )
    found_device = find_device(tools.registry.host_generators(), device, environ=tools.environ, cwd=location.root)
    with closing(spare):
        return run_preview(location, found_device, builds, environ=tools.environ, say=_say, warn=_warn)


def _say(line: str) -> None:
    emit_slowly([line])


def _warn(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
