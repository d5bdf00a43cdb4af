"""Looking at releases: of one mini-program, or one of them."""

from __future__ import annotations

from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.models import FrozenModel
from miniprogram.refusals import NotFound
from miniprogram.releases.input_loading import package_digest
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.model.release import Release
from miniprogram.releases.queries.reports import ReleaseList, ReleaseView, release_list
from miniprogram.releases.queries.windows import WindowUsage, window_usage
from miniprogram.releases.state_machine.review_digest import review_digest, shown_to_reviewer
from miniprogram.releases.storage.finished import finished_attempts, finished_page
from miniprogram.releases.storage.release_documents import require_releases
from miniprogram.targets import Target


class ReleaseReport(FrozenModel):
    """One release, with what a reviewer is shown of it and the digest that covers it."""

    schema_version: int = 1
    command: str = "release show"
    environment_name: str
    mini_program_id: str
    revision: int
    release: ReleaseView
    review_digest: str
    shown_to_reviewer: dict[str, object]
    window_usage: WindowUsage | None = None
    """How many its time window has admitted; None when it has none."""


class FinishedReleases(FrozenModel):
    """Attempts that ended, the newest ending first."""

    schema_version: int = 1
    command: str = "release list --archived"
    environment_name: str
    mini_program_id: str
    revision: int
    releases: tuple[ReleaseView, ...]
    next_before: int | None = None
    """A revision: what ended before it is on the next page; null when there is none."""


def list_releases(storage: EnvironmentStorage, program_id: str) -> ReleaseList:
    """What is live of a mini-program, the newest change first."""
    return release_list(require_releases(storage, program_id), storage.environment)


def finished_releases(
    storage: EnvironmentStorage, program_id: str, *, limit: int | None = None, before: int | None = None
) -> FinishedReleases:
    """Attempts that ended before a revision, the newest ending first, about `limit` of them."""
    document = require_releases(storage, program_id)
    page = finished_page(storage, document, limit=limit, before=before)
    return FinishedReleases(
        environment_name=storage.environment,
        mini_program_id=program_id,
        revision=document.revision,
        releases=tuple(ReleaseView.of(each) for each in page.attempts),
        next_before=page.next_before,
    )


def show_release(storage: EnvironmentStorage, program_id: str, version: str, target: Target) -> ReleaseReport:
    """The attempt under way, else the last one that ended. Raises NotFound."""
    document = require_releases(storage, program_id)
    release = find_release(storage, document, version, target)
    digest = package_digest(storage, program_id, version)
    return ReleaseReport(
        environment_name=storage.environment,
        mini_program_id=program_id,
        revision=document.revision,
        release=ReleaseView.of(release),
        review_digest=review_digest(document, release, digest),
        shown_to_reviewer=shown_to_reviewer(document, release, digest),
        window_usage=window_usage(storage, program_id, release),
    )


def find_release(storage: EnvironmentStorage, document: ReleaseDocument, version: str, target: Target) -> Release:
    """The attempt under way, else the last one that ended. Raises NotFound when the version never went there."""
    found = document.live(version, target)
    if found is not None:
        return found
    attempts = finished_attempts(storage, document, version, target)
    if not attempts:
        raise NotFound(f"{version} of {document.mini_program_id} never was a release on {target}")
    return attempts[-1]
