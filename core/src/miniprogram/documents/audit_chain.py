"""Appending to the audit trail, and reading it.

The document that changes carries the new events, so they are safe as soon as the change is; afterwards they are
put under their own keys, created if absent. Whoever crashes in between leaves that to the next one who changes
something.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from miniprogram.delivery.documents.kinds import AUDIT_EVENT
from miniprogram.documents.audit_event import Event, Trail
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.errors import DocumentError, PreconditionFailed
from miniprogram.strict_json import parse_json, parse_model, to_pretty_json

FETCHED_AHEAD = 1_000
"""Events read before the first of them is judged: what they take stays in memory."""


def extended(trail: Trail, members: list[dict[str, Any]]) -> Trail:
    """`trail` with events made of `members` at its end; they replace `latest`."""
    seq, head, events = trail.length, trail.hash, []
    for each in members:
        seq += 1
        event = Event(**each, seq=seq, previous_hash=head).sealed()
        head = event.hash
        events.append(event)
    return Trail(length=seq, hash=head, latest=tuple(events))


def flush_events(storage: EnvironmentStorage, chain: str, trail: Trail) -> None:
    """Put the latest events under their keys, unless they are there. What is there is never overwritten."""
    for event in trail.latest:
        body = to_pretty_json(event.model_dump(mode="json", by_alias=True))
        key = storage.keys.audit_event_key(chain, event.seq)
        with suppress(PreconditionFailed):  # an earlier attempt got this far; `verify` judges what is there
            storage.store.put(key, body, **AUDIT_EVENT.headers(), if_absent=True)


def read_events(storage: EnvironmentStorage, chain: str, trail: Trail) -> Iterator[Event]:
    """All events, newest first, those not yet put under their keys too. Raises DocumentError for a broken one."""
    for _, event in read_positions(storage, chain, trail, range(trail.length, 0, -1)):
        if event is not None:
            yield event


def read_positions(
    storage: EnvironmentStorage, chain: str, trail: Trail, positions: range
) -> Iterator[tuple[int, Event | None]]:
    """The events at `positions`, in that order; None where there is none. Raises DocumentError."""
    at_hand = {event.seq: event for event in trail.latest}
    block = max(1, storage.store.parallel_writes)
    for start in range(0, len(positions), block):
        asked = positions[start : start + block]
        missing = [seq for seq in asked if seq not in at_hand]
        stored = dict(fetch_events(storage, chain, missing)) if missing else {}
        for seq in asked:
            event = at_hand.get(seq) or stored.get(seq)
            if isinstance(event, DocumentError):
                raise event
            yield seq, event


def read_event(storage: EnvironmentStorage, chain: str, seq: int) -> Event | None:
    """The event under its key; None when there is none that can be read."""
    try:
        return _stored(storage, chain, seq)
    except DocumentError:
        return None


def fetch_events(
    storage: EnvironmentStorage, chain: str, positions: Sequence[int]
) -> Iterator[tuple[int, Event | DocumentError | None]]:
    """Stored events by position, as many at once as the store takes: a long trail waits for it otherwise."""

    def fetch(seq: int) -> tuple[int, Event | DocumentError | None]:
        try:
            return seq, _stored(storage, chain, seq)
        except DocumentError as error:
            return seq, error

    if storage.store.parallel_writes <= 1:
        yield from map(fetch, positions)
        return
    with ThreadPoolExecutor(storage.store.parallel_writes) as pool:
        for start in range(0, len(positions), FETCHED_AHEAD):
            yield from pool.map(fetch, positions[start : start + FETCHED_AHEAD])


def _stored(storage: EnvironmentStorage, chain: str, seq: int) -> Event | None:
    key = storage.keys.audit_event_key(chain, seq)
    found = storage.store.get(key)
    return None if found is None else parse_model(Event, parse_json(found.body, name=key), name=key)
