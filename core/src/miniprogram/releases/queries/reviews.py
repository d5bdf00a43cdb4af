"""What waits for a reviewer in an environment, out of its index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from miniprogram.delivery.documents.contents.program_index import ProgramRow
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.index.compile_row import compile_row
from miniprogram.documents.index.listing import ProgramQuery, list_page, releases_of
from miniprogram.identity.roles import REVIEWER, Actor
from miniprogram.models import FrozenModel
from miniprogram.releases.model.states import State
from miniprogram.releases.queries.environment_list import UnreadableProgram, unreadable_programs
from miniprogram.releases.queries.programs import seen_by, summaries
from miniprogram.releases.queries.reports import ReleaseSummary


class WaitingReview(FrozenModel):
    """Something to decide. `mine`: whoever asks applied for it. `may`: they have the role on its target."""

    mini_program_id: str
    release: ReleaseSummary
    asks: Literal["release", "offline"]
    applicant: str
    applied_at: str
    mine: bool
    may: bool


class ReviewInbox(FrozenModel):
    """The document of `release reviews --json`: what waits, by mini-program. `next_after` gives the next page."""

    schema_version: int = 1
    command: str = "release reviews"
    environment_name: str
    waiting: tuple[WaitingReview, ...]
    unreadable: tuple[UnreadableProgram, ...] = ()
    next_after: str | None = None


def review_inbox(storage: EnvironmentStorage, actor: Actor, query: ProgramQuery | None = None) -> ReviewInbox:
    """Every application and every wish to take something offline that `actor` may read of and nobody has decided.

    `query` narrows it to a page of mini-programs, or to those that hold a text. Raises StoreError.
    """

    def waiting(row: ProgramRow) -> ProgramRow | None:
        seen = seen_by(actor, row)
        return seen if seen is not None and may_wait(seen) else None

    query = replace(query or ProgramQuery(), readable=waiting)
    page = list_page(storage, query)
    return ReviewInbox(
        environment_name=storage.environment,
        waiting=tuple(each for row in page.rows for each in _waiting(storage, row, actor)),
        unreadable=tuple(unreadable_programs(page.rows)),
        next_after=page.next_after,
    )


def may_wait(row: ProgramRow) -> bool:
    """Whether something of the program may wait for a reviewer."""
    releases = releases_of(row)
    asked = any(each.get("state") == State.IN_REVIEW or each.get("offlineRequested") for each in releases)
    return asked or row.unreadable is not None


def _waiting(storage: EnvironmentStorage, row: ProgramRow, actor: Actor) -> Iterator[WaitingReview]:
    if any("waiting" not in each for each in releases_of(row) if each.get("state") == State.IN_REVIEW):
        # an earlier version wrote it, which kept no applicants
        row = seen_by(actor, compile_row(storage, row.id)) or row
    shown = {each.id: each for each in summaries(row)}
    for release in releases_of(row):
        for request in release.get("waiting", ()):
            summary = shown.get(str(release.get("id")))
            if summary is not None:
                yield _review(row.id, summary, request, actor)


def _review(program_id: str, release: ReleaseSummary, request: dict[str, str], actor: Actor) -> WaitingReview:
    return WaitingReview(
        mini_program_id=program_id,
        release=release,
        asks="offline" if request.get("asks") == "offline" else "release",
        applicant=str(request.get("applicant")),
        applied_at=str(request.get("appliedAt")),
        mine=request.get("applicant") == actor.name,
        may=actor.has(REVIEWER, release.target, program_id),
    )
