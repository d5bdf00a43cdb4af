"""`data export` and `data import`: the records of a backend as a file, and back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from miniprogram.backends.cloud.export_file import SCHEMA, Entry, read_export, write_export
from miniprogram.backends.cloud.reports import ExportReport, ImportReport, make_report
from miniprogram.backends.cloud.seeding import told
from miniprogram.backends.cloud.session import BackendSession
from miniprogram.clock import to_iso
from miniprogram.seams.data_store import Group, Record

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
    app: list[Record] = []
    redemptions: list[Record] = []
    if data.store is not None:
        app = list(data.store.read("app"))
        redemptions = list(data.store.read("redemptions")) if include_redemptions else []
        header = {
            **_header(session, include_redemptions=include_redemptions, now=now),
            **data.facts,
            "appRecordCount": len(app),
            "redemptionCount": len(redemptions),
            "itemCount": len(app) + len(redemptions),
        }
        ordered = sorted([*app, *redemptions], key=data.store.key_of)
        write_export(path, header, ordered, entries=data.store.entries, command=str(header["command"]))
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
        app_record_count=len(app),
        redemption_count=len(redemptions),
        item_count=len(app) + len(redemptions),
        error=data.problem or None,
    )


def import_data(session: BackendSession, path: Path, *, include_redemptions: bool, dry_run: bool) -> ImportReport:
    """Store every record of an export. Nothing is written unless the whole file is right.

    A record that could not be stored is told by key; importing the file again completes the work. Raises
    DocumentError for a file that does not fit.
    """
    state = session.operator.state()
    data = session.operator.data(state)
    wanted: list[Entry] = []
    skipped, failed, error = 0, [], data.problem
    if data.store is not None:
        program_id = session.program.program_id
        entries = read_export(path, data.store, provider=session.provider, program_id=program_id)
        wanted = [entry for entry in entries if include_redemptions or entry.group == "app"]
        skipped = len(entries) - len(wanted)
        failed = [] if dry_run else data.store.write([entry.record for entry in wanted])
        error = told(failed, len(wanted))
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
        app_record_count=_count(wanted, "app"),
        redemption_count=_count(wanted, "redemptions"),
        skipped_redemption_count=skipped,
        item_count=len(wanted),
        failed_keys=tuple(each.key for each in failed),
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


def _count(entries: Sequence[Entry], group: Group) -> int:
    return sum(entry.group == group for entry in entries)
