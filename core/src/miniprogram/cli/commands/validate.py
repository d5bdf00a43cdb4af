"""`validate`: the manifest, the screens, and what the local backend holds of a mini-program."""

from __future__ import annotations

import typer

from miniprogram.cli.commands.program_options import selected_program
from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.output import emit, emit_json, emit_lines
from miniprogram.cli.framework.parsing.options import (
    AsJson,
    BackendRoot,
    FindingFormat,
    OptionalProgramId,
    ProgramRoot,
    RepoRoot,
)
from miniprogram.plugins.absent import unusable_sentences
from miniprogram.project.finding_formats import github_lines, sarif
from miniprogram.project.validation.program import validate_program
from miniprogram.project.validation.report import report_lines
from miniprogram.seams.screen_source import SourceContext
from miniprogram.state.workspace_location import find_workspace


def validate(
    context: typer.Context,
    program_id: OptionalProgramId = None,
    *,
    repo_root: RepoRoot = None,
    root: BackendRoot = None,
    mini_program_root: ProgramRoot = None,
    finding_format: FindingFormat = None,
    as_json: AsJson = False,
) -> int:
    """Check a mini-program and what the local backend serves of it; write nothing.

    Without a backend workspace the manifest and the screens are checked. The exit code is 1 when there are
    errors; warnings alone are fine.
    """
    tools: AppContext = context.obj
    location = selected_program(tools, program_id, mini_program_root, repo_root)
    workspace = find_workspace(
        explicit=tools.cwd / root if root else None,
        cwd=tools.cwd,
        extra_roots=[location.root],
        home=tools.home,
        repo_root=location.repo_root,
    )
    report = validate_program(
        location,
        workspace.root if workspace else None,
        sources=tools.registry.screen_sources(),
        checks=tools.registry.screen_checks(),
        context=SourceContext(
            environ=tools.environ,
            home=tools.home,
            repo_root=location.repo_root,
            unusable_plugins=unusable_sentences(tools.registry.plugins),
        ),
    )
    chosen = "json" if as_json else finding_format
    shown = [message.shown(report.repo_root_path, tools.cwd) for message in report.messages]
    if chosen == "github":
        emit_lines(github_lines(shown))
    elif chosen == "sarif":
        emit_json(sarif(shown))
    else:
        served = f", and what {workspace.root} serves of it" if workspace else ""
        checked = f"{location.program_id} in {location.root}{served}"
        emit(
            report, as_json=chosen == "json", lines=lambda report: report_lines(report, tools.cwd, checked=checked)
        )
    return 0 if report.ok else 1
