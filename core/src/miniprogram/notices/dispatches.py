"""Notices on their way to one subscriber: the queue and its log, one document changed by conditional writes.

A notice is sent by whoever claimed it with a write that nobody came before. A claim ends by itself, so that what a
killed process had claimed is sent by another: at least once, with the same id. Their order is not promised.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Literal

from pydantic import Field

from miniprogram.clock import to_iso
from miniprogram.delivery.documents.kinds import NOTICE_DISPATCHES
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.json_documents import change_model
from miniprogram.documents.stored_models import parse_stored, parse_whole
from miniprogram.identity.subscription import NoticeType, Subscription
from miniprogram.models import FrozenModel
from miniprogram.notices.journal import Journal

MAX_WAITING, MAX_FINISHED = 200, 50
"""What is kept of each subscriber. With more waiting, further notices stay in the journal."""
CLAIMED_FOR = timedelta(minutes=2)
"""How long a claim holds: longer than any try takes."""


class Dispatch(FrozenModel):
    """A notice for one subscriber, and what became of it. `body` is what is sent, to the letter."""

    id: str
    type: NoticeType
    mini_program_id: str | None = None
    at: str
    body: str = Field(repr=False)
    state: Literal["waiting", "sent", "given_up"] = "waiting"
    attempts: int = 0
    next_at: str
    """Not before then it is tried next."""
    claim: str | None = None
    claimed_until: str | None = None
    last_at: str | None = None
    last_status: int | None = None
    last_problem: str | None = None
    last_ms: int | None = None


class Dispatches(FrozenModel):
    """`taken` is the number of the last notice that was looked at; `missed` were gone from the journal by then."""

    schema_version: Literal[1] = 1
    taken: int = 0
    missed: int = 0
    failing_since: str | None = None
    """Since when every try has failed."""
    dispatches: tuple[Dispatch, ...] = ()
    """The oldest first."""

    @property
    def waiting(self) -> int:
        return sum(each.state == "waiting" for each in self.dispatches)

    def find(self, message: str) -> Dispatch | None:
        return next((each for each in self.dispatches if each.id == message), None)

    def with_dispatch(self, dispatch: Dispatch) -> Dispatches:
        """This document with `dispatch` at the end, or instead of the one with its id."""
        if self.find(dispatch.id) is None:
            merged = (*self.dispatches, dispatch)
        else:
            merged = tuple(dispatch if each.id == dispatch.id else each for each in self.dispatches)
        return self.model_copy(update={"dispatches": merged})


def read_dispatches(storage: EnvironmentStorage, subscription_id: str) -> Dispatches:
    """Blank when there is nothing yet. Raises DocumentError for what nobody can read."""
    key = storage.keys.key(NOTICE_DISPATCHES, subscription_id)
    found = storage.store.get(key)
    return Dispatches() if found is None else parse_stored(Dispatches, found.body, name=key)[0]


def change_dispatches(
    storage: EnvironmentStorage, subscription_id: str, change: Callable[[Dispatches], Dispatches]
) -> Dispatches:
    """Write what `change` makes of them, unless it is the same; returns that. `change` may run often."""
    key = storage.keys.key(NOTICE_DISPATCHES, subscription_id)
    return change_model(
        storage.store,
        NOTICE_DISPATCHES,
        key,
        lambda found: _bounded(change(found)),
        blank=Dispatches(),
        parse=partial(parse_whole, Dispatches, name=key),
    )


def take_notices(
    storage: EnvironmentStorage, subscription: Subscription, journal: Journal, known: Dispatches, now: datetime
) -> Dispatches:
    """Queue what is new in the journal and wanted; in the same write it counts as taken."""
    last = journal.next_number - 1
    if known.taken >= last:
        return known
    stamp = to_iso(now)

    def change(found: Dispatches) -> Dispatches:
        first = journal.notices[0].number if journal.notices else journal.next_number
        gone = max(0, first - 1 - found.taken) if found.taken else 0
        found = found.model_copy(update={"missed": found.missed + gone, "taken": max(found.taken, first - 1)})
        for notice in journal.notices:
            if notice.number <= found.taken:
                continue
            if found.waiting >= MAX_WAITING:
                break
            found = found.model_copy(update={"taken": notice.number})
            if notice.at >= subscription.since and subscription.wants(notice.type, notice.mini_program_id):
                found = found.with_dispatch(
                    Dispatch(
                        id=notice.id,
                        type=notice.type,
                        mini_program_id=notice.mini_program_id,
                        at=notice.at,
                        body=notice.body(storage.environment),
                        next_at=stamp,
                    )
                )
        return found

    return change_dispatches(storage, subscription.id, change)


def claim_next(
    storage: EnvironmentStorage, subscription_id: str, known: Dispatches, now: datetime, claim: str
) -> Dispatch | None:
    """The next notice to be sent, claimed in the name of `claim`; None when none is, or others were faster."""
    stamp = to_iso(now)
    if not any(_is_due(each, stamp) for each in known.dispatches):
        return None
    mine: list[Dispatch] = []

    def change(found: Dispatches) -> Dispatches:
        mine.clear()
        due = next((each for each in found.dispatches if _is_due(each, stamp)), None)
        if due is None:
            return found
        mine.append(due.model_copy(update={"claim": claim, "claimed_until": to_iso(now + CLAIMED_FOR)}))
        return found.with_dispatch(mine[0])

    change_dispatches(storage, subscription_id, change)
    return mine[0] if mine else None


def _is_due(dispatch: Dispatch, stamp: str) -> bool:
    is_free = dispatch.claimed_until is None or dispatch.claimed_until <= stamp
    return dispatch.state == "waiting" and dispatch.next_at <= stamp and is_free


def _bounded(found: Dispatches) -> Dispatches:
    surplus = sum(each.state != "waiting" for each in found.dispatches) - MAX_FINISHED
    remaining = []
    for each in found.dispatches:
        if each.state != "waiting" and surplus > 0:
            surplus -= 1
            continue
        remaining.append(each)
    return found.model_copy(update={"dispatches": tuple(remaining)})
