"""Starting an attempt and saying what it is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from miniprogram.identity.command_context import CommandContext
from miniprogram.refusals import NotFound, unacceptable
from miniprogram.releases.execution import execute
from miniprogram.releases.model.configuration import Configuration
from miniprogram.releases.queries.reports import TransitionReport
from miniprogram.releases.state_machine.transition_input import Command
from miniprogram.releases.storage.release_documents import require_releases
from miniprogram.targets import Kind, Target


def create(
    context: CommandContext, program_id: str, version: str, target: Target, *, kind: Kind = Kind.OFFICIAL
) -> TransitionReport:
    """Start bringing a published version to `target`; the digest of its package is kept."""
    return execute(context, program_id, Command("create", version, target, kind=kind))


def reopen(
    context: CommandContext, program_id: str, version: str, target: Target, *, reason: str
) -> TransitionReport:
    """Start another attempt after one that was rejected, withdrawn, canceled or suspended."""
    return execute(context, program_id, Command("reopen", version, target, reason=reason))


def configure(
    context: CommandContext, program_id: str, version: str, target: Target, changes: Mapping[str, Any]
) -> TransitionReport:
    """Change what is said about a release that was not yet applied for.

    `changes` are members of Configuration by field name; the others stay. Raises Unacceptable naming the member.
    """
    release = require_releases(context.storage, program_id).live(version, target)
    if release is None:
        raise NotFound(f"there is no release of {version} on {target}")
    configuration = checked_configuration({**release.configuration.model_dump(), **changes})
    return execute(context, program_id, Command("configure", version, target, configuration=configuration))


def checked_configuration(members: Mapping[str, Any]) -> Configuration:
    """Raises Unacceptable naming the first member that does not fit."""
    try:
        return Configuration.model_validate(members)
    except ValidationError as error:
        raise unacceptable(error) from None
