"""`preview`: a mini-program in a browser or on a device, following every save."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from miniprogram.browsers import ANY
from miniprogram.cli.commands.program_options import build_folder, selected_program
from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.output import emit, emit_slowly
from miniprogram.cli.framework.parsing.options import (
    AsJson,
    BuildDir,
    OptionalProgramId,
    ProgramRoot,
    RepoRoot,
    trimmed,
)
from miniprogram.errors import UsageError
from miniprogram.number_words import number_of
from miniprogram.plugins.absent import unusable_sentences
from miniprogram.project.build import build_program
from miniprogram.project.location import ProgramLocation
from miniprogram.project.memory import BuildMemory
from miniprogram.project.sources.interpreters import SpareInterpreter
from miniprogram.seams.checks import CheckContext
from miniprogram.seams.screen_source import SourceContext

if TYPE_CHECKING:
    from miniprogram.preview.once import PreviewDocument


def preview(
    context: typer.Context,
    program_id: OptionalProgramId = None,
    *,
    device: Annotated[
        str | None,
        typer.Option(
            "--device",
            "-d",
            parser=trimmed,
            metavar="DEVICE",
            help="web (the usual browser, if not given), chrome, edge, firefox, none, or a device of Flutter.",
        ),
    ] = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="Open no browser; only serve the page.")] = False,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, metavar="PORT", help="Port of the preview server.")
    ] = None,
    lan: Annotated[
        bool, typer.Option("--lan", help="Let phones in this network see the page, by an address with a secret.")
    ] = False,
    once: Annotated[
        bool, typer.Option("--once", help="Build, lay the screens out, tell what is wrong, and end.")
    ] = False,
    as_json: AsJson = False,
    repo_root: RepoRoot = None,
    mini_program_root: ProgramRoot = None,
    stac_cli_script: Annotated[
        str | None,
        typer.Option(parser=trimmed, metavar="FILE", help="Entry script of a Stac builder, for Dart screens."),
    ] = None,
    build_dir: BuildDir = None,
) -> int:
    """Build a mini-program, show it in a browser or on a device, and show every change when it is saved.

    Runs until Ctrl-C, or until the app on a device ends, whose exit code it returns. With --once it ends by
    itself: 1 when there are errors.
    """
    from miniprogram.preview.choice import find_device, wanted_page
    from miniprogram.preview.running import Builds, PageWishes, Surroundings, run_page_preview, run_preview

    tools: AppContext = context.obj
    if as_json and not once:
        raise UsageError("--json is for a preview that ends: add --once")
    if once:
        shown = {"--device": device, "--no-open": no_open, "--port": port, "--lan": lan}
        if wrong := next((name for name, value in shown.items() if value), None):
            raise UsageError(f"{wrong} is for a preview that is shown, and --once shows none")
        location = replace(
            selected_program(tools, program_id, mini_program_root, repo_root),
            build_dir=build_folder(tools, build_dir),
        )
        return _once(tools, location, stac_cli_script, as_json=as_json)
    pages = tools.registry.preview_pages()
    page = wanted_page(pages, device)
    if page is None and (no_open or lan):
        given = "--no-open" if no_open else "--lan"
        raise UsageError(f"{given} is for browsers, and -d {device} is a device")
    location = replace(
        selected_program(tools, program_id, mini_program_root, repo_root),
        build_dir=build_folder(tools, build_dir),
    )
    with closing(SpareInterpreter()) as spare:
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
        memory = BuildMemory()
        builds = Builds(
            first=lambda: build_program(location, sources=sources, context=around, memory=memory),
            again=lambda: build_program(location, sources=sources, context=again, memory=memory),
        )
        if page is not None:
            wishes = PageWishes((device or ANY).lower(), opens=not no_open, port=port, over_lan=lan)
            world = Surroundings(tools.environ, tools.cwd, _say, _warn)
            run_page_preview(location, page.create(), builds, wishes, world)
            return 0
        generators = tools.registry.host_generators()
        found = find_device(generators, str(device), environ=tools.environ, cwd=location.root, pages=pages)
        return run_preview(location, found, builds, environ=tools.environ, say=_say, warn=_warn, port=port)


def _once(tools: AppContext, location: ProgramLocation, builder_script: str | None, *, as_json: bool) -> int:
    from miniprogram.preview.once import notes_of, preview_once

    checks = tools.registry.screen_checks()
    around = CheckContext(tools.cwd, tools.home, tools.environ, location.repo_root)
    document = preview_once(
        location,
        sources=tools.registry.screen_sources(),
        checks=checks,
        context=SourceContext(
            environ=tools.environ,
            home=tools.home,
            repo_root=location.repo_root,
            builder_script=tools.cwd / builder_script if builder_script else None,
            unusable_plugins=unusable_sentences(tools.registry.plugins),
        ),
        notes=notes_of(checks, tools.registry.doctor_checks(), around),
    )
    emit(document, as_json=as_json, lines=_lines)
    return 0 if document.ok else 1


def _lines(document: PreviewDocument) -> Iterator[str]:
    yield from (message.shown("", Path()).text for message in document.messages)
    yield from (f"Note: {note}" for note in document.notes)
    state = "is ready to be previewed" if document.ok else "was not built"
    found = f"{number_of(document.error_count, 'error')}, {number_of(document.warning_count, 'warning')}"
    yield f"{document.mini_program_id} {state}: {number_of(len(document.screens), 'screen')}, {found}"


def _say(line: str) -> None:
    emit_slowly([line])


def _warn(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
