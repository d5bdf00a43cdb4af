"""The pilot: a list of testers get the version before anybody else."""

from __future__ import annotations

from collections.abc import Iterable

from miniprogram.identity.command_context import CommandContext
from miniprogram.models import FrozenModel
from miniprogram.refusals import NotFound, Unacceptable
from miniprogram.releases.execution import execute
from miniprogram.releases.queries.reports import TransitionReport
from miniprogram.releases.state_machine.transition_input import Command
from miniprogram.releases.storage.release_documents import require_releases
from miniprogram.targets import Target

MAX_TESTERS = 10_000
MAX_TESTER_CHARACTERS = 256


def start_pilot(
    context: CommandContext, program_id: str, version: str, target: Target, *, testers: Iterable[str] = ()
) -> TransitionReport:
    """Begin the pilot, with `testers` if some are known already."""
    return execute(context, program_id, Command("pilot start", version, target, testers=clean_testers(testers)))


def add_testers(
    context: CommandContext, program_id: str, version: str, target: Target, testers: Iterable[str]
) -> TransitionReport:
    """Add user or device ids. Those that are there already stay."""
    return execute(context, program_id, Command("testers add", version, target, testers=clean_testers(testers)))


def remove_testers(
    context: CommandContext, program_id: str, version: str, target: Target, testers: Iterable[str]
) -> TransitionReport:
    """Take testers off the list."""
    return execute(context, program_id, Command("testers remove", version, target, testers=clean_testers(testers)))


class TesterList(FrozenModel):
    """The testers of a release, sorted."""

    schema_version: int = 1
    command: str = "release testers list"
    environment_name: str
    mini_program_id: str
    version: str
    host_app: str
    environment: str
    count: int
    testers: tuple[str, ...]


def list_testers(context: CommandContext, program_id: str, version: str, target: Target) -> TesterList:
    """Who is on the list. Raises NotFound when there is no such release."""
    release = require_releases(context.storage, program_id).live(version, target)
    if release is None:
        raise NotFound(f"there is no release of {version} on {target}")
    return TesterList(
        environment_name=context.storage.environment,
        mini_program_id=program_id,
        version=version,
        host_app=target.host_app,
        environment=str(target.environment),
        count=len(release.testers),
        testers=release.testers,
    )


def complete_pilot(context: CommandContext, program_id: str, version: str, target: Target) -> TransitionReport:
    """End the pilot; the testers keep the version."""
    return execute(context, program_id, Command("pilot complete", version, target))


def skip_pilot(context: CommandContext, program_id: str, version: str, target: Target) -> TransitionReport:
    """Go on without a pilot, where the target does not demand one."""
    return execute(context, program_id, Command("pilot skip", version, target))


def clean_testers(texts: Iterable[str]) -> tuple[str, ...]:
    """Trimmed, lower-cased, sorted, each once. Raises Unacceptable for what cannot be an id."""
    testers = sorted({cleaned for text in texts if (cleaned := text.strip().lower())})
    wrong = next((each for each in testers if len(each) > MAX_TESTER_CHARACTERS or not each.isprintable()), None)
    if wrong is not None:
        raise Unacceptable(f"{wrong[:60]!r} cannot be a tester's id")
    if len(testers) > MAX_TESTERS:
        raise Unacceptable(f"{len(testers)} testers are too many; make them a segment of the audience")
    return tuple(testers)
