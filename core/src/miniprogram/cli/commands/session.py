"""`session`: who is signed in to the console, as far as the store can tell."""

from __future__ import annotations

from typing import Annotated

import typer

from miniprogram.cli.commands.release_command import Work, on_environment
from miniprogram.cli.commands.release_options import Reason, required
from miniprogram.cli.framework.output import Report
from miniprogram.cli.framework.parsing.options import trimmed


@on_environment(lambda report: [f"Ended every session of {report.subject['name']}"])
def end(
    work: Work,
    name: Annotated[
        str | None, typer.Argument(metavar="<name>", parser=trimmed, help="A member, as `member list` shows it.")
    ] = None,
    *,
    reason: Reason = None,
) -> Report:
    """End every session of a member, on every server. Their tokens stay."""
    from miniprogram.identity.sessions import end_sessions

    return end_sessions(work.context, required(name, "a name"), reason=reason)
