"""`cloud app disable` and `enable`: take a mini-program out of service, and put it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from miniprogram.catalogue.apps import not_active
from miniprogram.clock import to_iso
from miniprogram.delivery.documents.kinds import CATALOG_POINTER, DISABLED_POINTER
from miniprogram.documents.index.indexing import indexed
from miniprogram.documents.json_documents import change_document, read_document, remove_document
from miniprogram.environments.session import CloudSession, storage_of

DISABLED_BY = "mini_program_tooling"
_MARKS = ("disabledAtUtc", "disabledBy")


@dataclass(frozen=True, slots=True)
class DisableReport:
    """The pointer that was put away, and where. Before it is done: what would be."""

    mini_program_id: str
    catalog_key: str
    disabled_key: str


def plan_disable(session: CloudSession, program_id: str) -> DisableReport:
    """What `disable` would touch. Nothing is read or changed."""
    return DisableReport(
        program_id, session.keys.catalog_pointer_key(program_id), session.keys.disabled_pointer_key(program_id)
    )


def disable(session: CloudSession, program_id: str, *, now: datetime) -> DisableReport:
    """Archive the pointer of `program_id` with the time, then remove it: nobody is served it any more.

    Raises MiniProgramError when it has no pointer.
    """
    report = plan_disable(session, program_id)

    def archive(catalog: dict[str, Any]) -> None:
        marked = {**catalog, "disabledAtUtc": to_iso(now), "disabledBy": DISABLED_BY}
        change_document(session.store, DISABLED_POINTER, report.disabled_key, lambda _: marked)

    with indexed(storage_of(session), program_id):
        removed = remove_document(session.store, report.catalog_key, archive)
    if not removed:
        raise not_active(storage_of(session), program_id)
    return report


def enable(session: CloudSession, program_id: str, *, now: datetime) -> str:
    """Put the archived pointer of `program_id` back; returns the version that is served then.

    A pointer that is there already, because somebody published meanwhile, stays. Raises MiniProgramError when
    the program is not disabled.
    """
    report = plan_disable(session, program_id)
    archived = read_document(session.store, report.disabled_key)
    if archived is None and read_document(session.store, report.catalog_key) is None:
        raise not_active(storage_of(session), program_id)
    restored = {name: value for name, value in (archived or {}).items() if name not in _MARKS}
    restored["updatedAtUtc"] = to_iso(now)
    with indexed(storage_of(session), program_id):
        served = change_document(
            session.store, CATALOG_POINTER, report.catalog_key, lambda found: found or restored
        )
        session.store.delete(report.disabled_key)
    return str(served.get("latestVersion"))
