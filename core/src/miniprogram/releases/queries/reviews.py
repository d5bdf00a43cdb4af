"""What waits for a reviewer in an environment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.identity.roles import REVIEWER, Actor
from miniprogram.models import FrozenModel
from miniprogram.releases.model.release import OfflineRequest, Release, Review
from miniprogram.releases.model.states import State
from miniprogram.releases.storage.release_documents import programs_with_releases, require_releases


class WaitingReview(FrozenModel):
    """Something to decide. `mine`: whoever asks applied for it. `may`: they have the role on its target."""

    mini_program_id: str
    release: Release
    asks: Literal["release", "offline"]
    applicant: str
    applied_at: str
    mine: bool
    may: bool


class ReviewInbox(FrozenModel):
    """The document of `release reviews --json`: what waits, by mini-program."""

    schema_version: int = 1
    command: str = "release reviews"
    environment_name: str
    waiting: tuple[WaitingReview, ...]


def review_inbox(storage: EnvironmentStorage, actor: Actor) -> ReviewInbox:
    """Every application and every wish to take something offline that nobody has decided about."""
    found = (
        each for program_id in programs_with_releases(storage) for each in _waiting(storage, program_id, actor)
    )
    return ReviewInbox(environment_name=storage.environment, waiting=tuple(found))


def _waiting(storage: EnvironmentStorage, program_id: str, actor: Actor) -> Iterator[WaitingReview]:
    for release in require_releases(storage, program_id).releases:
        for asks, request in _requests(release):
            yield WaitingReview(
                mini_program_id=program_id,
                release=release,
                asks=asks,
                applicant=request.applicant,
                applied_at=request.applied_at,
                mine=request.applicant == actor.name,
                may=actor.has(REVIEWER, release.target),
            )


def _requests(release: Release) -> Iterator[tuple[Literal["release", "offline"], Review | OfflineRequest]]:
    if release.state is State.IN_REVIEW and release.review is not None:
        yield "release", release.review
    if release.offline_request is not None:
        yield "offline", release.offline_request
