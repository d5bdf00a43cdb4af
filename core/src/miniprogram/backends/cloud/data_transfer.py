"""`data export` and `data import`: the records of a backend as a file, and back."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from miniprogram.backends.cloud.entry_writing import Written, write_entries
from miniprogram.backends.cloud.export_file import SCHEMA, read_export, write_export
from miniprogram.backends.cloud.reports import ExportReport, ImportReport, make_report
from miniprogram.backends.cloud.session import BackendSession
from miniprogram.clock import to_iso
from miniprogram.seams.data_store import Group, RecordCounts

EXPORT = "data export"


def export_data(
    session: BackendSession, *, output: Path | None, include_redemptions: bool, now: datetime
) -> ExportReport:
    """Write every record into a file; `output` instead of one in the starter's `exports/`.

    Without a deployment or a store nothing is exported, which is no error.
    """
    state = session.operator.state()
    data = session.operator.data(state)
    path = output or _default_path(session, now)
    counts = RecordCounts(0, 0)
    if data.store is not None:
        header = {**_header(session, include_redemptions=include_redemptions, now=now), **data.facts}
        groups: tuple[Group, ...] = ("app", "redemptions") if include_redemptions else ("app",)
        counts = write_export(path, data.store, groups, header, command=str(header["command"]))
    exported = data.store is not None
    return make_report(
        ExportReport,
        session.header(EXPORT),
        state.facts,
        data.facts,
        mini_program_id=session.program.program_id,
        include_redemptions=include_redemptions,
        exported=exported,
        output_path=str(path) if exported else None,
        exported_at_utc=to_iso(now) if exported else None,
        app_record_count=counts.app,
        redemption_count=counts.redemptions,
        item_count=counts.total,
        error=data.problem or None,
    )


def import_data(
    session: BackendSession, path: Path, *, include_redemptions: bool, dry_run: bool, skip: int = 0
) -> ImportReport:
    """Store the records of an export after its first `skip` entries. Nothing is written unless all of it is right.

    A record that could not be stored is told by key; importing the file again completes the work. What stopped
    in the middle can go on with `next_skip` of its report. Raises DocumentError for a file that does not fit.
    """
    state = session.operator.state()
    data = session.operator.data(state)
    wanted, skipped, written, error = RecordCounts(0, 0), 0, Written(), data.problem
    if data.store is not None:
        program_id = session.program.program_id
        with read_export(
            path, data.store, provider=session.provider, program_id=program_id, first=skip
        ) as checked:
            skipped = 0 if include_redemptions else checked.counts.redemptions
            wanted = RecordCounts(checked.counts.app, checked.counts.redemptions - skipped)
            if not dry_run:
                entries = (each for each in checked.entries() if include_redemptions or each.group == "app")
                written = write_entries(data.store, entries, total=wanted.total)
        error = written.told(wanted.total)
    return make_report(
        ImportReport,
        session.header("data import"),
        state.facts,
        data.facts,
        mini_program_id=session.program.program_id,
        input_path=str(path),
        include_redemptions=include_redemptions,
        dry_run=dry_run,
        succeeded=not error,
        imported=not error and not dry_run,
        app_record_count=wanted.app,
        redemption_count=wanted.redemptions,
        skipped_redemption_count=skipped,
        item_count=wanted.total,
        skip=skip,
        stored_count=written.stored,
        next_skip=written.resume_at,
        failed_count=0 if dry_run else wanted.total - written.stored,
        failed_keys=tuple(each.key for each in written.left),
        error=error or None,
    )


def _header(session: BackendSession, *, include_redemptions: bool, now: datetime) -> dict[str, object]:
    return {
        **session.header(EXPORT),
        "schemaVersion": SCHEMA,
        "miniProgramId": session.program.program_id,
        "exportedAtUtc": to_iso(now),
        "includeRedemptions": include_redemptions,
    }


def _default_path(session: BackendSession, now: datetime) -> Path:
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    name = f"{_segment(session.program.program_id)}-{_segment(session.environment)}-data-export-{stamp}.json"
    return session.operator.backend_root / "exports" / name


def _segment(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]+", "_", text) or "mini_program"
