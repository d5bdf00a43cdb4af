"""`preview --once`: what a preview would show and complain about, for pipelines and editors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from miniprogram.delivery.evaluation.versions.display_texts import title_of
from miniprogram.models import CamelModel
from miniprogram.plugins.specs import DoctorCheckSpec, ScreenCheckSpec, ScreenSourceSpec
from miniprogram.preview.bundle import PreviewBundle, load_bundle
from miniprogram.project.build import build_program
from miniprogram.project.check import CheckedProgram, check_program
from miniprogram.project.findings import BuildError, BuildFinding, errors_in
from miniprogram.project.location import ProgramLocation
from miniprogram.project.source_tree import shown
from miniprogram.project.validation.report import ValidationMessage, of_finding
from miniprogram.project.validation.screen_checks import screen_remarks
from miniprogram.seams.checks import CheckContext
from miniprogram.seams.screen_source import ScreenDraft, SourceContext


class PreviewScreen(CamelModel):
    """A screen that was built. `digest` changes whenever its document does."""

    id: str
    digest: str
    file: str
    """Its source, relative to the working folder."""


class PreviewDocument(CamelModel):
    """A mini-program as a preview has it. The places of `messages` are relative to the working folder."""

    schema_version: int = 1
    command: str = "preview"
    mini_program_id: str
    title: str
    version: str | None
    """None for a build that failed."""
    ok: bool
    """Whether there is no error; warnings are allowed."""
    screens: tuple[PreviewScreen, ...]
    scenarios: tuple[str, ...]
    """Names of those in preview.toml."""
    error_count: int
    warning_count: int
    messages: tuple[ValidationMessage, ...]
    """What the build says, then what the checks of screens say, layout among them."""
    notes: tuple[str, ...]
    """What was not looked at, and why."""


def preview_once(
    location: ProgramLocation,
    *,
    sources: Mapping[str, ScreenSourceSpec],
    checks: Sequence[ScreenCheckSpec],
    context: SourceContext,
    notes: Sequence[str] = (),
) -> PreviewDocument:
    """Build the mini-program at `location`, lay its screens out, and tell everything that was found.

    Raises ProjectError when there is nothing to point at.
    """
    findings: list[BuildFinding] = []
    bundle: PreviewBundle | None = None
    version: str | None = None
    try:
        report = build_program(location, sources=sources, context=context)
    except BuildError as failed:
        findings += [*failed.findings, *_remarks_of_the_rest(location, sources, checks, context)]
    else:
        checked = CheckedProgram(location, report.manifest, report.drafts, report.findings)
        findings += [*report.findings, *screen_remarks(checked, checks)]
        version = report.manifest.version
        try:
            bundle = load_bundle(report)
        except BuildError as wrong_file:
            findings += wrong_file.findings
    folder = location.shown_folder
    errors = len(errors_in(findings))
    return PreviewDocument(
        mini_program_id=location.program_id,
        title=bundle.title if bundle else title_of(location.program_id),
        version=version,
        ok=errors == 0,
        screens=_screens(bundle, location) if bundle else (),
        scenarios=tuple(str(each["name"]) for each in bundle.scenarios) if bundle else (),
        error_count=errors,
        warning_count=len(findings) - errors,
        messages=tuple(of_finding(each, folder + each.file) for each in findings),
        notes=tuple(notes),
    )


def _screens(bundle: PreviewBundle, location: ProgramLocation) -> tuple[PreviewScreen, ...]:
    def file(draft: ScreenDraft) -> str:
        return location.shown_folder + shown(draft.origin, location.root)

    return tuple(
        PreviewScreen(id=name, digest=bundle.digests[name], file=file(draft))
        for name, draft in sorted(bundle.drafts.items())
    )


def _remarks_of_the_rest(
    location: ProgramLocation,
    sources: Mapping[str, ScreenSourceSpec],
    checks: Sequence[ScreenCheckSpec],
    context: SourceContext,
) -> list[BuildFinding]:
    """What the checks say about the screens without errors, of a mini-program that has some."""
    try:
        return list(screen_remarks(check_program(location, sources=sources, context=context), checks))
    except BuildError:  # its manifest is wrong, and that has been said
        return []


def notes_of(
    checks: Sequence[ScreenCheckSpec], doctor: Sequence[DoctorCheckSpec], context: CheckContext
) -> list[str]:
    """Why a check of screens does not look at them here, in the words of the line of `doctor` with its label."""
    labels = {check.label for check in checks}
    found = [spec.run(context) for spec in doctor if spec.label in labels]
    return [f"{check.label}: {check.summary}" for check in found if check.status != "ok"]
