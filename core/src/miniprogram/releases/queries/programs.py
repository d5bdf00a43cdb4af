"""Which mini-programs there are, and which of their versions are published whole or in part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

from pydantic import ValidationError

from miniprogram.delivery.documents.contents.program_index import ProgramRow
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.index.listing import ProgramQuery, list_page, releases_of, title_of
from miniprogram.documents.published_versions import recorded_versions
from miniprogram.identity.roles import Actor
from miniprogram.models import FrozenModel
from miniprogram.releases.queries.reports import ReleaseSummary, next_steps
from miniprogram.targets import Stage, Target


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
        programs=tuple(listed_program(row) for row in page.rows),
        next_after=page.next_after,
    )


def list_versions(storage: EnvironmentStorage, program_id: str) -> VersionList:
    """Every version a publish recorded. Raises StoreError."""
    return VersionList(
        environment_name=storage.environment,
        mini_program_id=program_id,
        versions=recorded_versions(storage.store, storage.keys, program_id),
    )


def listed_program(row: ProgramRow) -> ListedProgram:
    """A row as lists show it."""
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


def _sees_release(reader: Actor, program_id: str, release: Mapping[str, Any]) -> bool:
    target = target_in(release)
    return target is not None and reader.sees(target, program_id)


def target_in(release: Mapping[str, Any]) -> Target | None:
    """Where a release of a row goes; None when nobody can tell."""
    target = release.get("target")
    if not isinstance(target, dict) or not target.keys() <= {"hostApp", "environment"}:
        return None
    app, environment = target.get("hostApp"), target.get("environment")
    return _target(app, environment) if isinstance(app, str) and isinstance(environment, str) else None


@lru_cache(maxsize=4_096)
def _target(host_app: str, environment: str) -> Target | None:
    return Target(host_app=host_app, environment=Stage(environment)) if environment in set(Stage) else None


def summaries(row: ProgramRow) -> Iterator[ReleaseSummary]:
    """The live releases of a row, each with what leads on from there."""
    for release in releases_of(row):
        with suppress(ValidationError):  # of a newer version, or broken: the document itself tells
            yield summary_of_release(release)


def summary_of_release(release: Mapping[str, Any]) -> ReleaseSummary:
    """A release of a row, with what leads on from there. Raises ValidationError."""
    found = ReleaseSummary.model_validate({name: release[name] for name in SUMMARY_MEMBERS if name in release})
    return found.model_copy(update={"next": next_steps(found)})


SUMMARY_MEMBERS = (
    "id", "version", "target", "kind", "state", "overlay", "grayscale", "offlineRequested", "updatedAt",
)  # fmt: skip
