"""Validation of one mini-program from its sources to what a local backend serves of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from miniprogram.errors import ProjectError
from miniprogram.plugins.specs import ScreenCheckSpec, ScreenSourceSpec
from miniprogram.project.check import SOURCE_FAILED, check_program
from miniprogram.project.findings import BuildError, BuildFinding
from miniprogram.project.location import MANIFEST_NAME, ProgramLocation
from miniprogram.project.source_tree import SOURCE_FOLDER
from miniprogram.project.validation.delivery import validate_delivery
from miniprogram.project.validation.report import ValidationMessage, ValidationReport, error, of_finding
from miniprogram.project.validation.screen_checks import screen_remarks
from miniprogram.seams.screen_source import SourceContext

ENTRY_CODE = "entry_screen_missing"


def validate_program(
    location: ProgramLocation,
    backend_root: Path | None,
    *,
    sources: Mapping[str, ScreenSourceSpec],
    checks: Sequence[ScreenCheckSpec] = (),
    context: SourceContext | None = None,
) -> ValidationReport:
    """Everything that is wrong or doubtful about the mini-program at `location`. Writes nothing.

    `checks` are asked about the screens that are right so far.
    Without `backend_root` only the authored side is checked.
    """
    managed = location.is_repo_managed
    report = validate_delivery(
        None if managed else location.root,
        backend_root,
        location.program_id,
        authored_root=location.repo_root if managed else None,
        thorough=True,
    )
    if any(message.code == "manifest_parse_failed" for message in report.messages):
        return report
    return report.plus(_source_messages(location, report.repo_root_path, sources, checks, context))


def _source_messages(
    location: ProgramLocation,
    root: str,
    sources: Mapping[str, ScreenSourceSpec],
    checks: Sequence[ScreenCheckSpec],
    context: SourceContext | None,
) -> Iterator[ValidationMessage]:
    try:
        checked = check_program(location, sources=sources, context=context)
        findings: Sequence[BuildFinding] = (*checked.findings, *screen_remarks(checked, checks))
    except BuildError as stopped:
        findings = stopped.findings
    except ProjectError as problem:
        yield error(SOURCE_FAILED, _shown(location.root / SOURCE_FOLDER, root), str(problem))
        return
    for finding in findings:
        # the manifest's own rules are part of the delivery report already
        if finding.file != MANIFEST_NAME or finding.code == ENTRY_CODE:
            yield of_finding(finding, _shown(location.root / finding.file, root))


def _shown(path: Path, root: str) -> str:
    relative = path.relative_to(root) if path.is_relative_to(root) else path
    return relative.as_posix()
