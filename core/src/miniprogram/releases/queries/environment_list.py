"""The releases of a whole environment, out of its index."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from miniprogram.delivery.documents.contents.program_index import ProgramRow
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.index.listing import ProgramQuery, list_page, releases_of
from miniprogram.models import FrozenModel
from miniprogram.releases.model.states import State
from miniprogram.releases.queries.programs import summaries
from miniprogram.releases.queries.reports import ReleaseSummary


class ProgramReleases(FrozenModel):
    """Where a mini-program stands, in one line of a list. `revision` is null when its document is unreadable."""

    mini_program_id: str
    revision: int | None
    releases: tuple[ReleaseSummary, ...]


class UnreadableProgram(FrozenModel):
    """A mini-program of which a document cannot be read, and why."""

    mini_program_id: str
    reason: str


class EnvironmentReleases(FrozenModel):
    """The releases of the mini-programs of an environment, by id. `next_after` gives the next page, or is null."""

    schema_version: int = 1
    command: str = "release list"
    environment_name: str
    programs: tuple[ProgramReleases, ...]
    unreadable: tuple[UnreadableProgram, ...] = ()
    next_after: str | None = None


def list_all(storage: EnvironmentStorage, query: ProgramQuery | None = None) -> EnvironmentReleases:
    """What is live of every mini-program that has releases and that `query` asks for. Raises StoreError.

    With a state of releases, a host app or an environment in the query, only such releases are in the list.
    """
    query = replace(query or ProgramQuery(), readable=lambda row: row if _has_releases(row) else None)
    page = list_page(storage, query)
    return EnvironmentReleases(
        environment_name=storage.environment,
        programs=tuple(_listed(row, query) for row in page.rows if _is_listed(row)),
        unreadable=tuple(unreadable_programs(page.rows)),
        next_after=page.next_after,
    )


def unreadable_programs(rows: Iterable[ProgramRow]) -> Iterable[UnreadableProgram]:
    """Those of which a document cannot be read."""
    for row in rows:
        if row.unreadable is not None:
            yield UnreadableProgram(mini_program_id=row.id, reason=row.unreadable)


def _has_releases(row: ProgramRow) -> bool:
    return row.listing.get("managed") is True or row.unreadable is not None


def _is_listed(row: ProgramRow) -> bool:
    """Not when its releases are what cannot be read: that nothing is under way would be wrong."""
    return row.listing.get("managed") is True and (row.unreadable is None or any(summaries(row)))


def _listed(row: ProgramRow, query: ProgramQuery) -> ProgramReleases:
    """The row's releases that are asked for, the newest change first."""
    asked_for = [each for each in releases_of(row) if query.is_for(each)]
    shown = row._replace(listing={**row.listing, "releases": asked_for})
    state = query.state
    found = [each for each in summaries(shown) if state not in set(State) or each.state == state]
    revision = row.listing.get("revision")
    return ProgramReleases(
        mini_program_id=row.id,
        revision=revision if isinstance(revision, int) else None,
        releases=tuple(sorted(found, key=lambda each: each.updated_at or "", reverse=True)),
    )
