"""The page of one release: where it stands, what can be done by whom, and doing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from miniprogram.delivery.evaluation.buckets import WHOLE
from miniprogram.documents.audit_chain import read_events
from miniprogram.documents.audit_event import Event
from miniprogram.releases.arguments import Arguments, Ratio
from miniprogram.releases.execution import perform
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.model.release import Release
from miniprogram.releases.model.states import STEPPER, State
from miniprogram.releases.queries.cut_off import who_is_cut_off
from miniprogram.releases.queries.offers import offers
from miniprogram.releases.queries.reports import ReleaseView, TransitionReport
from miniprogram.releases.queries.windows import usage_text, window_usage
from miniprogram.releases.storage.finished import versions_to_return_to
from miniprogram.releases.storage.release_documents import require_releases
from miniprogram.releases.verbs import VERBS, Verb
from miniprogram_server.admin.framework.problems import Failure
from miniprogram_server.console.forms.transition_forms import arguments_in, named_testers
from miniprogram_server.console.page_request import Confirm, Page, PageRequest, Redirect
from miniprogram_server.console.plain_words import label, plain, sentence
from miniprogram_server.console.rendering.templates import state_text
from miniprogram_server.console.views.documents import find
from miniprogram_server.console.views.numbers import COUNTED, adoption, numbers_for

USUAL_SHARES = (1, 5, 10, 25, 50, 100)
"""In per cent."""
UNTOLD = frozenset({"offline_requested", "never_finished_well", "was_there"})
"""Rules whose refusal says nothing that the page does not show: nobody misses the button."""
LINKABLE = frozenset({State.PILOT, State.PREPARED, State.GRAYSCALE, State.FULL})
TESTER_VERBS = ("testers add", "testers remove")
"""On a page of the list."""
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


def show_release(request: PageRequest) -> Page:
    """Raises NotFound when the version never went there."""
    document = require_releases(request.context.storage, request.program_id)
    release = ReleaseView.of(find(request, document))
    found = {each.verb: each for each in offers(request.context, document, release)}
    shown = {name: each for name, each in found.items() if each.rule not in UNTOLD}
    events = read_events(request.context.storage, request.program_id, document.trail)
    about = (each for each in islice(events, EVENTS_SEARCHED) if _is_about(each, release))
    application = release.offline_request or release.review
    usage = window_usage(request.context.storage, request.program_id, release)
    members = {
        "section": "Programs",
        "steps": steps_of(release),
        "may": frozenset(name for name, each in shown.items() if each.stands_against is None),
        "is_mine": application is not None and application.applicant == request.context.actor.name,
        **form_members(request, document, release),
        "offers": shown,
        "window_usage": None if usage is None else usage_text(usage),
        "cut_off": who_is_cut_off(request.context.storage, document),
        "linkable": release.state in LINKABLE,
        "asked": adoption(request, release),
        "events": list(islice(about, EVENTS_SHOWN)),
    }
    return Page("release.html", members)


def show_step(request: PageRequest) -> Page:
    """A page for one verb: what it will come to, and its form. Raises Failure for what is no verb."""
    verb = _verb(request)
    document = require_releases(request.context.storage, request.program_id)
    release = ReleaseView.of(find(request, document))
    found = {each.verb: each for each in offers(request.context, document, release)}
    members = {
        "section": "Programs",
        **form_members(request, document, release),
        "verb": verb.name,
        "row": verb,
        "offer": found.get(verb.name),
        "asked_words": _asked_words(verb, release),
        "counted": verb.name in COUNTED,
        **numbers_for(request, document, release, verb.name),
    }
    return Page("step.html", members)


def act(request: PageRequest) -> Redirect | Confirm:
    """Do the verb in the address with what the form says. Raises what its use case raises."""
    verb = _verb(request)
    arguments = arguments_in(verb, request.form)
    if request.form.one("confirmed") != "yes" and _reaches_everybody(verb, arguments):
        return Confirm()
    said = {name: getattr(arguments, name) for name in arguments.model_fields_set}
    version = request.names["version"] if verb.scope == "release" else None
    before = _tester_count(request) if verb.name in TESTER_VERBS else 0
    report = perform(request.guarded_context(), request.program_id, verb.name, version, request.target, **said)
    for advice in report.advice:
        request.session.tell("warn", sentence(plain(advice)))
    request.session.tell("good", _done(verb, report))
    if verb.name in TESTER_VERBS:
        _tell_of_surplus(request, verb.name, before, report)
    return Redirect(f"{request.here}/testers" if verb.name.startswith("testers ") else request.here)


def _tester_count(request: PageRequest) -> int:
    live = require_releases(request.context.storage, request.program_id).live(
        request.names["version"], request.target
    )
    return 0 if live is None else len(live.testers)


def _tell_of_surplus(request: PageRequest, verb: str, before: int, report: TransitionReport) -> None:
    """How many of the ids that were named made no difference."""
    named = len(named_testers(request.form))
    made = abs(len(report.release.testers) - before)
    if named > made:
        why = "were on the list already" if verb == "testers add" else "were not on the list"
        request.session.tell("warn", f"{named - made:,} of the {named:,} ids {why}, or were named twice.")


def _verb(request: PageRequest) -> Verb:
    verb = BY_PATH.get(request.names["verb"])
    if verb is None:
        raise Failure(404, "no_such_page", "There is no such page.")
    return verb


def _reaches_everybody(verb: Verb, arguments: Arguments) -> bool:
    return verb.reaches_everybody or (isinstance(arguments, Ratio) and arguments.basis_points == WHOLE)


def _asked_words(verb: Verb, release: ReleaseView) -> str:
    """What the button says that does it."""
    return f"{verb.label}: {release.version} on {release.target}" if verb.reaches_everybody else verb.label


def _done(verb: Verb, report: TransitionReport) -> str:
    """What was done, where the release stands now, and what comes next."""
    release = report.release
    now = f"It is {state_text(release)} now."
    if report.instead is not None:
        now = f"{report.instead.version} is served instead."
    if verb.name in TESTER_VERBS:
        now = f"{len(release.testers):,} testers have it now."
    steps = " or ".join(f"“{label(each.verb)}” ({' or '.join(each.roles)})" for each in release.next)
    after = f" Next: {steps.replace('-', ' ')}." if steps else ""
    return f"You {verb.done} {release.version}. {now}{after}"


def form_members(request: PageRequest, document: ReleaseDocument, release: ReleaseView) -> dict[str, Any]:
    """What the forms of verbs ask for."""
    points = release.grayscale.basis_points
    return {
        "program_id": request.program_id,
        "here": request.here,
        "revision": document.revision,
        "release": release,
        "next_share": next((each for each in USUAL_SHARES if each * 100 > points), 100),
        "fallback": document.fallback(release.target),
        "archived": _archived(request, document, release),
    }


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


def _reached(release: Release) -> float:
    known = _REACHED.get(release.state)
    if known is not None:
        return known
    if release.full_at is not None:
        return 4.0
    return 3.0 if release.grayscale.basis_points else 2.0 if release.testers else 1.0


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
