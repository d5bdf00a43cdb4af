"""The mini-program in the workspace: what is authored, built, checked and handed over."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Literal

from miniprogram.errors import MiniProgramError
from miniprogram.plugins.specs import ScreenSourceSpec
from miniprogram.state.workspace_location import RecordedWorkspace
from miniprogram.strict_json import read_object
from miniprogram.workflow.backend_usage import BackendUsage, backend_usage
from miniprogram.workflow.partner_packages import PartnerPackageSummary, partner_packages
from miniprogram.workflow.section import Section
from miniprogram.workflow.starter_section import StarterSection, starter_section

MANIFEST = "manifest.json"
SCREENS = Path("stac", ".build", "screens")
SOURCE_FOLDERS = ("stac", "assets", "lib")


class BuildSection(Section):
    """The built screens. `stale` when a source is newer than the last build."""

    screens_directory: str
    exists: bool
    screen_count: int
    entry_screen_path: str | None
    entry_screen_exists: bool
    stale: bool


class ValidationSection(Section):
    """The counts are there when validation ran, the reason when it did not."""

    optional: ClassVar[tuple[str, ...]] = ("reason", "error_count", "warning_count")

    status: Literal["ok", "warning", "error", "not_run"]
    reason: str | None = None
    error_count: int | None = None
    warning_count: int | None = None


class ProgramSection(Section):
    """`detected` alone when the workspace is no mini-program."""

    optional: ClassVar[tuple[str, ...]] = ("manifest_error",)

    detected: bool
    manifest_path: str | None = None
    manifest_exists: bool = False
    manifest_error: str | None = None
    app_id: str | None = None
    version: str | None = None
    entry: str | None = None
    build: BuildSection | None = None
    validation: ValidationSection | None = None
    partner_packages: tuple[PartnerPackageSummary, ...] = ()
    backend_usage: BackendUsage | None = None
    publisher_backend_starter: StarterSection | None = None

    def to_document(self) -> dict[str, Any]:
        return super().to_document() if self.detected else {"detected": False}


def program_section(
    workspace: Path, backend: RecordedWorkspace | None, sources: Mapping[str, ScreenSourceSpec]
) -> ProgramSection:
    """Look at the mini-program in `workspace`. Nothing in it can make the report fail.

    `sources`, by suffix, tell which files are screens; none is run.
    """
    path = workspace / MANIFEST
    manifest, error = _manifest(path)
    app_id, version, entry = (_text(manifest.get(name)) for name in ("id", "version", "entry"))
    return ProgramSection(
        detected=True,
        manifest_path=str(path),
        manifest_exists=error is None,
        manifest_error=error,
        app_id=app_id,
        version=version,
        entry=entry,
        build=_build(workspace, entry),
        validation=_validation(workspace, app_id, backend, sources),
        partner_packages=partner_packages(workspace),
        backend_usage=backend_usage(workspace),
        publisher_backend_starter=starter_section(workspace),
    )


def _manifest(path: Path) -> tuple[dict[str, Any], str | None]:
    try:
        return read_object(path), None
    except MiniProgramError as error:
        return {}, str(error)


def _build(workspace: Path, entry: str | None) -> BuildSection:
    folder = workspace / SCREENS
    built = sorted(folder.glob("*.json"))
    entry_path = folder / f"{entry}.json" if entry else None
    return BuildSection(
        screens_directory=str(folder),
        exists=bool(built),
        screen_count=len(built),
        entry_screen_path=str(entry_path) if entry_path else None,
        entry_screen_exists=entry_path is not None and entry_path.is_file(),
        stale=bool(built) and _newest_source(workspace) > max(map(_modified, (folder.parent, *built))),
    )


def _newest_source(workspace: Path) -> float:
    newest = _modified(workspace / MANIFEST)
    for name in SOURCE_FOLDERS:
        for folder, folders, files in os.walk(workspace / name):
            folders[:] = [each for each in folders if not each.startswith((".", "__"))]
            newest = max([newest, *(_modified(Path(folder, file)) for file in files)])
    return newest


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _validation(
    workspace: Path,
    app_id: str | None,
    backend: RecordedWorkspace | None,
    sources: Mapping[str, ScreenSourceSpec],
) -> ValidationSection:
    if app_id is None:
        return ValidationSection(status="not_run", reason="The manifest has no id.")
    from miniprogram.project.source_tree import scan_sources
    from miniprogram.project.validation.delivery import validate_delivery

    usable = backend is not None and backend.workspace.usable
    backend_root = backend.workspace.root if backend is not None and usable else None
    try:
        report = validate_delivery(workspace, backend_root, app_id)
        unbuilt = scan_sources(workspace, sources).findings if (workspace / "stac").is_dir() else ()
    except MiniProgramError as error:
        return ValidationSection(status="error", reason=str(error))
    warnings = report.warning_count + len(unbuilt)
    status: Literal["ok", "warning", "error"] = "error" if report.error_count else "warning" if warnings else "ok"
    return ValidationSection(status=status, error_count=report.error_count, warning_count=warnings)


def _text(value: object) -> str | None:
    return None if value is None or isinstance(value, dict | list) else str(value).strip() or None
