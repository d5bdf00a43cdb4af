"""Options of commands that list the mini-programs of an environment: which ones, and how many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from miniprogram.cli.framework.parsing.options import trimmed

if TYPE_CHECKING:
    from miniprogram.documents.index.listing import ProgramQuery

Limit = Annotated[int | None, typer.Option("--limit", min=1, metavar="N", help="At most so many.")]
After = Annotated[
    str | None,
    typer.Option("--after", parser=trimmed, metavar="ID", help="Only ids after this one: the next page."),
]
Search = Annotated[
    str | None,
    typer.Option("--search", parser=trimmed, metavar="TEXT", help="Only where id, title or version holds it."),
]
State = Annotated[
    str | None,
    typer.Option(
        "--state",
        parser=trimmed,
        metavar="NAME",
        help="Only served, disabled, unreadable or managed ones, or with a release in this state.",
    ),
]
OfApp = Annotated[
    str | None,
    typer.Option("--app", parser=trimmed, metavar="NAME", help="Only with a release for this host app."),
]
OfStage = Annotated[
    str | None,
    typer.Option("--stage", metavar="NAME", help="Only with a release for this environment of a host app."),
]


def page_query(
    *,
    limit: int | None,
    after: str | None,
    search: str | None,
    state: str | None = None,
    app: str | None = None,
    stage: str | None = None,
) -> ProgramQuery:
    """The mini-programs that the options of a command ask for."""
    from miniprogram.cli.commands.stages import wanted_stage
    from miniprogram.documents.index.listing import ProgramQuery

    environment = "" if stage is None else wanted_stage(stage)
    return ProgramQuery(after or "", limit, search or "", state or "", app or "", environment)
