"""Finding events by whom, what and when: exactly those, and of a span of time few others are read."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from miniprogram.documents.audit_chain import extended, flush_events, read_positions
from miniprogram.documents.audit_event import Event, Trail
from miniprogram.documents.audit_export import COLUMNS, export_events
from miniprogram.documents.audit_search import EventFilter, event_filter, positions_within
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.refusals import Unacceptable
from miniprogram.testing import FaultyStore

CHAIN = "shop"
MANY = 1_000


def stamp(minutes: int) -> str:
    return f"2030-01-{minutes // 1440 + 1:02}T{minutes % 1440 // 60:02}:{minutes % 60:02}:00.000Z"


def event(number: int, **members: Any) -> dict[str, Any]:
    said = {
        "at": stamp(number * 10),
        "actor": "Anna" if number % 3 else "bob@example.com",
        "via": "cli",
        "command": "release halt" if number % 5 == 0 else "switch set",
        "revision": number,
    }
    return {**said, **members}


@pytest.fixture(scope="module")
def long() -> tuple[EnvironmentStorage, Trail, list[Event]]:
    storage, trail = EnvironmentStorage(FaultyStore()), Trail()
    events: list[Event] = []
    for number in range(MANY):
        # some machine's clock is half an hour behind
        late = {"at": stamp(number * 10 - 30)} if number % 7 == 6 else {}
        trail = extended(trail, [event(number, **late)])
        events += trail.latest
        flush_events(storage, CHAIN, trail)
    return storage, trail, events


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"actor": "ANN"},
        {"actor": "example", "command": "release"},
        {"command": "release halt"},
        {"command": "release ha"},
        {"outcome": "denied"},
        {"since": "2030-01-03"},
        {"until": "2030-01-03"},
        {"since": "2030-01-02", "until": "2030-01-02"},
        {"since": "2030-01-02T08:00:00Z", "until": "2030-01-02T10:00:00+01:00"},
        {"since": "2030-01-02T08:00:00+02:00", "actor": "bob"},
        {"since": "2099-01-01"},
        {"until": "1999-01-01"},
    ],
)
def test_what_is_found_is_what_comparing_each_event_finds(long: Any, asked: dict[str, str]) -> None:
    storage, trail, events = long
    only = event_filter(**asked)

    within = positions_within(storage, CHAIN, trail, only)
    found = [each for _, each in read_positions(storage, CHAIN, trail, within) if each and only.takes(each)]

    assert found == [each for each in events if only.takes(each)]


def test_a_span_of_time_is_found_with_a_few_reads(long: Any) -> None:
    storage, trail, _ = long
    storage.store.reads.clear()

    within = positions_within(storage, CHAIN, trail, event_filter(since="2030-01-03", until="2030-01-03"))

    assert len(storage.store.reads) <= 2 * 11
    assert 144 <= len(within) <= 144 + 14


def test_a_span_of_time_is_found_where_events_are_missing(long: Any) -> None:
    _, trail, events = long
    holes = EnvironmentStorage(FaultyStore())
    for each in events[::3]:
        flush_events(holes, CHAIN, Trail(latest=(each,)))
    only = event_filter(since="2030-01-04")

    within = positions_within(holes, CHAIN, trail, only)

    assert len(within) < MANY - 2 * 144
    assert all(each.seq in within for each in events[::3] if only.takes(each))


@pytest.mark.parametrize(
    ("asked", "member"),
    [
        ({"since": "yesterday"}, "since"),
        ({"since": "2030-13-01"}, "since"),
        ({"until": "2030-01-01T00:00:00"}, "until"),
        ({"since": "2030-01-03", "until": "2030-01-01"}, "until"),
        ({"outcome": "maybe"}, "outcome"),
        ({"until": "9999-12-31"}, "until"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_its_name(asked: dict[str, str], member: str) -> None:
    with pytest.raises(Unacceptable) as refused:
        event_filter(**asked)
    assert refused.value.member == (member,)


EVIL = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", '=HYPERLINK("http://x","y")')


@pytest.mark.parametrize("text", EVIL)
def test_no_spreadsheet_runs_what_somebody_wrote(text: str) -> None:
    said = {"actor": text, "reason": text, "subject": text, "target": text, "version": text, "command": text}
    (made,) = extended(Trail(), [event(1, **said)]).latest

    rows = list(csv.reader(io.StringIO(b"".join(export_events([made], "csv")).decode(), newline="")))

    assert rows[0] == list(COLUMNS)
    shown = dict(zip(COLUMNS, rows[1], strict=True))
    assert {shown[name] for name in said} == {f"'{text}"}
    assert not [cell for cell in rows[1] if cell[:1] in ("=", "+", "-", "@", "\t", "\r", "＝")]


def test_json_lines_hold_every_member_as_it_is(long: Any) -> None:
    _, _, events = long
    made = extended(Trail(), [event(1, reason='=1 "quoted"\nü', details={"share": [1, None]})]).latest
    pieces = list(export_events([*events, *made], "jsonl"))

    lines = [json.loads(line) for line in b"".join(pieces).decode().splitlines()]

    assert len(pieces) == 3
    assert [Event.model_validate(each) for each in lines] == [*events, *made]
    assert all(each.computed_hash() == each.hash for each in map(Event.model_validate, lines))


def test_a_blank_filter_takes_everything() -> None:
    assert event_filter() == EventFilter()
    assert EventFilter().is_blank
