"""Who may read what: reads reach as far as somebody's grants do, whatever roles these are.

Who works with the store's own credentials reads everything, so only servers ask.
"""

from __future__ import annotations

from miniprogram.identity.command_context import CommandContext, record_denial
from miniprogram.identity.roles import Actor
from miniprogram.refusals import Denied
from miniprogram.targets import Target


def require_sight(context: CommandContext, *, program_id: str | None = None, target: Target | None = None) -> None:
    """Raises Denied, and puts it on record, unless the actor has some role there."""
    if context.actor.sees(target, program_id):
        return
    where = " on ".join(str(each) for each in (program_id, target) if each is not None)
    _deny(context, f"{context.actor.name} has no role for {where}, so it cannot be read", program_id, target)


def require_sight_of_environment(context: CommandContext) -> None:
    """Raises Denied, and puts it on record, unless the actor has some role everywhere."""
    if not context.actor.sees_everything():
        _deny(context, f"{context.actor.name} has no role everywhere, so what is about all cannot be read")


def sees_event(actor: Actor, program_id: str, target: str | None) -> bool:
    """Whether an event about `target`, as texts name one, is for `actor`."""
    return actor.sees(None if target is None else parse_target(target), program_id)


def parse_target(text: str) -> Target:
    """`wallet:production` as a target."""
    host_app, _, stage = text.rpartition(":")
    return Target.model_validate({"host_app": host_app, "environment": stage})


def _deny(
    context: CommandContext, message: str, program_id: str | None = None, target: Target | None = None
) -> None:
    denial = Denied("sight", message)
    about = {"target": str(target)} if target is not None else {}
    record_denial(context, "read", denial, program_id=program_id, **about)
    raise denial
