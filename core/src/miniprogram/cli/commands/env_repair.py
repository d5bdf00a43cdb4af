"""`env repair`: when the document with an environment's host apps, members and tokens cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from miniprogram.cli.commands.release_command import Work, on_environment
from miniprogram.cli.commands.release_options import Reason, required
from miniprogram.cli.framework.output import Report


def _lines(report: Any) -> Iterator[str]:
    name = report.environment_name
    if report.problem is None:
        yield f"{name}: host apps, members and tokens can be read; there is nothing to repair."
        return
    yield f"{name}: {report.problem}"
    if report.offered_revision is None:
        yield "  No good revision is there; bring the object back from the store's own versions or backups."
        return
    if report.revision is None:
        yield f"  Good: revision {report.offered_revision}"
        yield "  Restore it with --restore and a --reason."
    else:
        yield f"  Restored revision {report.offered_revision}, as revision {report.revision}."
    for each in report.loses:
        yield f"  Not in it, to be done again: {each}"


def _exit_code(report: Any) -> int:
    return 0 if report.problem is None or report.revision is not None else 1


@on_environment(_lines, _exit_code)
def repair(
    work: Work,
    *,
    restore: Annotated[
        bool, typer.Option("--restore", help="Go back to the good revision; without, only say what is wrong.")
    ] = False,
    reason: Reason = None,
) -> Report:
    """Say what is wrong with host apps, members and tokens that cannot be read, and restore them."""
    from miniprogram.identity.repair import examine_environment, repair_environment

    if not restore:
        return examine_environment(work.storage)
    return repair_environment(work.context, reason=required(reason, "--reason"))
