"""What waits for a reviewer in an environment, out of its index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, Literal, NamedTuple

from pydantic import ValidationError

from miniprogram.delivery.documents.contents.program_index import ProgramRow
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.index.compile_row import compile_row
from miniprogram.documents.index.listing import ProgramQuery, list_page, releases_of
from miniprogram.identity.roles import REVIEWER, Actor
from miniprogram.models import FrozenModel
from miniprogram.releases.model.states import State
from miniprogram.releases.queries.environment_list import UnreadableProgram, unreadable_programs
from miniprogram.releases.queries.programs import seen_by, summary_of_release, target_in
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

    `query` narrows it to a page of mini-programs, to those that hold a text, or to a host app and an environment.
    Raises StoreError.
    """
    query = query or ProgramQuery()
    page = list_page(storage, replace(query, readable=partial(_that_may_wait, actor)))
    return ReviewInbox(
        environment_name=storage.environment,
        waiting=tuple(shown_reviews(each for row in page.rows for each in _requests(storage, row, actor, query))),
        unreadable=tuple(unreadable_programs(page.rows)),
        next_after=page.next_after,
    )


class MatchedReview(NamedTuple):
    """Something to decide, as the index has it. `mine` and `may` as in WaitingReview."""

    program_id: str
    release: Mapping[str, Any]
    request: Mapping[str, str]
    mine: bool
    may: bool

    @property
    def is_for_me(self) -> bool:
        """Whether whoever asks can decide it."""
        return self.may and not self.mine

    @property
    def review(self) -> WaitingReview:
        """As lists show it. Raises ValidationError for what a newer version wrote."""
        return WaitingReview(
            mini_program_id=self.program_id,
            release=summary_of_release(self.release),
            asks="offline" if self.request.get("asks") == "offline" else "release",
            applicant=str(self.request.get("applicant")),
            applied_at=str(self.request.get("appliedAt")),
            mine=self.mine,
            may=self.may,
        )


def matching_reviews(
    storage: EnvironmentStorage, actor: Actor, query: ProgramQuery, *, only_mine_to_decide: bool = False
) -> tuple[list[MatchedReview], list[UnreadableProgram]]:
    """All that `query` asks for: what `actor` can decide first, and of each the longest waiting first.

    Beside them the mini-programs that cannot be read, whose requests nobody knows. Raises StoreError.
    """
    rows = list_page(storage, replace(query, limit=None, after="", readable=partial(_that_may_wait, actor))).rows
    found = [each for row in rows for each in _requests(storage, row, actor, query)]
    chosen = [each for each in found if each.is_for_me or not only_mine_to_decide]
    chosen.sort(key=lambda each: (not each.is_for_me, str(each.request.get("appliedAt")), each.program_id))
    return chosen, list(unreadable_programs(rows))


def shown_reviews(found: Iterable[MatchedReview]) -> Iterator[WaitingReview]:
    """As lists show them, but for those that a newer version wrote."""
    for each in found:
        with suppress(ValidationError):
            yield each.review


def _that_may_wait(actor: Actor, row: ProgramRow) -> ProgramRow | None:
    """What `actor` may read of the row, if something of it may wait for a reviewer."""
    if not may_wait(row):
        return None
    seen = seen_by(actor, row)
    return seen if seen is not None and may_wait(seen) else None


def may_wait(row: ProgramRow) -> bool:
    """Whether something of the program may wait for a reviewer."""
    releases = releases_of(row)
    asked = any(each.get("state") == State.IN_REVIEW or each.get("offlineRequested") for each in releases)
    return asked or row.unreadable is not None


def _requests(
    storage: EnvironmentStorage, row: ProgramRow, actor: Actor, query: ProgramQuery
) -> Iterator[MatchedReview]:
    if any("waiting" not in each for each in releases_of(row) if each.get("state") == State.IN_REVIEW):
        # an earlier version wrote it, which kept no applicants
        row = seen_by(actor, compile_row(storage, row.id)) or row
    for release in filter(query.is_for, releases_of(row)):
        target = target_in(release)
        if target is None:
            continue
        for request in release.get("waiting", ()):
            mine = request.get("applicant") == actor.name
            yield MatchedReview(row.id, release, request, mine, actor.has(REVIEWER, target, row.id))
