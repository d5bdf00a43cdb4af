"""What somebody may do with a release now, and what stands against the rest, before anything is tried."""

from __future__ import annotations

from dataclasses import replace

from miniprogram.identity.command_context import CommandContext
from miniprogram.identity.environment_document import read_environment
from miniprogram.models import FrozenModel
from miniprogram.refusals import Refused
from miniprogram.releases.input_loading import load_inputs
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.model.release import Release
from miniprogram.releases.state_machine.machine import find_row
from miniprogram.releases.state_machine.transition_input import Command, TransitionInput
from miniprogram.releases.state_machine.transitions import possible_verbs
from miniprogram.releases.verbs import BY_NAME

ABOUT_ARGUMENTS = frozenset(
    {
        "reason_given", "testers_named", "ratio_in_range", "ratio_goes_up", "ratio_goes_down", "whole_or_final",
        "destination_known", "destination_named", "destination_usable", "as_seen",
    }
)  # fmt: skip
"""Rules about what is typed with a command: nobody can break them before they have typed it."""


class Offer(FrozenModel):
    """A verb that starts from where the release stands, for a role that the actor has.

    `stands_against` says what it would be refused with, whatever is typed; None when nothing does.
    """

    verb: str
    stands_against: str | None = None
    rule: str | None = None


def offers(context: CommandContext, document: ReleaseDocument, release: Release) -> tuple[Offer, ...]:
    """What `context.actor` can try, in the order of a release's life. Raises StoreError, DocumentError."""
    is_live = release.ending is None
    verbs = possible_verbs(release.state, release.overlay) if is_live else possible_verbs(None, None)
    command = Command("", release.version, release.target)
    loaded = load_inputs(context.storage, read_environment(context.storage), document, command)
    shown = release if is_live else None
    inputs = TransitionInput(document, shown, command, context.actor, loaded, context.stamp)
    tried = (_offer(inputs, verb) for verb in BY_NAME if verb in verbs and verb != "create")
    return tuple(each for each in tried if each is not None)


def _offer(inputs: TransitionInput, verb: str) -> Offer | None:
    """What becomes of `verb`; None for who has no role for it, or where no row of it starts."""
    inputs = replace(inputs, command=replace(inputs.command, verb=verb))
    try:
        row = find_row(inputs)
    except Refused:
        return None
    if not inputs.actor.has(row.roles, inputs.command.target, inputs.document.mini_program_id):
        return None
    for guard in row.guards:
        reason = None if guard.code in ABOUT_ARGUMENTS else guard(inputs)
        if reason is not None:
            return Offer(verb=verb, stands_against=reason, rule=guard.code)
    return Offer(verb=verb)
