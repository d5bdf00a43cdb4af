"""How a command goes through: load what it depends on, make the transition, write it with its event."""

from __future__ import annotations

from typing import Any

from miniprogram.documents.audited import Change
from miniprogram.identity.command_context import CommandContext, record_denial
from miniprogram.identity.environment_document import read_environment
from miniprogram.object_keys import require_segment
from miniprogram.refusals import Denied
from miniprogram.releases.input_loading import load_inputs
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.queries.reports import ReleaseView, TransitionReport
from miniprogram.releases.state_machine.machine import Step, transition
from miniprogram.releases.state_machine.transition_input import Command, TransitionInput
from miniprogram.releases.storage.release_documents import releases_of


def execute(context: CommandContext, program_id: str, command: Command) -> TransitionReport:
    """Put `command` through the state machine and write what comes of it, in one write.

    Raises Denied (which is put on record), Refused, RevisionConflict, StoreError.
    """
    program_id = require_segment(program_id, what="a mini-program id")
    require_segment(command.version, what="a version")
    environment = read_environment(context.storage)
    documents = releases_of(context.storage, program_id)
    steps: list[Step] = []

    def change(document: ReleaseDocument) -> Change[ReleaseDocument]:
        release = document.live(command.version, command.target)
        loaded = load_inputs(context.storage, environment, document, command)
        step = transition(TransitionInput(document, release, command, context.actor, loaded, context.stamp))
        steps.append(step)
        return Change(step.document, [_event(context, command, step)])

    try:
        written = documents.change(change, now=context.stamp, expected_revision=context.expected_revision)
    except Denied as denial:
        about = {"target": str(command.target), "version": command.version}
        name = f"release {command.verb}"
        record_denial(context, name, denial, program_id=program_id, trail=documents, **about)
        raise
    step = steps[-1]
    return TransitionReport(
        command=f"release {command.verb}",
        environment_name=context.storage.environment,
        mini_program_id=program_id,
        revision=written.revision,
        release=ReleaseView.of(step.release),
        advice=step.advice,
    )


def _event(context: CommandContext, command: Command, step: Step) -> dict[str, Any]:
    return context.event(
        f"release {command.verb}",
        subject=step.release.id,
        target=str(command.target),
        version=command.version,
        from_state=step.before,
        to_state=step.release.state,
        reason=command.reason,
        details=step.details,
    )
