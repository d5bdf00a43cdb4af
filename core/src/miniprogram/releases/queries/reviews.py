"""What waits for a reviewer in an environment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from miniprogram.delivery.documents.contents.program_index import ProgramRow
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.index.listing import ProgramQuery, list_page, releases_of
from miniprogram.errors import DocumentError
from miniprogram.identity.roles import REVIEWER, Actor
from miniprogram.models import FrozenModel
from miniprogram.releases.model.release import OfflineRequest, Release, Review
from miniprogram.releases.model.states import State
from miniprogram.releases.queries.listing import UnreadableProgram
from miniprogram.releases.storage.release_documents import require_releases


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
    unreadable: tuple[UnreadableProgram, ...] = ()


def review_inbox(storage: EnvironmentStorage, actor: Actor) -> ReviewInbox:
    """Every application and every wish to take something offline that nobody has decided about."""
    waiting: list[WaitingReview] = []
    unreadable: list[UnreadableProgram] = []
    for row in list_page(storage, ProgramQuery(state="managed")).rows:
        if not may_wait(row):
            continue
        try:
            waiting += _waiting(storage, row.id, actor)
        except DocumentError as error:
            unreadable.append(UnreadableProgram(mini_program_id=row.id, reason=str(error)))
    return ReviewInbox(environment_name=storage.environment, waiting=tuple(waiting), unreadable=tuple(unreadable))


def may_wait(row: ProgramRow) -> bool:
    """Whether something of the program may wait for a reviewer; its document tells for sure."""
    releases = releases_of(row)
    asked = any(each.get("state") == State.IN_REVIEW or each.get("offlineRequested") for each in releases)
    return asked or row.unreadable is not None


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
                may=actor.has(REVIEWER, release.target, program_id),
            )


def _requests(release: Release) -> Iterator[tuple[Literal["release", "offline"], Review | OfflineRequest]]:
    if release.state is State.IN_REVIEW and release.review is not None:
        yield "release", release.review
    if release.offline_request is not None:
        yield "offline", release.offline_request
