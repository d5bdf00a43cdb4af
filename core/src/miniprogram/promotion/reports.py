"""What exporting, looking at and importing a version says."""

from __future__ import annotations

from miniprogram.models import CamelModel


class Approver(CamelModel):
    """Somebody who approved it there, and when."""

    reviewer: str
    at: str


class PromotedVersion(CamelModel):
    """An exported version. `digest` of the bundle, `state` of the release there, `events` of its trail."""

    mini_program_id: str
    version: str
    digest: str
    target: str
    environment: str
    exported_at: str
    exported_by: str
    state: str
    applicant: str | None
    approvals: tuple[Approver, ...]
    events: int
    trail_hash: str
    has_provenance: bool
    trust_file_count: int
    key_ids: tuple[str, ...]
    """Of the keys that signed it and whose word counts; empty where nobody asked whose does."""


class ExportReport(CamelModel):
    """A version that was written into a file. `file_size` in bytes."""

    schema_version: int = 1
    command: str = "bundle export"
    file: str
    file_size: int
    exported: PromotedVersion


class InspectReport(CamelModel):
    """What is in a file, and whose word it is."""

    schema_version: int = 1
    command: str = "bundle inspect"
    file: str
    file_size: int
    exported: PromotedVersion


class ImportReport(CamelModel):
    """A version that was taken over. `checked` are sentences about what was checked, and what could not be."""

    schema_version: int = 1
    command: str = "bundle import"
    file: str
    environment_name: str
    dry_run: bool
    imported: PromotedVersion
    release_id: str
    state: str
    written_file_count: int
    written_files: tuple[str, ...]
    checked: tuple[str, ...]
