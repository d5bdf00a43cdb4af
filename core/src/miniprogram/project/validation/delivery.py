"""The whole validation, in the contract's order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from miniprogram.project.location import PROGRAMS_FOLDER
from miniprogram.project.validation.authored import Authored, read_authored
from miniprogram.project.validation.capability_policies import check_capability_policies
from miniprogram.project.validation.published import Published, read_published
from miniprogram.project.validation.report import ValidationMessage, ValidationReport, error
from miniprogram.project.validation.rollouts import check_rollouts
from miniprogram.project.validation.secure_policies import check_secure_policies
from miniprogram.project.validation.workspace_view import WorkspaceView


def validate_delivery(
    program_root: Path | None,
    backend_root: Path | None,
    program_id: str | None,
    *,
    authored_root: Path | None = None,
    thorough: bool = False,
) -> ValidationReport:
    """Check a mini-program's manifest and everything a local backend holds about it. Reads only.

    `program_root` is the mini-program when it stands alone; one that a monorepo manages is found in
    `authored_root/mini_programs`, and `authored_root` is the backend root unless it is given. `program_id`
    limits the report to one mini-program. Without `backend_root` only the authored side is checked.
    `thorough` adds warnings about what is legal and cannot work, which reads every published screen.
    """
    view = WorkspaceView(
        None if program_root is None else program_root.absolute(),
        None if program_root is not None else (authored_root or backend_root),
        backend_root,
        program_id,
    )
    return ValidationReport.of(str(view.root), _messages(view, thorough=thorough))


def _messages(view: WorkspaceView, *, thorough: bool) -> Iterator[ValidationMessage]:
    missing = _missing_root(view)
    if missing is not None:
        yield missing
        return
    authored = read_authored(view)
    yield from authored.messages
    published = read_published(view, thorough=thorough)
    yield from published.messages
    yield from check_rollouts(view, authored, published, thorough=thorough)
    yield from check_capability_policies(view, authored)
    yield from check_secure_policies(view, authored)
    yield from _not_found(view, authored, published)


def _missing_root(view: WorkspaceView) -> ValidationMessage | None:
    if view.program_root is None and view.programs is None:
        text = f"{view.authored_root} has no {PROGRAMS_FOLDER} folder"
        return error("missing_mini_programs_root", PROGRAMS_FOLDER, text)
    if view.backend_root is not None and view.api is None:
        text = f"{view.backend_root} has no backend/api folder"
        return error("missing_backend_api_root", "backend/api", text)
    return None


def _not_found(view: WorkspaceView, authored: Authored, published: Published) -> Iterator[ValidationMessage]:
    wanted = view.program_id
    if wanted is not None and wanted not in authored.manifests and wanted not in published.versions:
        text = f"there is no mini-program {wanted!r}, neither authored nor published"
        yield error("mini_program_not_found", f"{PROGRAMS_FOLDER}/{wanted}", text)
