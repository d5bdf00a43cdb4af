"""The denials of an environment: a capped chain of its own, so that no denial touches what people write.

A denial is an event with a hash, as in the audit trail. Who is denied the same command again is counted, at most
once a minute, and the oldest denials go when there are too many: however often somebody tries, the document stays
small, and no revision that guards a write moves.

    {"schemaVersion": 1, "length": 1, "hash": "…",
     "denials": [{"event": {"seq": 1, "command": "release approve", "actor": "eve", …},
                  "count": 3, "lastAt": "…", "lastAbout": ["shop", "wallet:production", "1.0.0"]}]}
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any, Literal

from miniprogram.clock import to_iso
from miniprogram.delivery.documents.kinds import DENIALS
from miniprogram.documents.audit_chain import extended
from miniprogram.documents.audit_event import START, Event, Trail
from miniprogram.documents.audit_search import EventFilter
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.json_documents import change_model
from miniprogram.errors import MiniProgramError
from miniprogram.logs import get_log
from miniprogram.models import FrozenModel
from miniprogram.stores.backoff import Backoff
from miniprogram.strict_json import parse_json, parse_model

MAX_DENIALS = 500
NOTED_EVERY = timedelta(minutes=1)
"""Denied again within this time, somebody is not even counted."""
COUNTED_FOR = timedelta(days=1)
"""Denied again after this time, somebody gets a new event."""
ATTEMPTS, PATIENCE_S = 5, 1.0
"""A denial that cannot be noted by then is left out: whoever is denied must not keep anybody waiting."""

log = get_log(__name__)


class Denial(FrozenModel):
    """Somebody who was denied a command, and how often since. `last_about`: program, target and version."""

    event: Event
    count: int = 1
    last_at: str
    last_about: tuple[str, str, str]


class Denials(FrozenModel):
    """The document. `length` counts all denials there ever were, `hash` is that of the last one."""

    schema_version: Literal[1] = 1
    length: int = 0
    hash: str = START
    denials: tuple[Denial, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether every denial has its own hash and remembers the one before."""
        previous = self.denials[0].event.previous_hash if self.denials else self.hash
        for each in self.denials:
            if each.event.previous_hash != previous or each.event.computed_hash() != each.event.hash:
                return False
            previous = each.event.hash
        return previous == self.hash


class DenialList(FrozenModel):
    """The document of `audit denials --json`: the newest first. `sound`: nobody changed one that is kept."""

    schema_version: int = 1
    command: str = "audit denials"
    environment_name: str
    total: int
    sound: bool
    denials: tuple[Denial, ...]


def note_denial(storage: EnvironmentStorage, event: dict[str, Any], *, now: datetime) -> None:
    """Put a denial on record: members of an Event. What stands against that is logged, never raised."""
    try:
        _note(storage, event, now)
    except MiniProgramError as error:
        log.warning("denial_not_recorded", command=event["command"], actor=event["actor"], error=str(error))


def read_denials(storage: EnvironmentStorage) -> Denials:
    """The document, blank when nobody was denied anything yet. Raises DocumentError for a broken one."""
    found = storage.store.get(storage.keys.key(DENIALS))
    return Denials() if found is None else _parse(storage, found.body)


def list_denials(
    storage: EnvironmentStorage,
    *,
    limit: int = MAX_DENIALS,
    only: EventFilter | None = None,
    program_id: str | None = None,
) -> DenialList:
    """Who was denied what: `only` such denials, by their last time, or those last about a mini-program."""
    found = read_denials(storage)
    wanted = [
        each
        for each in reversed(found.denials)
        if (only is None or only.takes(each.event.model_copy(update={"at": each.last_at})))
        and (program_id is None or each.last_about[0] == program_id)
    ]
    return DenialList(
        environment_name=storage.environment,
        total=found.length,
        sound=found.is_sound,
        denials=tuple(wanted[:limit]),
    )


def _note(storage: EnvironmentStorage, event: dict[str, Any], now: datetime) -> None:
    key = storage.keys.key(DENIALS)
    change_model(
        storage.store,
        DENIALS,
        key,
        lambda found: _with(found, event, now),
        blank=Denials(),
        parse=partial(_parse, storage),
        backoff=Backoff(key, attempts=ATTEMPTS, patience_s=PATIENCE_S),
    )


def _with(found: Denials, event: dict[str, Any], now: datetime) -> Denials:
    """The document with one more denial; itself when the same was noted a moment ago."""
    about = (event.get("subject") or "", event.get("target") or "", event.get("version") or "")
    same = next((each for each in reversed(found.denials) if _is_same(each.event, event)), None)
    if same is not None and now - datetime.fromisoformat(same.event.at) < COUNTED_FOR:
        if now - datetime.fromisoformat(same.last_at) < NOTED_EVERY:
            return found
        again = {"count": same.count + 1, "last_at": to_iso(now), "last_about": about}
        counted = same.model_copy(update=again)
        return found.model_copy(
            update={"denials": tuple(counted if each is same else each for each in found.denials)}
        )
    trail = extended(Trail(length=found.length, hash=found.hash), [{**event, "revision": 0, "at": to_iso(now)}])
    denial = Denial(event=trail.latest[0], last_at=to_iso(now), last_about=about)
    newest = (*found.denials, denial)[-MAX_DENIALS:]
    return found.model_copy(update={"length": trail.length, "hash": trail.hash, "denials": newest})


def _is_same(noted: Event, event: dict[str, Any]) -> bool:
    names = ("actor", "via", "token", "command", "details")
    return all(getattr(noted, name) == event.get(name) for name in names)


def _parse(storage: EnvironmentStorage, body: bytes) -> Denials:
    key = storage.keys.key(DENIALS)
    return parse_model(Denials, parse_json(body, name=key), name=key)
