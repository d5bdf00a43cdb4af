"""Starting an attempt and saying what it is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from miniprogram.releases.apps import Target
from miniprogram.releases.command import Command
from miniprogram.releases.configuration import Configuration
from miniprogram.releases.desk import Desk, perform
from miniprogram.releases.refusals import NotFound, Unacceptable
from miniprogram.releases.release_store import require_releases
from miniprogram.releases.reports import TransitionReport
from miniprogram.releases.states import Kind


def create(
    desk: Desk, program_id: str, version: str, target: Target, *, kind: Kind = Kind.OFFICIAL
) -> TransitionReport:
    """Start bringing a published version to `target`; the digest of its package is kept."""
    return perform(desk, program_id, Command("create", version, target, kind=kind))


def reopen(desk: Desk, program_id: str, version: str, target: Target, *, reason: str) -> TransitionReport:
    """Start another attempt after one that was rejected, withdrawn, canceled or suspended."""
    return perform(desk, program_id, Command("reopen", version, target, reason=reason))


def configure(
    desk: Desk, program_id: str, version: str, target: Target, changes: Mapping[str, Any]
) -> TransitionReport:
    """Change what is said about a release that was not yet applied for.

    `changes` are members of Configuration by field name; the others stay. Raises Unacceptable naming the member.
    """
    release = require_releases(desk.place, program_id).live(version, target)
    if release is None:
        raise NotFound(f"there is no release of {version} on {target}")
    configuration = checked_configuration({**release.configuration.model_dump(), **changes})
    return perform(desk, program_id, Command("configure", version, target, configuration=configuration))


def checked_configuration(members: Mapping[str, Any]) -> Configuration:
    """Raises Unacceptable naming the first member that does not fit."""
    try:
        return Configuration.model_validate(members)
    except ValidationError as error:
        raise unacceptable(error) from None


def unacceptable(error: ValidationError) -> Unacceptable:
    """The first thing pydantic found wrong, as one sentence."""
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    problem = first["msg"].removeprefix("Value error, ")
    return Unacceptable(f"{place}: {problem}" if place else problem)
