"""Which mini-programs there are, and which of their versions are published whole or in part."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from pydantic import ValidationError

from miniprogram.delivery.documents.contents.program_index import ProgramRow
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.index.listing import ProgramQuery, list_page, releases_of, title_of
from miniprogram.documents.published_versions import recorded_versions
from miniprogram.identity.roles import Actor
from miniprogram.models import FrozenModel
from miniprogram.releases.queries.reports import ReleaseSummary, next_steps
from miniprogram.targets import Target


class ListedProgram(FrozenModel):
    """A mini-program. `managed`: whether releases say who gets what, rather than the catalogue's pointer.

    `state` is `served` or `disabled`, and null when it has releases and was never published. `unreadable` says
    what is wrong with a document of it, if anything is.
    """

    mini_program_id: str
    title: str
    managed: bool
    state: str | None
    latest_version: str | None
    updated_at_utc: str | None
    releases: tuple[ReleaseSummary, ...] = ()
    unreadable: str | None = None


class ProgramList(FrozenModel):
    """The mini-programs of an environment, by id. `next_after` gives the next page; null when there is none."""

    schema_version: int = 1
    environment_name: str
    programs: tuple[ListedProgram, ...]
    next_after: str | None = None


class VersionList(FrozenModel):
    """The published versions of a mini-program, the highest first."""

    schema_version: int = 1
    environment_name: str
    mini_program_id: str
    versions: tuple[str, ...]


def list_programs(storage: EnvironmentStorage, query: ProgramQuery, *, reader: Actor) -> ProgramList:
    """What is published, disabled or released that `query` asks for and `reader` may read. Raises StoreError."""
    page = list_page(
        storage, query if reader.sees_everything() else replace(query, readable=partial(seen_by, reader))
    )
    return ProgramList(
        environment_name=storage.environment,
        programs=tuple(_listed(row) for row in page.rows),
        next_after=page.next_after,
    )


def list_versions(storage: EnvironmentStorage, program_id: str) -> VersionList:
    """Every version a publish recorded. Raises StoreError."""
    return VersionList(
        environment_name=storage.environment,
        mini_program_id=program_id,
        versions=recorded_versions(storage.store, storage.keys, program_id),
    )


def _listed(row: ProgramRow) -> ListedProgram:
    listing = row.listing
    return ListedProgram(
        mini_program_id=row.id,
        title=title_of(row),
        managed=listing.get("managed") is True,
        state=listing.get("state"),
        latest_version=listing.get("latestVersion"),
        updated_at_utc=listing.get("updatedAtUtc"),
        releases=tuple(summaries(row)),
        unreadable=row.unreadable,
    )


def seen_by(reader: Actor, row: ProgramRow) -> ProgramRow | None:
    """The row with the releases on targets where `reader` has a role; None for a program they have none for."""
    if not reader.sees(None, row.id):
        return None
    seen = [each for each in releases_of(row) if _sees_release(reader, row.id, each)]
    return row._replace(listing={**row.listing, "releases": seen})


def _sees_release(reader: Actor, program_id: str, release: dict[str, Any]) -> bool:
    try:
        target = Target.model_validate(release.get("target"))
    except ValidationError:  # nobody can tell whose it is
        return False
    return reader.sees(target, program_id)


def summaries(row: ProgramRow) -> Iterator[ReleaseSummary]:
    """The live releases of a row, each with what leads on from there."""
    for release in releases_of(row):
        with suppress(ValidationError):  # of a newer version, or broken: the document itself tells
            found = ReleaseSummary.model_validate(
                {name: release[name] for name in SUMMARY_MEMBERS if name in release}
            )
            yield found.model_copy(update={"next": next_steps(found)})


SUMMARY_MEMBERS = (
    "id", "version", "target", "kind", "state", "overlay", "grayscale", "offlineRequested", "updatedAt",
)  # fmt: skip
