"""A release document as far as somebody may read it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from miniprogram.identity.roles import Actor
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.model.release import Release

R = TypeVar("R", bound=Release)


def readable_document(document: ReleaseDocument, reader: Actor | None) -> ReleaseDocument:
    """`document` with the releases, overrides and switches that `reader` has a role for; whole for None."""
    if reader is None:
        return document
    program_id = document.mini_program_id
    overrides = (each for each in document.overrides if reader.sees(each.target, program_id))
    switches = (
        each
        for each in document.switches
        if each.host_app is None or reader.sees_part(each.host_app, each.environment, program_id)
    )
    return document.model_copy(
        update={
            "targets": tuple(each for each in document.targets if reader.sees(each.target, program_id)),
            "releases": readable_releases(reader, program_id, document.releases),
            "overrides": tuple(overrides),
            "switches": tuple(switches),
        }
    )


def readable_releases(reader: Actor, program_id: str, releases: Iterable[R]) -> tuple[R, ...]:
    """Releases to targets on which `reader` has a role."""
    return tuple(each for each in releases if reader.sees(each.target, program_id))
