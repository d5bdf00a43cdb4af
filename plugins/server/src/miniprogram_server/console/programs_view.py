"""The programs, one program with its releases, and the review inbox."""

from __future__ import annotations

from dataclasses import dataclass

from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.identity.environment_document import read_environment
from miniprogram.releases.execution import perform
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.model.release import Release
from miniprogram.releases.model.states import FINISHED, State
from miniprogram.releases.queries.programs import list_programs, list_versions
from miniprogram.releases.queries.reviews import review_inbox
from miniprogram.releases.storage.release_documents import (
    all_finished,
    releases_of,
    require_releases,
)
from miniprogram.targets import Kind
from miniprogram_server.console.visit import Page, Redirect, Visit, release_url, target_of


@dataclass(frozen=True, slots=True)
class ProgramRow:
    """A program at a glance."""

    program_id: str
    managed: bool
    moving: tuple[Release, ...]
    full: tuple[Release, ...]


def show_programs(visit: Visit) -> Page:
    storage = visit.context.storage
    rows = [_row(storage, each.mini_program_id, managed=each.managed) for each in list_programs(storage).programs]
    return Page("programs.html", {"section": "Programs", "rows": rows})


def show_program(visit: Visit) -> Page:
    """One program. Raises NotFound when it is neither published nor released."""
    storage, program_id = visit.context.storage, visit.program_id
    versions = list_versions(storage, program_id).versions
    document = releases_of(storage, program_id).read()
    if document is None and not versions:
        require_releases(storage, program_id)
    document = document or ReleaseDocument(mini_program_id=program_id)
    newest = sorted(document.releases, key=lambda each: each.updated_at, reverse=True)
    members = {
        "section": "Programs",
        "program_id": program_id,
        "revision": document.revision,
        "releases": [each for each in newest if each.state not in FINISHED],
        "finished": all_finished(storage, document) if document.revision else [],
        "versions": versions,
        "targets": targets(storage),
    }
    return Page("program.html", members)


def create_release(visit: Visit) -> Redirect:
    form = visit.form
    target, version = target_of(form.one("target")), form.one("version")
    kind = Kind(form.one("kind")) if form.one("kind") in set(Kind) else Kind.OFFICIAL
    perform(visit.context, visit.program_id, "create", version, target, kind=kind)
    visit.session.tell("good", f"{version} is on its way to {target}. Say what it is about, then apply.")
    return Redirect(release_url(visit.program_id, version, target))


def show_reviews(visit: Visit) -> Page:
    inbox = review_inbox(visit.context.storage, visit.context.actor)
    return Page("reviews.html", {"section": "Reviews", "waiting": inbox.waiting})


def targets(storage: EnvironmentStorage) -> list[str]:
    """Everywhere a release can go, as texts."""
    apps = read_environment(storage).apps
    return [f"{app.name}:{environment.name}" for app in apps for environment in app.environments]


def _row(storage: EnvironmentStorage, program_id: str, *, managed: bool) -> ProgramRow:
    document = releases_of(storage, program_id).read() if managed else None
    releases = document.releases if document else ()
    moving = tuple(each for each in releases if each.in_flight or each.state is State.CREATED)
    full = tuple(each for each in releases if each.state is State.FULL)
    return ProgramRow(program_id, managed, moving, full)
