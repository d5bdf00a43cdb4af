"""The page of one release: where it stands, what can be done by whom, and doing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from miniprogram.documents.audit_chain import read_events
from miniprogram.documents.audit_event import Event
from miniprogram.refusals import NotFound
from miniprogram.releases.commands.links import IssuedLink
from miniprogram.releases.execution import perform
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.model.release import Release
from miniprogram.releases.model.states import STEPPER, State
from miniprogram.releases.queries.cut_off import who_is_cut_off
from miniprogram.releases.queries.listing import find_release
from miniprogram.releases.queries.reports import ReleaseView
from miniprogram.releases.queries.windows import usage_text, window_usage
from miniprogram.releases.state_machine.transitions import TABLE
from miniprogram.releases.storage.finished import versions_to_return_to
from miniprogram.releases.storage.release_documents import require_releases
from miniprogram.releases.verbs import VERBS, Verb
from miniprogram_server.console.forms.transition_forms import arguments_in
from miniprogram_server.console.page_request import Page, PageRequest, Redirect

EVENTS_SHOWN = 12
EVENTS_SEARCHED = 200

BY_PATH: Mapping[str, Verb] = {verb.path: verb for verb in VERBS if verb.scope != "new"}
"""Verbs by the last part of their address."""

_LABELS = {
    State.CREATED: "Created",
    State.IN_REVIEW: "Review",
    State.PILOT: "Pilot",
    State.GRAYSCALE: "Grayscale",
    State.FULL: "Full",
}
_REACHED = {
    State.CREATED: 0.0,
    State.IN_REVIEW: 1.0,
    State.REJECTED: 1.0,
    State.WITHDRAWN: 1.0,
    State.APPROVED: 1.5,
    State.PILOT: 2.0,
    State.PREPARED: 2.5,
    State.GRAYSCALE: 3.0,
    State.FULL: 4.0,
    State.ARCHIVED: 5.0,
}
"""How far along the stepper a state is; halves are between two steps."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the way: `done`, `now`, `todo` or `stopped`."""

    text: str
    status: str


def show_release(request: PageRequest, *, link: Mapping[str, Any] | None = None) -> Page:
    """Raises NotFound when the version never went there."""
    document = require_releases(request.context.storage, request.program_id)
    release = ReleaseView.of(find(request, document))
    events = read_events(request.context.storage, request.program_id, document.trail)
    about = (each for each in islice(events, EVENTS_SEARCHED) if _is_about(each, release))
    application = release.offline_request or release.review
    fallback = document.fallback(release.target)
    usage = window_usage(request.context.storage, request.program_id, release)
    members = {
        "section": "Programs",
        "program_id": request.program_id,
        "here": request.here,
        "revision": document.revision,
        "release": release,
        "steps": steps_of(release),
        "may": _may(request, request.program_id, release),
        "is_mine": application is not None and application.applicant == request.context.actor.name,
        "floor": max(1, -(-release.grayscale.basis_points // 100)),
        "fallback": fallback,
        "window_usage": None if usage is None else usage_text(usage),
        "cut_off": who_is_cut_off(request.context.storage, document),
        "archived": _archived(request, document, release),
        "linkable": release.state in (State.PILOT, State.PREPARED, State.GRAYSCALE, State.FULL),
        "link": link,
        "events": list(islice(about, EVENTS_SHOWN)),
    }
    return Page("release.html", members)


def act(request: PageRequest) -> Redirect:
    """Do the verb in the address with what the form says. Raises what its use case raises."""
    verb = BY_PATH.get(request.names["verb"])
    if verb is None:
        raise NotFound(f"there is no command {request.names['verb']}")
    arguments = arguments_in(verb, request.form)
    said = {name: getattr(arguments, name) for name in arguments.model_fields_set}
    version = request.names["version"] if verb.scope == "release" else None
    report = perform(request.guarded_context(), request.program_id, verb.name, version, request.target, **said)
    request.session.tell("good", f"You {verb.done} {report.release.version}. It is {_state(report.release)} now.")
    return Redirect(request.here)


def find(request: PageRequest, document: ReleaseDocument) -> Release:
    """The attempt under way, else the last finished one. Raises NotFound."""
    return find_release(request.context.storage, document, request.names["version"], request.target)


def steps_of(release: Release) -> list[Step]:
    """The stepper. A release that ended stops at the step it had reached."""
    reached = _reached(release)
    ended = release.state not in _REACHED or release.state in (State.REJECTED, State.WITHDRAWN)
    steps = []
    for index, state in enumerate(STEPPER):
        now = "stopped" if ended else "done" if release.state is State.FULL else "now"
        status = "done" if index < reached else now if index == reached else "todo"
        steps.append(Step(_LABELS[state], status))
    return steps


def with_link(request: PageRequest, issued: IssuedLink, image: str) -> Page:
    """The page with a link that was just made."""
    return show_release(request, link={"issued": issued, "image": image})


def _reached(release: Release) -> float:
    known = _REACHED.get(release.state)
    if known is not None:
        return known
    if release.full_at is not None:
        return 4.0
    return 3.0 if release.grayscale.basis_points else 2.0 if release.testers else 1.0


def _state(release: Release) -> str:
    return release.state.replace("_", " ") + (f", {release.overlay}" if release.overlay else "")


def _may(request: PageRequest, program_id: str, release: Release) -> frozenset[str]:
    """Commands that the table has from here, for a role that whoever asks holds. Guards speak when it is tried."""
    sources = {release.state} if release.ending is None else {None}
    rows = (row for row in TABLE if sources & row.sources and (None in sources or release.overlay in row.overlays))
    return frozenset(row.verb for row in rows if request.context.actor.has(row.roles, release.target, program_id))


def _archived(request: PageRequest, document: ReleaseDocument, release: Release) -> list[str]:
    """Versions that a rollback can go to, from the page of a full release or of one that was full."""
    if release.full_at is None:
        return []
    versions = versions_to_return_to(request.context.storage, document, release.target)
    if release.state is State.FULL:
        return [each for each in versions if each != release.version]
    return [each for each in versions if each == release.version]


def _is_about(event: Event, release: Release) -> bool:
    return event.subject == release.id or (
        event.version == release.version and event.target == str(release.target)
    )
