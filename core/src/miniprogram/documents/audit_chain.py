"""Appending to the audit trail, and finding out whether anybody tampered with it.

The document that changes carries the new events, so they are safe as soon as the change is; afterwards they are
put under their own keys, created if absent. Whoever crashes in between leaves that to the next one who changes
something.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Literal

from miniprogram.delivery.documents.kinds import AUDIT_EVENT
from miniprogram.documents.audit_event import START, Event, Trail
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.errors import DocumentError, PreconditionFailed
from miniprogram.models import FrozenModel
from miniprogram.progress import counted
from miniprogram.strict_json import parse_json, parse_model, to_pretty_json

FETCHED_AHEAD = 1_000
"""Events read before the first of them is judged: what they take stays in memory."""


class Finding(FrozenModel):
    """Something wrong with a trail. `position` counts events from 1."""

    position: int
    problem: Literal["changed", "missing", "reordered", "surplus", "unreadable"]
    message: str


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
    at_hand = {event.seq: event for event in trail.latest}
    for seq in range(trail.length, 0, -1):
        event = at_hand.get(seq) or _stored(storage, chain, seq)
        if event is not None:
            yield event


def read_event(storage: EnvironmentStorage, chain: str, seq: int) -> Event | None:
    """The event under its key; None when there is none that can be read."""
    try:
        return _stored(storage, chain, seq)
    except DocumentError:
        return None


def verify(storage: EnvironmentStorage, chain: str, trail: Trail) -> list[Finding]:
    """What is wrong with the chain that `trail` ends, by ascending position; empty when nothing is."""
    findings: list[Finding] = []
    previous = START
    at_hand = {event.seq: event for event in trail.latest}
    fetched = _fetched(storage, chain, range(1, trail.length + 1))
    for seq, event in counted(fetched, "reading events", trail.length):
        if isinstance(event, DocumentError):
            findings.append(Finding(position=seq, problem="unreadable", message=str(event)))
            previous = ""
            continue
        finding = _missing(storage, chain, seq, at_hand) if event is None else _judge(event, seq, previous)
        findings += [finding] if finding else []
        previous = _expected_next(event, seq)
    if previous not in ("", trail.hash):
        message = f"event {trail.length} is not the one the document remembers"
        findings.append(Finding(position=trail.length, problem="changed", message=message))
    return sorted([*findings, *_surplus(storage, chain, trail)], key=lambda each: each.position)


def _expected_next(event: Event | None, seq: int) -> str:
    """The hash the next event must remember; blank where this one says nothing about it."""
    return event.hash if event is not None and event.seq == seq and event.computed_hash() == event.hash else ""


def _judge(event: Event, seq: int, previous: str) -> Finding | None:
    if event.seq != seq:
        message = f"in the place of event {seq} stands event {event.seq}"
        return Finding(position=seq, problem="reordered", message=message)
    if event.computed_hash() != event.hash:
        return Finding(position=seq, problem="changed", message=f"event {seq} does not have its own hash")
    if previous and event.previous_hash != previous:
        message = f"event {seq - 1} was changed: event {seq} remembers another hash"
        return Finding(position=max(1, seq - 1), problem="changed", message=message)
    return None


def _missing(storage: EnvironmentStorage, chain: str, seq: int, at_hand: dict[int, Event]) -> Finding:
    message = f"there is no {storage.keys.audit_event_key(chain, seq)}"
    if seq in at_hand:
        message += "; the document still has the event, and the next change puts it back"
    return Finding(position=seq, problem="missing", message=message)


def _surplus(storage: EnvironmentStorage, chain: str, trail: Trail) -> Iterator[Finding]:
    folder = storage.keys.folder(AUDIT_EVENT, chain)
    known = {storage.keys.audit_event_key(chain, seq) for seq in range(1, trail.length + 1)}
    for name in storage.store.list_names(folder):
        if folder + name not in known:
            message = f"{folder}{name} is not part of the trail"
            yield Finding(position=trail.length + 1, problem="surplus", message=message)


def _fetched(
    storage: EnvironmentStorage, chain: str, positions: range
) -> Iterator[tuple[int, Event | DocumentError | None]]:
    """Events by position, as many at once as the store takes: a long trail waits for a network otherwise."""

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
