"""`doctor`: is this machine, and what earlier commands saved, fit for use?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.crash_report import REPORT
from miniprogram.cli.framework.output import emit, emit_json
from miniprogram.cli.framework.parsing.options import AsJson, RepoRoot
from miniprogram.cli.framework.plugin_check import examine
from miniprogram.errors import MiniProgramError
from miniprogram.number_words import number_of
from miniprogram.plugins.registry import Registry
from miniprogram.seams.checks import CheckContext
from miniprogram.strict_json import read_object
from miniprogram.workflow.doctor import DoctorReport, run_doctor


def doctor(
    context: typer.Context,
    *,
    repo_root: RepoRoot = None,
    report: Annotated[
        bool, typer.Option("--report", help="Print what was kept of the last internal error, and check nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check the machine, the plugins and what earlier commands saved. Fails when a check found an error."""
    tools: AppContext = context.obj
    if report:
        emit_json(_last_crash(tools))
        return
    registry, problems = _registry(tools)
    where = CheckContext(
        cwd=tools.cwd,
        home=tools.home,
        environ=tools.environ,
        repo_root=tools.cwd / repo_root if repo_root else None,
    )
    examined = run_doctor(
        registry.doctor_checks(), where, plugin_problems=problems, pinned_by=registry.pins.source
    )
    emit(examined, as_json=as_json, lines=_lines)
    if examined.has_errors:
        raise typer.Exit(1)


def _last_crash(tools: AppContext) -> dict[str, Any]:
    path = tools.home / REPORT
    if not path.is_file():
        raise MiniProgramError(f"no internal error was kept: there is no {path}")
    return read_object(path)


def _registry(tools: AppContext) -> tuple[Registry, list[str]]:
    """The registry and what is wrong with it. Pins that cannot be read leave the built-in checks."""
    try:
        registry = Registry.survey(cwd=tools.cwd, environ=tools.environ, watch=True)
    except MiniProgramError as error:
        return Registry.built_in(), [str(error)]
    return registry, [each.message for each in examine(registry) if each.severity == "error"]


def _lines(report: DoctorReport) -> Iterator[str]:
    for check in report.checks:
        yield f"[{check.status}] {check.label}: {check.summary}"
        yield from (f"    {line}" for line in (check.detail or "").splitlines())
    counts = report.summary
    wrong = f"{number_of(counts.warning, 'warning')}, {number_of(counts.error, 'error')}"
    yield f"{counts.ok} ok, {wrong}, {counts.skipped} skipped"
