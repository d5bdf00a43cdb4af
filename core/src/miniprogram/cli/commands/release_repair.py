"""`release repair`: when the release document of a mini-program cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from miniprogram.cli.commands.release_command import Work, on_program
from miniprogram.cli.commands.release_options import Reason, required
from miniprogram.cli.framework.output import Report


def _lines(report: Any) -> Iterator[str]:
    if report.problem is None:
        yield f"{report.mini_program_id}: the releases can be read; there is nothing to repair."
        return
    yield f"{report.mini_program_id}: {report.problem}"
    if report.offered_revision is None:
        yield "  No good revision is there; bring the object back from the store's own versions or backups."
        return
    lost = f", without {', '.join(report.loses)}" if report.loses else ""
    what = f"revision {report.offered_revision}, from {report.offered_from}{lost}"
    if report.revision is None:
        yield f"  Good: {what}"
        yield "  Restore it with --restore and a --reason."
    else:
        yield f"  Restored {what}, as revision {report.revision}."


def _exit_code(report: Any) -> int:
    return 0 if report.problem is None or report.revision is not None else 1


@on_program(_lines, _exit_code)
def repair(
    work: Work,
    *,
    restore: Annotated[
        bool, typer.Option("--restore", help="Go back to the good revision; without, only say what is wrong.")
    ] = False,
    reason: Reason = None,
) -> Report:
    """Say what is wrong with releases that cannot be read, and restore their last good revision."""
    from miniprogram.releases.commands.repair import examine_document, repair_document

    if not restore:
        return examine_document(work.storage, work.program)
    return repair_document(work.context, work.program, reason=required(reason, "--reason"))
