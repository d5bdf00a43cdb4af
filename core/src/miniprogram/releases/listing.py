"""Looking at releases: of one mini-program, of one release, of a whole environment."""

from __future__ import annotations

from miniprogram.releases.apps import Target
from miniprogram.releases.facts import package_digest
from miniprogram.releases.place import ReleasePlace
from miniprogram.releases.record import Record
from miniprogram.releases.refusals import NotFound
from miniprogram.releases.release_store import (
    all_finished,
    finished_attempts,
    programs_with_releases,
    require_releases,
)
from miniprogram.releases.reports import ReleaseList, ReleaseView, release_list
from miniprogram.releases.review_digest import review_digest, shown_to_reviewer


class ReleaseReport(Record):
    """One release, with what a reviewer is shown of it and the digest that covers it."""

    schema_version: int = 1
    command: str = "release show"
    environment_name: str
    mini_program_id: str
    revision: int
    release: ReleaseView
    review_digest: str
    shown_to_reviewer: dict[str, object]


class ProgramReleases(Record):
    """Where a mini-program stands, in one line of a list."""

    mini_program_id: str
    revision: int
    releases: tuple[ReleaseView, ...]


class EnvironmentReleases(Record):
    """The releases of all mini-programs of an environment."""

    schema_version: int = 1
    command: str = "release list"
    environment_name: str
    programs: tuple[ProgramReleases, ...]


def list_releases(place: ReleasePlace, program_id: str) -> ReleaseList:
    """What is live of a mini-program, the newest change first."""
    return release_list(require_releases(place, program_id), place.environment)


def list_all(place: ReleasePlace) -> EnvironmentReleases:
    """What is live of every mini-program that has releases, by id."""
    found = [list_releases(place, program_id) for program_id in programs_with_releases(place)]
    return EnvironmentReleases(
        environment_name=place.environment,
        programs=tuple(
            ProgramReleases(mini_program_id=each.mini_program_id, revision=each.revision, releases=each.releases)
            for each in found
        ),
    )


def finished_releases(place: ReleasePlace, program_id: str) -> tuple[ReleaseView, ...]:
    """Every attempt that ended, the newest ending first."""
    return tuple(ReleaseView.of(each) for each in all_finished(place, require_releases(place, program_id)))


def show_release(place: ReleasePlace, program_id: str, version: str, target: Target) -> ReleaseReport:
    """The attempt under way, else the last one that ended. Raises NotFound."""
    document = require_releases(place, program_id)
    ended = finished_attempts(place, document, version, target)
    release = document.live(version, target) or (ended[-1] if ended else None)
    if release is None:
        raise NotFound(f"there is no release of {version} on {target}")
    digest = package_digest(place, program_id, version)
    return ReleaseReport(
        environment_name=place.environment,
        mini_program_id=program_id,
        revision=document.revision,
        release=ReleaseView.of(release),
        review_digest=review_digest(document, release, digest),
        shown_to_reviewer=shown_to_reviewer(document, release, digest),
    )
