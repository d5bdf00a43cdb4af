"""The local delivery backend as `workflow status` tells it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from miniprogram.errors import MiniProgramError
from miniprogram.state.workspace_location import RecordedWorkspace, find_record
from miniprogram.workflow.section import Section

if TYPE_CHECKING:
    from miniprogram.workflow.section import Document


class BackendSection(Section):
    """`configured` and `status_checked` always; paths with a workspace; the status when it could be had."""

    configured: bool
    status_checked: bool
    scope: str | None = None
    root_path: str | None = None
    file_path: str | None = None
    backend_root_path: str | None = None
    api_root_path: str | None = None
    is_healthy: bool = False
    error: str | None = None
    status: Document | None = None

    def to_document(self) -> dict[str, Any]:
        """The members of the status stand beside the paths."""
        document = {key: value for key, value in super().to_document().items() if value is not None}
        document.pop("status", None)
        del document["isHealthy"]
        return {**document, **(self.status.model_dump(mode="json", by_alias=True) if self.status else {})}


def look_up_backend(workspace: Path, home: Path) -> tuple[RecordedWorkspace | None, str | None]:
    """The recorded backend workspace, or why its record cannot be read."""
    try:
        return find_record(cwd=workspace, extra_roots=(), home=home), None
    except MiniProgramError as error:
        return None, str(error)


def backend_section(recorded: RecordedWorkspace | None, error: str | None) -> BackendSection:
    """The section; asks the running server once when one is recorded."""
    if error is not None:
        return BackendSection(configured=False, status_checked=False, error=error)
    if recorded is None:
        return BackendSection(configured=False, status_checked=False)
    paths: dict[str, Any] = {
        "configured": True,
        "scope": recorded.workspace.scope,
        "root_path": str(recorded.path.parent.parent),
        "file_path": str(recorded.path),
        "backend_root_path": str(recorded.workspace.root),
        "api_root_path": str(recorded.workspace.api_root),
    }
    if not recorded.workspace.usable:
        gone = f"{recorded.workspace.root} is recorded as the backend workspace but is not one any more"
        return BackendSection(**paths, status_checked=False, error=gone)
    from miniprogram.local_backend.control import backend_status  # deferred: most reports have no backend
    from miniprogram.local_backend.report import BackendStatusReport

    try:
        report = BackendStatusReport.of(backend_status(recorded.workspace))
    except MiniProgramError as failure:
        return BackendSection(**paths, status_checked=False, error=str(failure))
    return BackendSection(**paths, status_checked=True, is_healthy=report.healthy, status=report)
