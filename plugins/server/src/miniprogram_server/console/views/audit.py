"""What happened: the trail of a program or of the environment, searched, written out, and whether it is whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

from miniprogram.documents.audit_export import EXPORT_FORMATS, MEDIA_TYPES, ExportFormat, export_events
from miniprogram.documents.audit_search import OUTCOMES, EventFilter, event_filter
from miniprogram.documents.audit_verification import Checkpoint
from miniprogram.identity.denials import list_denials
from miniprogram.identity.sight import require_sight_of_environment
from miniprogram.names import why_no_name
from miniprogram.refusals import NotFound, Unacceptable
from miniprogram.releases.queries.history import History, Verification, every_event, history, verify_trail
from miniprogram.releases.verbs import VERBS
from miniprogram_server.admin.framework.bodies import fit
from miniprogram_server.admin.framework.problems import Failure
from miniprogram_server.admin.operations.audit import PartQuery
from miniprogram_server.console.lists.list_page import Filter, ListPage, ListSpec, asked_of
from miniprogram_server.console.page_request import BASE, Page, PageRequest, Redirect, Stream, program_url
from miniprogram_server.console.plain_words import sentence
from miniprogram_server.console.rendering.templates import DONE, command_text
from miniprogram_server.console.views.documents import document_of

EVENTS_SHOWN = 50
MOST_READ = 500
"""Events that are looked at for one page, when few of them are asked for: the page goes on by itself."""
PART_S = 1.0
"""How long a part of a trail is verified before the page shows how far it is."""
DENIALS_SHOWN = 50
MOST_DIGITS = 12
NO_EVENT = EventFilter(actor="\0")
"""Nobody is called that: what is asked is wrong, and nothing is found by half of it."""


def show_audit(request: PageRequest) -> Page | Redirect:
    """The trail of the program in the path, or of the environment; a part of it for a script."""
    asked, only = _asked(request)
    program_id = request.names.get("programId")
    wanted = asked.asked("program")
    if program_id is None and wanted and why_no_name("program", wanted) is None:
        values = {name: value for name, value in asked.values.items() if name != "program"}
        return Redirect(replace(asked, path=f"{program_url(wanted)}/audit", values=values).address())
    if request.wants_part:
        return Page("events.html", {"list": asked, **_events(request, asked, only)})
    return _audit(request, asked, only, None)


def export_audit(request: PageRequest) -> Stream:
    """The events that are asked for, the oldest first, as a file that is sent while it is read."""
    _require_sight(request)
    asked, only = _asked(request)
    form = request.query.get("format", "")
    if form not in EXPORT_FORMATS or asked.problems:
        raise Failure(422, "unacceptable", " ".join(asked.problems) or "Say csv or jsonl as the format.")
    program_id, context = request.names.get("programId"), request.context
    events = every_event(context.storage, program_id, only=only, reader=context.actor)
    known: ExportFormat = "csv" if form == "csv" else "jsonl"
    name = f"{program_id or context.storage.environment}-audit.{form}"
    return Stream(name, _begun(export_events(events, known)), MEDIA_TYPES[form])


def verify_audit(request: PageRequest) -> Page:
    """How far the trail is whole, on the page or, for a script, alone. Each answer leads to the next part."""
    verification = _verified(request)
    if request.wants_part:
        return Page("verified.html", {"path": _path(request), **_progress(request, verification)})
    asked, only = _asked(request)
    return _audit(request, asked, only, verification)


def _audit(request: PageRequest, asked: ListPage, only: EventFilter, found: Verification | None) -> Page:
    program_id, context = request.names.get("programId"), request.context
    _require_sight(request)
    shows_denials = context.actor.sees_everything() and asked.asked("outcome") != "done"
    denials = list_denials(context.storage, limit=DENIALS_SHOWN, only=only, program_id=program_id)
    members = {
        "section": "Programs" if program_id else "Audit",
        "program_id": program_id,
        "path": _path(request),
        "list": asked,
        **_events(request, asked, only),
        "denials": denials if shows_denials else None,
        "verification": found,
        **({} if found is None else _progress(request, found)),
    }
    return Page("audit.html", members)


def _asked(request: PageRequest) -> tuple[ListPage, EventFilter]:
    """What the address asks, with what is wrong with it told, and the filter it comes to."""
    about = () if "programId" in request.names else (Filter("program", "Mini-program", kind="text"),)
    commands = sorted({*(verb.command for verb in VERBS), *DONE}, key=lambda each: command_text(each).casefold())
    spec = ListSpec(
        "",
        (
            Filter("by", "Person", kind="text"),
            Filter("command", "What", tuple((each, command_text(each).rstrip(":")) for each in commands)),
            Filter("outcome", "Outcome", tuple((each, each) for each in OUTCOMES)),
            Filter("since", "From", kind="time"),
            Filter("until", "Until", kind="time"),
            *about,
        ),
        (("newest", "newest first"), ("oldest", "oldest first")),
        EVENTS_SHOWN,
    )
    asked = asked_of(spec, _path(request), request.query)
    said = {name: asked.asked(name) for name in ("command", "outcome", "since", "until")}
    try:
        return asked, event_filter(actor=asked.asked("by"), **said)
    except Unacceptable as error:
        return replace(asked, problems=(*asked.problems, sentence(str(error)))), NO_EVENT


def _events(request: PageRequest, asked: ListPage, only: EventFilter) -> dict[str, Any]:
    """A page of events, where it goes on, and how many of them are still wanted when it ends early."""
    wanted = _number(request, "wanted") or EVENTS_SHOWN
    found = _history(request, asked, only, min(wanted, EVENTS_SHOWN))
    position = found.next_before or found.next_after
    name = "before" if found.next_before else "after"
    left = min(wanted, EVENTS_SHOWN) - len(found.events)
    return {
        "history": found,
        "on": None if position is None else asked.address(**{name: position}),
        "searching": None if position is None or left <= 0 else asked.address(**{name: position}, wanted=left),
        "reached": found.events[-1].seq if left <= 0 and found.events else position,
    }


def _history(request: PageRequest, asked: ListPage, only: EventFilter, limit: int) -> History:
    """A blank one for a program that was published and never released."""
    context, program_id = request.context, request.names.get("programId")
    _require_sight(request)
    try:
        return history(
            context.storage,
            program_id,
            limit=limit,
            before=_number(request, "before"),
            after=_number(request, "after"),
            oldest_first=asked.order == "oldest",
            only=only,
            reader=context.actor,
            most_read=MOST_READ,
        )
    except NotFound:
        document_of(request)
        environment = context.storage.environment
        return History(
            command="audit show", environment_name=environment, mini_program_id=program_id, total=0, events=()
        )


def _number(request: PageRequest, name: str) -> int | None:
    text = request.query.get(name, "")
    is_number = text.isascii() and text.isdecimal() and len(text) < MOST_DIGITS
    return int(text) or None if is_number else None


def _require_sight(request: PageRequest) -> None:
    """What is about the program in the path was looked at before."""
    if "programId" not in request.names:
        require_sight_of_environment(request.context)


def _path(request: PageRequest) -> str:
    """Of the page about the trail that is shown."""
    program_id = request.names.get("programId")
    return f"{program_url(program_id)}/audit" if program_id else f"{BASE}/audit"


def _begun(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces, with the first one made already: what stands against it is told on a page, not in the file."""
    first = next(pieces, b"")
    return chain([first], pieces)


def _verified(request: PageRequest) -> Verification:
    _require_sight(request)
    asked = fit(
        PartQuery,
        {name: text for name, text in request.query.items() if name in ("after", "hash")},
        where="the query",
    )
    start = Checkpoint(asked.after, asked.hash)
    return verify_trail(request.context.storage, request.names.get("programId"), start=start, seconds=PART_S)


def _progress(request: PageRequest, verification: Verification) -> dict[str, Any]:
    """Whether the parts before began at the beginning and found nothing: only then the trail is whole."""
    is_unbroken = verification.after == 0 or request.query.get("unbroken") == "yes"
    return {"verification": verification, "is_unbroken": is_unbroken and verification.sound}
