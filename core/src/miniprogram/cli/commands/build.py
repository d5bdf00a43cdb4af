"""`build`: authored screens become Stac JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated

import typer

from miniprogram.cli.commands.program_options import build_folder, selected_program
from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.output import emit_json, emit_lines
from miniprogram.cli.framework.parsing.options import (
    AsJson,
    BuildDir,
    FindingFormat,
    OptionalProgramId,
    ProgramRoot,
    RepoRoot,
    trimmed,
)
from miniprogram.number_words import number_of
from miniprogram.plugins.absent import unusable_sentences
from miniprogram.project.build import BuildReport, build_program
from miniprogram.project.build_document import BuildDocument
from miniprogram.project.finding_formats import github_lines, sarif
from miniprogram.project.findings import BuildError, tally
from miniprogram.project.location import ProgramLocation
from miniprogram.seams.screen_source import SourceContext


def build(
    context: typer.Context,
    program_id: OptionalProgramId = None,
    *,
    repo_root: RepoRoot = None,
    mini_program_root: ProgramRoot = None,
    stac_cli_script: Annotated[
        str | None,
        typer.Option(parser=trimmed, metavar="FILE", help="Entry script of a Stac builder, for Dart screens."),
    ] = None,
    skip_pub_get: Annotated[
        bool, typer.Option("--skip-pub-get", help="Leave the dependencies of Dart screens as they are.")
    ] = False,
    build_dir: BuildDir = None,
    finding_format: FindingFormat = None,
    as_json: AsJson = False,
) -> int:
    """Build the screens of a mini-program into stac/.build, after checking every node of them.

    The old output stays until the new one is whole. Warnings are printed; errors fail the build.
    """
    tools: AppContext = context.obj
    found = selected_program(tools, program_id, mini_program_root, repo_root)
    location = replace(found, build_dir=build_folder(tools, build_dir))
    around = SourceContext(
        environ=tools.environ,
        home=tools.home,
        repo_root=location.repo_root,
        builder_script=tools.cwd / stac_cli_script if stac_cli_script else None,
        fetch_dependencies=not skip_pub_get,
        unusable_plugins=unusable_sentences(tools.registry.plugins),
    )
    chosen = "json" if as_json else finding_format or "text"
    try:
        report = build_program(location, sources=tools.registry.screen_sources(), context=around)
    except BuildError as failed:
        if chosen == "text":
            raise
        _emit(chosen, failed, location)
        return failed.exit_code
    if chosen == "text":
        emit_lines(_lines(report))
    else:
        _emit(chosen, report, location)
    return 0


def _emit(chosen: str, outcome: BuildReport | BuildError, location: ProgramLocation) -> None:
    found = [finding.shown(location.shown_folder) for finding in outcome.findings]
    if chosen == "github":
        emit_lines(github_lines(found))
    elif chosen == "sarif":
        emit_json(sarif(found))
    else:
        emit_json(BuildDocument.of(outcome, location).model_dump(mode="json", by_alias=True))


def _lines(report: BuildReport) -> Iterator[str]:
    yield from (finding.text(report.location.shown_folder) for finding in report.findings)
    state = "Built" if report.changed else "Already built"
    screens = number_of(report.screen_count, "screen")
    yield f"{state} {report.location.program_id} {report.manifest.version}: {screens}"
    yield f"Screens: {report.screens_directory}"
    yield f"Entry screen: {report.entry_screen_path}"
    if report.unpublished_note:
        yield report.unpublished_note
    if report.findings:
        yield f"Findings: {tally(report.findings)}"
