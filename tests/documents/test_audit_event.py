"""Events as they are stored and hashed: a format that must not drift, or old trails would look forged."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from miniprogram.documents.audit_chain import extended
from miniprogram.documents.audit_event import START, Event, Trail

MEMBERS: dict[str, Any] = {
    "seq": 1,
    "at": "2030-01-02T03:04:05.000Z",
    "actor": "ann",
    "via": "cli",
    "command": "release create",
    "subject": "r-1",
    "revision": 1,
    "previous_hash": START,
}
PLAIN = "c0abbd1b70a647f9117a63fef26494449a33f2cac0247ecf5e9b5528d07fedcc"
WITH_TOKEN = "47bc1d97300a232a3b9695f81fd93c3364960d07371f215ae25f2d3ed5130ff2"


def test_the_start_of_a_chain_is_64_zeros() -> None:
    assert (START, len(START), set(START)) == (Trail().hash, 64, {"0"})


def test_an_event_without_a_token_has_the_hash_it_had_before_events_told_of_tokens() -> None:
    event = Event(**MEMBERS).sealed()

    stored = event.model_dump(mode="json", by_alias=True)

    assert event.hash == PLAIN
    assert not {"token", "tokenCreatedBy"} & stored.keys()
    assert Event.model_validate(stored).computed_hash() == event.hash


def test_an_event_with_a_token_says_so_and_hashes_it() -> None:
    event = Event(**MEMBERS, token="ab12", token_created_by="root").sealed()

    stored = event.model_dump(mode="json", by_alias=True)

    assert event.hash == WITH_TOKEN
    assert (stored["token"], stored["tokenCreatedBy"]) == ("ab12", "root")
    other = event.model_copy(update={"token_created_by": "eve"})
    assert other.computed_hash() != event.hash


def test_what_a_newer_version_says_in_an_event_is_kept_and_hashed() -> None:
    event = Event.model_validate({**MEMBERS, "weather": "fine"}).sealed()

    stored = event.model_dump(mode="json", by_alias=True)

    assert stored["weather"] == "fine"
    assert event.hash not in (PLAIN, WITH_TOKEN)
    assert Event.model_validate({**stored, "weather": "rain"}).computed_hash() != event.hash


def test_each_event_remembers_the_one_before() -> None:
    events = [{**MEMBERS, "command": name} for name in ("one", "two")]
    for each in events:
        del each["seq"], each["previous_hash"]

    trail = extended(Trail(), events)

    first, second = trail.latest
    assert (first.seq, first.previous_hash, second.seq, second.previous_hash) == (1, START, 2, first.hash)
    assert (trail.length, trail.hash) == (2, second.hash)


def test_a_detail_is_hashed_as_it_is_stored() -> None:
    """Whoever verifies has only what was stored: a time in memory, a text in the document."""
    event = Event(**MEMBERS, details={"due": datetime(2030, 1, 2, tzinfo=UTC)}).sealed()

    stored = event.model_dump(mode="json", by_alias=True)

    assert stored["details"] == {"due": "2030-01-02T00:00:00Z"}
    assert Event.model_validate(stored).computed_hash() == event.hash


def test_the_schema_of_events_holds_what_an_event_without_a_token_leaves_out() -> None:
    """Whoever reads `audit --json` by its schema must take events with and without a token."""
    schema = Event.model_json_schema(mode="serialization", by_alias=True)

    without = Event(**MEMBERS).sealed().model_dump(mode="json", by_alias=True)
    with_token = Event(**MEMBERS, token="ab12", token_created_by="root").sealed().model_dump(by_alias=True)
    assert set(schema["required"]) == without.keys()
    assert set(schema["properties"]) == with_token.keys()
