"""Finding out whether anybody tampered with an audit trail, at once or in parts.

A part begins after an event that was verified before. Who keeps the position and the hash of the last event of a
part, outside the store, learns as well whether everything up to there was exchanged or cut off since.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Literal, NamedTuple

from miniprogram.delivery.documents.kinds import AUDIT_EVENT
from miniprogram.documents.audit_chain import fetch_events
from miniprogram.documents.audit_event import START, Event, Trail
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.errors import DocumentError
from miniprogram.models import FrozenModel
from miniprogram.progress import counted


class Finding(FrozenModel):
    """Something wrong with a trail. `position` counts events from 1."""

    position: int
    problem: Literal["changed", "missing", "reordered", "surplus", "unreadable"]
    message: str


class Checkpoint(NamedTuple):
    """An event up to which a trail was verified; `hash` is what it had then, None when nobody kept it."""

    position: int = 0
    hash: str | None = None


BEGINNING = Checkpoint()


class VerifiedPart(NamedTuple):
    """What is wrong with a part of a trail, by ascending position, and the checkpoint to go on from."""

    findings: list[Finding]
    checkpoint: Checkpoint
    is_last: bool


def verify(
    storage: EnvironmentStorage,
    chain: str,
    trail: Trail,
    *,
    start: Checkpoint = BEGINNING,
    goes_on: Callable[[int], bool] = lambda _verified: True,
) -> VerifiedPart:
    """Walk the chain that `trail` ends, after `start` and while `goes_on`, which is told how many were verified.

    The last part also says what lies beside the trail, and whether its end is the one the document remembers.
    """
    findings, previous = _resumed(storage, chain, trail, start)
    absent = partial(_missing, storage, chain, {event.seq for event in trail.latest})
    last = Checkpoint(min(start.position, trail.length), previous if start.position and previous else None)
    fetched = fetch_events(storage, chain, range(last.position + 1, trail.length + 1))
    for seq, event in counted(fetched, "reading events", trail.length - last.position):
        finding, found_hash = _looked_at(seq, event, previous, absent)
        findings += [finding] if finding else []
        previous = found_hash
        last = Checkpoint(seq, found_hash or None)
        if seq < trail.length and not goes_on(seq - start.position):
            return VerifiedPart(findings, last, is_last=False)
    if previous not in ("", trail.hash) and start.position <= trail.length:
        message = f"event {trail.length} is not the one the document remembers"
        findings.append(Finding(position=trail.length, problem="changed", message=message))
    findings = sorted([*findings, *_surplus(storage, chain, trail)], key=lambda each: each.position)
    return VerifiedPart(findings, last, is_last=True)


def _resumed(
    storage: EnvironmentStorage, chain: str, trail: Trail, start: Checkpoint
) -> tuple[list[Finding], str]:
    """What is wrong with the event at the checkpoint, and the hash that the next one must remember."""
    if start.position == 0:
        return [], START
    if start.position > trail.length:
        message = f"the trail ends with event {trail.length}; event {start.position} was verified before"
        return [Finding(position=trail.length + 1, problem="missing", message=message)], ""
    absent = partial(_missing, storage, chain, {event.seq for event in trail.latest})
    [(seq, event)] = fetch_events(storage, chain, [start.position])
    finding, found_hash = _looked_at(seq, event, "", absent)
    if finding is None and start.hash is not None and found_hash != start.hash:
        message = f"event {seq} had another hash when it was verified"
        finding = Finding(position=seq, problem="changed", message=message)
    return [finding] if finding else [], found_hash


def _looked_at(
    seq: int, event: Event | DocumentError | None, previous: str, absent: Callable[[int], Finding]
) -> tuple[Finding | None, str]:
    """What is wrong with an event, and the hash the next one must remember; blank where this one does not say."""
    if isinstance(event, DocumentError):
        return Finding(position=seq, problem="unreadable", message=str(event)), ""
    finding = absent(seq) if event is None else _judge(event, seq, previous)
    return finding, _expected_next(event, seq)


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


def _missing(storage: EnvironmentStorage, chain: str, at_hand: set[int], seq: int) -> Finding:
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
