"""`--actor`: who a command says it acts for."""

from __future__ import annotations

from typing import Annotated

import typer

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.parsing.options import trimmed

ACTOR_VARIABLE = "MINIPROGRAM_ACTOR"

ActorName = Annotated[
    str | None,
    typer.Option(
        "--actor", parser=trimmed, metavar="NAME", help="Who does this; default: MINIPROGRAM_ACTOR, else the user."
    ),
]


def actor_name(tools: AppContext, given: str | None) -> str:
    """Who acts, as the trail will say."""
    names = (given, *(tools.environ.get(name, "").strip() for name in (ACTOR_VARIABLE, "USER", "USERNAME")))
    return next((name for name in names if name), "unknown")
