"""The first administrator of an environment: made by whoever started the server, not by who comes first."""

from __future__ import annotations

from dataclasses import replace

from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.environment_document import read_environment
from miniprogram.identity.members import add_member
from miniprogram.identity.roles import Grant, Role
from miniprogram.identity.safeguards import administrators
from miniprogram.identity.tokens import NewToken, create_token
from miniprogram.refusals import Refused


def is_administered(context: CommandContext) -> bool:
    """Whether somebody administers the environment. Raises StoreError."""
    return bool(administrators(read_environment(context.storage), context.stamp))


def make_first_administrator(context: CommandContext, name: str, *, title: str = "") -> NewToken:
    """Make `name` the administrator, with a token to sign in with. `context.actor` may do both.

    Nobody else wrote between looking and doing. Raises Refused when somebody administers the environment already.
    """
    document = read_environment(context.storage)
    if administrators(document, context.stamp):
        raise Refused("not_administered", "somebody administers this environment already; they add others")
    guarded = replace(context, expected_revision=document.revision)
    add_member(guarded, name, [Grant(role=Role.ADMIN)], title=title, reason="set up by link")
    return create_token(context, name, description="made when the environment was set up")
