"""How a verb goes through: load what it depends on, make the transition, write it with its event."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from miniprogram.documents.audited import Change
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.identity.command_context import CommandContext, record_denial
from miniprogram.identity.environment_document import read_environment
from miniprogram.names import check_name
from miniprogram.refusals import Denied, NotFound
from miniprogram.releases.arguments import parse_arguments
from miniprogram.releases.budget import require_budget
from miniprogram.releases.input_loading import load_inputs
from miniprogram.releases.model.configuration import checked_configuration
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.queries.cut_off import who_is_cut_off
from miniprogram.releases.queries.reports import ReleaseView, TransitionReport
from miniprogram.releases.state_machine.machine import Step, transition
from miniprogram.releases.state_machine.transition_input import NO_RELEASE, Command, TransitionInput
from miniprogram.releases.storage.finished import versions_to_return_to
from miniprogram.releases.storage.release_documents import releases_of, require_releases
from miniprogram.releases.verbs import BY_NAME
from miniprogram.targets import Target


def perform(
    context: CommandContext, program_id: str, verb: str, version: str | None, target: Target, **arguments: Any
) -> TransitionReport:
    """Do `verb`, a name of `verbs`, with `arguments`, members of its model.

    `version` is None for verbs about whatever is full on the target. Raises Unacceptable naming the argument,
    NotFound, Denied (which is put on record), Refused, RevisionConflict, StoreError.
    """
    members = parse_arguments(verb, arguments).command_members()
    check_name("program", program_id)
    if BY_NAME[verb].scope == "target":
        version = _version_meant(context.storage, program_id, target, members.get("destination"))
    return execute(context, program_id, Command(verb, version or "", target, **members))


def execute(context: CommandContext, program_id: str, command: Command) -> TransitionReport:
    """Put `command` through the state machine and write what comes of it, in one write."""
    check_name("version", command.version)
    check_name("host app", command.target.host_app)
    environment = read_environment(context.storage)
    documents = releases_of(context.storage, program_id)
    steps: list[Step] = []

    def change(document: ReleaseDocument) -> Change[ReleaseDocument]:
        wanted = _configured(document, command)
        release = document.live(wanted.version, wanted.target)
        loaded = load_inputs(context.storage, environment, document, wanted)
        step = transition(TransitionInput(document, release, wanted, context.actor, loaded, context.stamp))
        require_budget(document, step.document)
        steps.append(step)
        return Change(step.document, [_event(context, wanted, step)])

    # a brake asks for the release that was looked at (`as_seen`): what others change meanwhile must not hold it up
    expected = None if BY_NAME[command.verb].brake else context.expected_revision
    try:
        written = documents.change(change, now=context.stamp, expected_revision=expected)
    except Denied as denial:
        about = {"target": str(command.target), "version": command.version}
        name = BY_NAME[command.verb].command
        record_denial(context, name, denial, program_id=program_id, **about)
        raise
    step = steps[-1]
    full = written.full(command.target) if command.verb == "rollback" else None
    return TransitionReport(
        command=BY_NAME[command.verb].command,
        environment_name=context.storage.environment,
        mini_program_id=program_id,
        revision=written.revision,
        release=ReleaseView.of(step.release),
        advice=(*step.advice, *filter(None, [who_is_cut_off(context.storage, written)])),
        instead=ReleaseView.of(full) if full else None,
        embedded=command.verb == "rollback" and written.record(command.target).embedded,
    )


def _configured(document: ReleaseDocument, command: Command) -> Command:
    """`command` with what it changes merged into what the release says now."""
    if command.changes is None:
        return command
    release = document.live(command.version, command.target)
    if release is None:
        raise NotFound(f"there is no release of {command.version} on {command.target}")
    configuration = checked_configuration({**release.configuration.model_dump(), **command.changes})
    return replace(command, configuration=configuration)


def _version_meant(storage: EnvironmentStorage, program_id: str, target: Target, destination: str | None) -> str:
    """The full release's version; where none is full, the one that a rollback shall bring back."""
    document = require_releases(storage, program_id)
    release = document.full(target) or document.fallback(target)
    if document.full(target) is None and destination is not None and destination not in NO_RELEASE:
        return str(destination)
    if release is None:
        versions = versions_to_return_to(storage, document, target)
        hint = f"`release rollback --to VERSION` brings one back: {', '.join(versions)}." if versions else None
        raise NotFound(f"{program_id} has no full release on {target}", hint=hint)
    return release.version


def _event(context: CommandContext, command: Command, step: Step) -> dict[str, Any]:
    return context.event(
        BY_NAME[command.verb].command,
        subject=step.release.id,
        target=str(command.target),
        version=command.version,
        from_state=step.before,
        to_state=step.release.state,
        reason=command.reason,
        details=step.details,
    )
