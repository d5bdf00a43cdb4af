"""The programs of the environment: searched, narrowed, what waits for whoever asks first."""

from __future__ import annotations

from dataclasses import dataclass

from miniprogram.documents.index.listing import PROGRAM_STATES, ProgramQuery
from miniprogram.releases.model.states import FINISHED, IN_FLIGHT, State
from miniprogram.releases.queries.matching import MatchedProgram, Order, matching_programs
from miniprogram.releases.queries.programs import ListedProgram
from miniprogram.releases.queries.reports import ReleaseSummary
from miniprogram_server.console.lists.list_page import Filter, ListSpec, asked_of
from miniprogram_server.console.lists.targets import target_filters
from miniprogram_server.console.page_request import BASE, Page, PageRequest

PAGE_SIZE = 50
"""Programs on a page of the list."""
RELEASES_SHOWN = 5
"""Of a program, in its row."""
STATES = (*PROGRAM_STATES, *(state for state in State if state not in FINISHED))
"""What a list can be narrowed to, as `ProgramQuery.state` says it."""
ORDERS: tuple[tuple[Order, str], ...] = (
    ("waiting", "waiting first"),
    ("id", "by id"),
    ("changed", "last change first"),
)


@dataclass(frozen=True, slots=True)
class ProgramLine:
    """A program at a glance."""

    program: ListedProgram
    waits: bool
    moving: tuple[ReleaseSummary, ...]
    full: tuple[ReleaseSummary, ...]


def show_programs(request: PageRequest) -> Page:
    spec = ListSpec(
        "Id, title or version",
        (
            Filter("state", "State", tuple((state, state.replace("_", " ")) for state in STATES)),
            *target_filters(request),
            Filter("waiting", "Waiting for", (("me", "me"),)),
        ),
        ORDERS,
        PAGE_SIZE,
    )
    asked = asked_of(spec, f"{BASE}/", request.query)
    query = ProgramQuery(
        search=asked.search,
        state=asked.asked("state"),
        app=asked.asked("app"),
        environment=asked.asked("environment"),
    )
    order = next(name for name, _ in ORDERS if name == asked.order)
    context = request.context
    found = matching_programs(
        context.storage, query, reader=context.actor, order=order, only_waiting=asked.asked("waiting") == "me"
    )
    asked = asked.of(len(found))
    members = {
        "section": "Programs",
        "follows_all": True,
        "list": asked,
        "rows": [_line(each) for each in asked.cut(found)],
        "waiting": sum(each.waits for each in found),
        "shown": RELEASES_SHOWN,
    }
    return Page("programs.html", members)


def _line(match: MatchedProgram) -> ProgramLine:
    program = match.listed
    moving = tuple(each for each in program.releases if each.state in IN_FLIGHT or each.state is State.CREATED)
    full = tuple(each for each in program.releases if each.state is State.FULL)
    return ProgramLine(program, match.waits, moving, full)
