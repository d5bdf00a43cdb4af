"""`--actor`: who a command says it acts for."""

from __future__ import annotations

from typing import Annotated

import typer

from miniprogram.cli.framework.app_context import AppContext
from miniprogram.cli.framework.parsing.options import trimmed
from miniprogram.errors import UsageError
from miniprogram.person_text import check_text

ACTOR_VARIABLE = "MINIPROGRAM_ACTOR"

ActorName = Annotated[
    str | None,
    typer.Option(
        "--actor", parser=trimmed, metavar="NAME", help="Who does this; default: MINIPROGRAM_ACTOR, else the user."
    ),
]


def actor_name(tools: AppContext, given: str | None) -> str:
    """Who acts, as the trail will say."""
    return said_name(tools, given) or account_name(tools) or "unknown"


def said_name(tools: AppContext, given: str | None) -> str | None:
    """The name that a person chose to be called by; None when they did not."""
    return given or _variable(tools, ACTOR_VARIABLE)


def account_name(tools: AppContext) -> str | None:
    """The account of the machine; None when it is not known."""
    return _variable(tools, "USER") or _variable(tools, "USERNAME")


def checked_name(name: str | None) -> str | None:
    """`name` for a record that others read. Raises UsageError for one that does not show what it is."""
    try:
        return check_text(name) if name is not None else None
    except ValueError as error:
        raise UsageError(f"--actor: the name {error}") from None


def _variable(tools: AppContext, name: str) -> str | None:
    return tools.environ.get(name, "").strip() or None
