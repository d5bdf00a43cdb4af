"""Who may read what: reads reach as far as somebody's grants do, whatever roles these are.

Who works with the store's own credentials reads everything, so only servers ask.
"""

from __future__ import annotations

from miniprogram.identity.command_context import CommandContext, record_denial
from miniprogram.identity.roles import EVERYWHERE, Actor
from miniprogram.refusals import Denied
from miniprogram.targets import Stage, Target


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
    """Whether an event is for `actor`. `target` as events name it: `wallet:production`, or `wallet:*` for all."""
    if target is None:
        return actor.sees(None, program_id)
    host_app, _, stage = target.rpartition(":")
    return actor.sees_part(host_app, None if stage == EVERYWHERE else Stage(stage), program_id)


def _deny(
    context: CommandContext, message: str, program_id: str | None = None, target: Target | None = None
) -> None:
    denial = Denied("sight", message)
    about = {"target": str(target)} if target is not None else {}
    record_denial(context, "read", denial, program_id=program_id, **about)
    raise denial
