"""One program: its releases, what ended, its versions, and the form that starts another release."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from miniprogram.identity.roles import DEVELOPER
from miniprogram.identity.sight import require_sight
from miniprogram.releases.execution import perform
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.model.release import Release
from miniprogram.releases.model.states import FINISHED, State
from miniprogram.releases.queries.programs import list_versions
from miniprogram.releases.queries.readable import readable_releases
from miniprogram.releases.storage.finished import NamedAttempt, named_attempts, read_attempts
from miniprogram.releases.storage.release_documents import releases_of, require_releases
from miniprogram.targets import Kind, Target
from miniprogram_server.console.forms.problems import at
from miniprogram_server.console.lists.list_page import Filter, ListPage, ListSpec, asked_of, holds
from miniprogram_server.console.lists.targets import filters_of, is_there, known_targets
from miniprogram_server.console.page_request import (
    Page,
    PageRequest,
    Redirect,
    program_url,
    release_url,
    target_of,
)

RELEASES_SIZE = 50
ARCHIVED_SIZE = 25
VERSIONS_SIZE = 100
VERSIONS_SHOWN = 12
"""Versions on the page of a program; all are on a page of their own."""
MOST_OFFERED = 100
"""Versions in the form for a new release, the highest ones; the page of versions leads to any other."""
STATES = tuple((state, state.replace("_", " ")) for state in State if state not in FINISHED)


def show_program(request: PageRequest) -> Page:
    """One program. Raises NotFound when it is neither published nor released."""
    program_id, actor = request.program_id, request.context.actor
    versions, document = _known(request)
    targets = known_targets(request)
    seen = readable_releases(actor, program_id, document.releases)
    newest = sorted(seen, key=lambda each: each.updated_at, reverse=True)
    spec = ListSpec("Version", (Filter("state", "State", STATES), *filters_of(targets)), size=RELEASES_SIZE)
    asked = asked_of(spec, program_url(program_id), request.query)
    live = [each for each in newest if each.state not in FINISHED and _fits(asked, each)]
    asked = asked.of(len(live))
    ended = _ended(request, document)
    free = _free(versions, targets, (*document.releases, *ended))
    wanted = request.query.get("version", "")
    members = {
        "section": "Programs",
        "program_id": program_id,
        "revision": document.revision,
        "list": asked,
        "releases": asked.cut(live),
        "ended": len([each for each in ended if actor.sees(each.target, program_id)]),
        "embedded": [
            str(each.target) for each in document.targets if each.embedded and actor.sees(each.target, program_id)
        ],
        "versions": versions[:VERSIONS_SHOWN],
        "version_count": len(versions),
        "free": [*([wanted] if wanted in free[MOST_OFFERED:] else []), *free[:MOST_OFFERED]],
        "free_count": len(free),
        "wanted": wanted,
        "targets": [str(each) for each in targets],
        "last_target": _usual_target(newest, wanted, ended),
        "may_create": any(actor.has(DEVELOPER, each, program_id) for each in targets),
    }
    return Page("program.html", members)


def show_archived(request: PageRequest) -> Page:
    """The attempts that ended, the newest first. Only those of the page are read."""
    program_id, actor = request.program_id, request.context.actor
    _, document = _known(request)
    ended = [each for each in _ended(request, document) if actor.sees(each.target, program_id)]
    spec = ListSpec("Version", filters_of(known_targets(request)), size=ARCHIVED_SIZE)
    asked = asked_of(spec, f"{program_url(program_id)}/archived", request.query)
    found = [each for each in ended if holds(asked.search, each.version) and is_there(asked, each.target)]
    asked = asked.of(len(found))
    members = {
        "section": "Programs",
        "program_id": program_id,
        "list": asked,
        "attempts": read_attempts(request.context.storage, asked.cut(found)),
    }
    return Page("archived.html", members)


def show_versions(request: PageRequest) -> Page:
    """The published versions, the highest first, and where each of them is a release."""
    program_id, actor = request.program_id, request.context.actor
    versions, document = _known(request)
    seen = readable_releases(actor, program_id, document.releases)
    released = {each.version for each in seen}
    choices = (("released", "a release"), ("free", "no release yet"))
    spec = ListSpec("Version", (Filter("is", "Is", choices),), size=VERSIONS_SIZE)
    asked = asked_of(spec, f"{program_url(program_id)}/versions", request.query)
    used = released | {each.version for each in _ended(request, document)} if asked.asked("is") else set()
    found = [each for each in versions if holds(asked.search, each) and _is(asked.asked("is"), each, used)]
    asked = asked.of(len(found))
    members = {
        "section": "Programs",
        "program_id": program_id,
        "list": asked,
        "rows": [(each, [one for one in seen if one.version == each]) for each in asked.cut(found)],
        "may_create": any(actor.has(DEVELOPER, each, program_id) for each in known_targets(request)),
    }
    return Page("versions.html", members)


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


def _known(request: PageRequest) -> tuple[tuple[str, ...], ReleaseDocument]:
    """The versions of the program and its releases. Raises NotFound when it has neither."""
    storage, program_id = request.context.storage, request.program_id
    versions = list_versions(storage, program_id).versions
    document = releases_of(storage, program_id).read()
    if document is None and not versions:
        document = require_releases(storage, program_id)
    return versions, document or ReleaseDocument(mini_program_id=program_id)


def _ended(request: PageRequest, document: ReleaseDocument) -> list[NamedAttempt]:
    return named_attempts(request.context.storage, document) if document.revision else []


def _fits(asked: ListPage, release: Release) -> bool:
    state = asked.asked("state")
    return (
        holds(asked.search, release.version)
        and is_there(asked, release.target)
        and (not state or release.state == state)
    )


def _free(
    versions: Sequence[str], targets: Sequence[Target], attempts: Iterable[Release | NamedAttempt]
) -> list[str]:
    """Versions that some target has not had yet: a version goes to a target once."""
    used = {(each.version, str(each.target)) for each in attempts}
    return [each for each in versions if any((each, str(target)) not in used for target in targets)]


def _usual_target(newest: Sequence[Release], wanted: str, ended: Sequence[NamedAttempt]) -> str:
    """The target that was used last, of those that have not had the version that is asked for."""
    attempts: list[Release | NamedAttempt] = [*newest, *ended]
    used = {str(each.target) for each in attempts if each.version == wanted}
    return next((str(each.target) for each in attempts if str(each.target) not in used), "")


def _is(what: str, version: str, used: Collection[str]) -> bool:
    """Whether a version is what a filter asks for: a release, or none yet."""
    return not what or (version in used) == (what == "released")
