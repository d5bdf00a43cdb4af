"""`publisher-backend <provider> data status|export|import|redemptions`, for any provider."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from miniprogram.cli.commands.publisher_backend_cloud import SelectedBackend
from miniprogram.cli.framework.output import emit
from miniprogram.cli.framework.parsing.options import AsJson, trimmed
from miniprogram.errors import UsageError

if TYPE_CHECKING:
    from miniprogram.backends.cloud.reports import DataStatusReport, ExportReport, ImportReport, RedemptionsReport

IncludeRedemptions = Annotated[
    bool, typer.Option("--include-redemptions", help="Also what users redeemed, not only what you provide.")
]


def data_status(
    selected: SelectedBackend,
    *,
    as_json: AsJson = False,
) -> int:
    """Show how many records the publisher backend has."""
    from miniprogram.backends.cloud.data_queries import data_status as look

    session = selected.open()
    report = look(session)
    emit(report, as_json=as_json, lines=_status_lines)
    return 0 if report.available else 1


def data_export(
    selected: SelectedBackend,
    *,
    include_redemptions: IncludeRedemptions = False,
    output: Annotated[
        str | None,
        typer.Option(
            "--output", parser=trimmed, metavar="FILE", help="Where to; the starter's exports/ unless given."
        ),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Write the records into a file that loses nothing and only you may read."""
    from miniprogram.backends.cloud.data_transfer import export_data
    from miniprogram.files import real_path

    tools = selected.tools
    session = selected.open()
    path = real_path(tools.cwd / output) if output else None
    report = export_data(session, output=path, include_redemptions=include_redemptions, now=tools.now())
    emit(report, as_json=as_json, lines=_export_lines)
    return 0 if report.exported else 1


def data_import(
    selected: SelectedBackend,
    *,
    input_file: Annotated[
        str | None, typer.Option("--input", parser=trimmed, metavar="FILE", help="The file to read; required.")
    ] = None,
    include_redemptions: IncludeRedemptions = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check the file and write nothing.")] = False,
    skip: Annotated[
        int, typer.Option("--skip", min=0, help="Leave out so many entries at the file's start, stored before.")
    ] = 0,
    as_json: AsJson = False,
) -> int:
    """Store the records of an export, replacing those of the same key."""
    from miniprogram.backends.cloud.data_transfer import import_data
    from miniprogram.files import real_path

    tools = selected.tools
    if input_file is None:
        raise UsageError("--input is required")
    session = selected.open()
    path = real_path(tools.cwd / input_file)
    report = import_data(session, path, include_redemptions=include_redemptions, dry_run=dry_run, skip=skip)
    emit(report, as_json=as_json, lines=_import_lines)
    return 0 if report.succeeded else 1


def data_redemptions(
    selected: SelectedBackend,
    *,
    coupon_id: Annotated[
        str | None, typer.Option("--coupon-id", parser=trimmed, metavar="ID", help="Only of this coupon.")
    ] = None,
    user_id: Annotated[
        str | None, typer.Option("--user-id", parser=trimmed, metavar="ID", help="Only of this user.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=500, help="How many at most.")] = 50,
    as_json: AsJson = False,
) -> int:
    """List what users redeemed, the newest first."""
    from miniprogram.backends.cloud.data_queries import find_redemptions

    session = selected.open()
    report = find_redemptions(session, coupon_id=coupon_id, user_id=user_id, limit=limit)
    emit(report, as_json=as_json, lines=_redemption_lines)
    return 0 if report.available else 1


def _status_lines(report: DataStatusReport) -> Iterator[str]:
    yield f"Environment: {report.environment_name} ({report.provider})"
    if report.available:
        yield f"Records of the app: {report.app_record_count}"
        yield f"Redemptions: {report.redemption_count}"
    else:
        yield f"The data cannot be looked at: {report.error}"


def _export_lines(report: ExportReport) -> Iterator[str]:
    if report.exported:
        what = f"{report.app_record_count} records of the app and {report.redemption_count} redemptions"
        yield f"Wrote {what} to {report.output_path}"
    else:
        yield f"Nothing was exported: {report.error}"


def _import_lines(report: ImportReport) -> Iterator[str]:
    what = f"{report.app_record_count} records of the app and {report.redemption_count} redemptions"
    if not report.succeeded:
        yield f"Not everything was imported: {report.error}"
    elif report.dry_run:
        yield f"{report.input_path} is right; it would store {what}."
    else:
        yield f"Stored {what} from {report.input_path}"
    if report.skip:
        yield f"Left out the first {report.skip} entries of the file, as --skip says."
    if report.skipped_redemption_count:
        yield f"Left out {report.skipped_redemption_count} redemptions; --include-redemptions takes them in."


def _redemption_lines(report: RedemptionsReport) -> Iterator[str]:
    if not report.available:
        yield f"The data cannot be looked at: {report.error}"
        return
    yield from (json.dumps(record, ensure_ascii=False) for record in report.records)
    yield f"{report.returned_count} of {report.matched_count} redemptions"
