"""What `build --json` prints, whether the build went well or not."""

from __future__ import annotations

from miniprogram.models import CamelModel
from miniprogram.project.build import BuildReport
from miniprogram.project.findings import BuildError, errors_in
from miniprogram.project.location import ProgramLocation
from miniprogram.project.validation.report import ValidationMessage, of_finding


class BuildDocument(CamelModel):
    """The outcome of a build. The places of `messages` are relative to the working folder."""

    schema_version: int = 1
    command: str = "build"
    mini_program_id: str
    version: str | None
    """None for a build that failed, as everything is that it would have made."""
    ok: bool
    changed: bool
    screen_count: int
    screens_directory: str | None
    entry_screen_path: str | None
    error_count: int
    warning_count: int
    messages: tuple[ValidationMessage, ...]
    notes: tuple[str, ...]

    @classmethod
    def of(cls, outcome: BuildReport | BuildError, location: ProgramLocation) -> BuildDocument:
        report = outcome if isinstance(outcome, BuildReport) else None
        errors = len(errors_in(outcome.findings))
        return cls(
            mini_program_id=location.program_id,
            version=report.manifest.version if report else None,
            ok=report is not None,
            changed=report.changed if report else False,
            screen_count=report.screen_count if report else 0,
            screens_directory=str(report.screens_directory) if report else None,
            entry_screen_path=str(report.entry_screen_path) if report else None,
            error_count=errors,
            warning_count=len(outcome.findings) - errors,
            messages=tuple(of_finding(each, location.shown_folder + each.file) for each in outcome.findings),
            notes=(report.unpublished_note,) if report and report.unpublished_note else (),
        )
