"""The programs, one program with its releases, and the review inbox."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from miniprogram.documents.index.listing import ProgramQuery
from miniprogram.identity.environment_document import read_environment
from miniprogram.identity.roles import DEVELOPER
from miniprogram.identity.sight import require_sight
from miniprogram.releases.execution import perform
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.model.release import Release
from miniprogram.releases.model.states import FINISHED, IN_FLIGHT, State
from miniprogram.releases.queries.programs import (
    ListedProgram,
    list_programs,
    list_versions,
)
from miniprogram.releases.queries.readable import readable_releases
from miniprogram.releases.queries.reports import ReleaseSummary
from miniprogram.releases.queries.reviews import review_inbox
from miniprogram.releases.storage.finished import FinishedPage, finished_page
from miniprogram.releases.storage.release_documents import releases_of, require_releases
from miniprogram.targets import Kind, Target
from miniprogram_server.console.forms.problems import at
from miniprogram_server.console.page_request import Page, PageRequest, Redirect, release_url, target_of

PAGE_SIZE = 100
"""Programs on a page of the list, and in the inbox of reviews."""
FINISHED_SHOWN = 25
"""Attempts that ended, on the page of a program."""
MOST_DIGITS = 12
STATES = ("served", "disabled", "unreadable", "managed", *(state for state in State if state not in FINISHED))
"""What a list can be narrowed to, as `ProgramQuery.state` says it."""


@dataclass(frozen=True, slots=True)
class ProgramRow:
    """A program at a glance."""

    program: ListedProgram
    moving: tuple[ReleaseSummary, ...]
    full: tuple[ReleaseSummary, ...]


def show_programs(request: PageRequest) -> Page:
    search, after = request.query.get("search", ""), request.query.get("after", "")
    state = request.query.get("state", "")
    query = ProgramQuery(after=after, limit=PAGE_SIZE, search=search, state=state if state in STATES else "")
    listed = list_programs(request.context.storage, query, reader=request.context.actor)
    asked = {"search": search, "state": query.state}
    next_page = urlencode({**asked, "after": listed.next_after}) if listed.next_after else None
    members = {
        "section": "Programs",
        "rows": [_row(each) for each in listed.programs],
        **asked,
        "states": STATES,
        "next_page": next_page,
        "is_first": not after,
    }
    return Page("programs.html", members)


def show_program(request: PageRequest) -> Page:
    """One program. Raises NotFound when it is neither published nor released."""
    storage, program_id = request.context.storage, request.program_id
    versions = list_versions(storage, program_id).versions
    document = releases_of(storage, program_id).read()
    if document is None and not versions:
        require_releases(storage, program_id)
    document = document or ReleaseDocument(mini_program_id=program_id)
    actor = request.context.actor
    seen = readable_releases(actor, program_id, document.releases)
    newest = sorted(seen, key=lambda each: each.updated_at, reverse=True)
    finished = _finished(request, document)
    members = {
        "section": "Programs",
        "program_id": program_id,
        "revision": document.revision,
        "releases": [each for each in newest if each.state not in FINISHED],
        "finished": readable_releases(actor, program_id, finished.attempts),
        "next_before": finished.next_before,
        "versions": versions,
        "free": _free(versions, targets(request), (*document.releases, *finished.attempts)),
        "targets": targets(request),
        "last_target": str(newest[0].target) if newest else "",
        "may_create": any(actor.has(DEVELOPER, target_of(each), program_id) for each in targets(request)),
    }
    return Page("program.html", members)


def _free(versions: Sequence[str], targets: Sequence[str], attempts: Iterable[Release]) -> list[str]:
    """Versions that some target has not had yet: a version goes to a target once."""
    used = {(each.version, str(each.target)) for each in attempts}
    return [each for each in versions if any((each, target) not in used for target in targets)]


def _finished(request: PageRequest, document: ReleaseDocument) -> FinishedPage:
    """A page of attempts that ended; `before` in the address leads to older ones."""
    if not document.revision:
        return FinishedPage([])
    before = request.query.get("before", "")
    is_number = before.isascii() and before.isdecimal() and len(before) < MOST_DIGITS
    return finished_page(
        request.context.storage, document, limit=FINISHED_SHOWN, before=int(before) if is_number else None
    )


def create_release(request: PageRequest) -> Redirect:
    form = request.form
    with at("target"):
        target = target_of(form.one("target"))
    version = form.one("version")
    require_sight(request.context, program_id=request.program_id, target=target)
    kind = Kind(form.one("kind")) if form.one("kind") in set(Kind) else Kind.OFFICIAL
    perform(request.context, request.program_id, "create", version, target, kind=kind)
    request.session.tell("good", f"{version} is on its way to {target}. Say what it is about, then apply.")
    return Redirect(release_url(request.program_id, version, target))


def show_reviews(request: PageRequest) -> Page:
    search, after = request.query.get("search", ""), request.query.get("after", "")
    query = ProgramQuery(after=after, limit=PAGE_SIZE, search=search)
    inbox = review_inbox(request.context.storage, request.context.actor, query)
    next_page = urlencode({"search": search, "after": inbox.next_after}) if inbox.next_after else None
    members = {
        "section": "Reviews",
        "waiting": inbox.waiting,
        "unreadable": inbox.unreadable,
        "search": search,
        "next_page": next_page,
    }
    return Page("reviews.html", members)


def targets(request: PageRequest) -> list[str]:
    """Everywhere a release of the program can go, as far as whoever asks has a role there."""
    apps = read_environment(request.context.storage).apps
    there = (Target(host_app=app.name, environment=each.name) for app in apps for each in app.environments)
    return [str(target) for target in there if request.context.actor.sees(target, request.program_id)]


def _row(program: ListedProgram) -> ProgramRow:
    moving = tuple(each for each in program.releases if each.state in IN_FLIGHT or each.state is State.CREATED)
    full = tuple(each for each in program.releases if each.state is State.FULL)
    return ProgramRow(program, moving, full)
