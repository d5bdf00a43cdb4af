"""`cloud rollback`: point a mini-program at another version that was published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from miniprogram.catalogue.apps import not_active
from miniprogram.clock import to_iso
from miniprogram.delivery.documents.kinds import CATALOG_POINTER
from miniprogram.delivery.evaluation.versions.semver import Version
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.index.indexing import indexed
from miniprogram.documents.json_documents import change_document, read_document
from miniprogram.documents.published_versions import require_published
from miniprogram.errors import UsageError
from miniprogram.releases.storage.withdrawn import refuse_withdrawn


@dataclass(frozen=True, slots=True)
class RollbackReport:
    """Where the pointer was and is. Equal versions mean that nothing had to change."""

    mini_program_id: str
    previous_version: str
    version: str
    catalog_key: str
    release_key: str


def check_version(text: str) -> str:
    """`text` without blanks around it. Raises UsageError unless it is a semantic version."""
    version = text.strip()
    try:
        Version.parse(version)
    except ValueError:
        raise UsageError(f"{version!r} is not a semantic version such as 1.2.0") from None
    return version


def rollback(
    storage: EnvironmentStorage, program_id: str, version: str, *, now: datetime, dry_run: bool = False
) -> RollbackReport:
    """Serve `version`, older or newer, from now on. Everything else in the pointer stays.

    With `dry_run` nothing is written, and the report says where the pointer would be.

    Raises MiniProgramError when that version was never published, has lost its manifest, or the program is
    disabled: then nothing changes.
    """
    keys = storage.keys
    release_key, catalog_key = keys.release_record_key(program_id, version), keys.catalog_pointer_key(program_id)
    previous = version

    def point(catalog: dict[str, Any] | None) -> dict[str, Any]:
        nonlocal previous
        # each time after the pointer was read: a prune writes it anew before it deletes what nothing points to
        require_published(storage, program_id, version)
        refuse_withdrawn(storage, program_id, version)
        if catalog is None:
            raise not_active(storage, program_id)
        previous = str(catalog.get("latestVersion"))
        if previous == version and catalog.get("releaseKey") == release_key:
            return catalog
        return {**catalog, "latestVersion": version, "releaseKey": release_key, "updatedAtUtc": to_iso(now)}

    if dry_run:
        point(read_document(storage.store, catalog_key))
    else:
        with indexed(storage, program_id):
            change_document(storage.store, CATALOG_POINTER, catalog_key, point)
    return RollbackReport(program_id, previous, version, catalog_key, release_key)
