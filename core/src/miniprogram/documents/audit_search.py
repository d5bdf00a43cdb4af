"""Looking for events in a trail: by whom, which command, when, with what outcome.

Events lie one by one, by their position. Their times ascend but for clocks that differ, so a span of time is found
with a few reads; whatever else is asked is compared event by event.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from miniprogram.clock import to_iso
from miniprogram.documents.audit_chain import read_event
from miniprogram.documents.audit_event import Event, Trail
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.refusals import Unacceptable

CLOCKS_DIFFER = timedelta(hours=1)
"""By as much as this an event may have an earlier time than the one before it."""
OUTCOMES = ("done", "denied")


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events. What is blank asks nothing."""

    actor: str = ""
    """Part of a name; upper and lower case are the same."""
    command: str = ""
    """A command such as `release halt`, or its first words: `release`."""
    outcome: str = ""
    """`done` or `denied`."""
    since: str = ""
    """A time stamp; events from then on."""
    until: str = ""
    """A time stamp; events before it."""
    version: str | None = None
    target: str | None = None

    @property
    def is_blank(self) -> bool:
        return self == EventFilter()

    def takes(self, event: Event) -> bool:
        """Whether `event` is one of those."""
        return (
            (not self.actor or self.actor.casefold() in event.actor.casefold())
            and (not self.command or f"{event.command} ".startswith(f"{self.command} "))
            and (not self.outcome or event.outcome == self.outcome)
            and (not self.since or event.at >= self.since)
            and (not self.until or event.at < self.until)
            and (self.version is None or event.version == self.version)
            and (self.target is None or event.target == self.target)
        )


def event_filter(
    *, actor: str = "", command: str = "", outcome: str = "", since: str = "", until: str = ""
) -> EventFilter:
    """A filter of what somebody typed. Days are days of UTC. Raises Unacceptable naming the member at fault."""
    if outcome not in ("", *OUTCOMES):
        raise Unacceptable(f"{outcome!r} is no outcome; there are {', '.join(OUTCOMES)}", member=("outcome",))
    found = EventFilter(
        actor.strip(),
        " ".join(command.split()),
        outcome,
        _bound(since, "since", timedelta()),
        _bound(until, "until", timedelta(days=1)),
    )
    if found.since and found.until and found.since >= found.until:
        raise Unacceptable("it ends before it begins", member=("until",))
    return found


def _bound(text: str, member: str, whole_day: timedelta) -> str:
    """A day or a time as a time stamp. A day counts as a whole."""
    text = text.strip()
    if not text:
        return ""
    try:
        if len(text) == len("2030-01-02"):
            day = date.fromisoformat(text)
            return to_iso(datetime(day.year, day.month, day.day, tzinfo=UTC) + whole_day)
        return to_iso(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        message = f"{text!r} is no day and no time with its zone, such as 2030-01-02 or 2030-01-02T08:00:00Z"
        raise Unacceptable(message, member=(member,)) from None


def positions_within(storage: EnvironmentStorage, chain: str, trail: Trail, only: EventFilter) -> range:
    """Positions in which the events of a span of time stand, ascending. All others are outside of it."""
    first = _first_at(storage, chain, trail, _moved(only.since, -CLOCKS_DIFFER)) if only.since else 1
    last = _first_at(storage, chain, trail, _moved(only.until, CLOCKS_DIFFER)) if only.until else trail.length + 1
    return range(first, last)


def _first_at(storage: EnvironmentStorage, chain: str, trail: Trail, stamp: str) -> int:
    """The position of the first event with that time or a later one, as far as times ascend."""
    at_hand = {event.seq: event for event in trail.latest}
    low, high = 1, trail.length + 1
    while low < high:
        middle = (low + high) // 2
        there = (at_hand.get(seq) or read_event(storage, chain, seq) for seq in range(middle, high))
        event = next(filter(None, there), None)
        if event is None or event.at >= stamp:
            high = middle
        else:
            low = event.seq + 1
    return low


def _moved(stamp: str, by: timedelta) -> str:
    try:
        return to_iso(datetime.fromisoformat(stamp) + by)
    except OverflowError:
        return stamp
