"""Who signed in, and who failed or was refused: a list of bounded length, in which repeats are counted.

{"schemaVersion": 1, "length": 7,
 "entries": [{"seq": 7, "at": "…", "member": "ann", "way": "token", "outcome": "signed in", "came": "192.0.2.*",
              "browser": "Firefox on Linux", "reason": null, "count": 1, "lastAt": "…"}]}
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Literal

from pydantic import Field

from miniprogram.clock import to_iso
from miniprogram.delivery.documents.kinds import ACCESS_LOG
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.json_documents import change_model
from miniprogram.errors import MiniProgramError
from miniprogram.identity.command_context import CommandContext, require_role
from miniprogram.identity.roles import ADMIN
from miniprogram.logs import get_log
from miniprogram.models import FrozenModel
from miniprogram.person_text import printable
from miniprogram.stores.backoff import Backoff
from miniprogram.strict_json import parse_json, parse_model

MAX_ENTRIES = 1_000
COUNTED_FOR = timedelta(hours=1)
"""The same thing within this time is counted, after it a new entry."""
NOTED_EVERY = timedelta(minutes=1)
"""Again within this time, it is not even counted."""
MAX_TEXT = 200
ATTEMPTS, PATIENCE_S = 5, 1.0
"""An entry that cannot be noted by then is left out: whoever signs in must not wait for it."""

log = get_log(__name__)

Outcome = Literal["signed in", "signed out", "failed", "refused", "ended"]


class Access(FrozenModel):
    """What happened. `member` None: nobody knows who it was."""

    member: str | None
    way: str
    """`token`, `account` or `set-up link`."""
    outcome: Outcome
    came: str = ""
    """From where, as the beginning of an address."""
    browser: str = ""
    reason: str | None = None


class AccessEntry(Access):
    """An entry: when first, how often since, and when last."""

    seq: int
    at: str
    count: int = 1
    last_at: str


class AccessLog(FrozenModel):
    """The document, the oldest entry first. `length` counts all there ever were."""

    schema_version: Literal[1] = 1
    length: int = 0
    entries: tuple[AccessEntry, ...] = Field(default=(), max_length=MAX_ENTRIES)


class AccessList(FrozenModel):
    """The document of `audit access --json`, the newest first. `next_before`: how to ask for what is older."""

    schema_version: int = 1
    command: str = "audit access"
    environment_name: str
    total: int
    entries: tuple[AccessEntry, ...]
    next_before: int | None = None


def note_access(storage: EnvironmentStorage, access: Access, *, now: datetime) -> None:
    """Put it on record. What stands against that is logged, never raised."""
    try:
        _note(storage, access, now)
    except MiniProgramError as error:
        log.warning("access_not_recorded", outcome=access.outcome, member=access.member, error=str(error))


def list_access(context: CommandContext, *, limit: int = 50, before: int | None = None) -> AccessList:
    """Entries before the one with that number. Raises Denied for who is no administrator."""
    require_role(context, ADMIN, "audit access")
    found = _read(context.storage)
    older = [each for each in reversed(found.entries) if before is None or each.seq < before]
    shown = tuple(older[:limit])
    return AccessList(
        environment_name=context.storage.environment,
        total=found.length,
        entries=shown,
        next_before=shown[-1].seq if len(older) > limit else None,
    )


def _read(storage: EnvironmentStorage) -> AccessLog:
    found = storage.store.get(storage.keys.key(ACCESS_LOG))
    return AccessLog() if found is None else _parse(storage, found.body)


def _note(storage: EnvironmentStorage, access: Access, now: datetime) -> None:
    key = storage.keys.key(ACCESS_LOG)
    texts = {name: printable(value)[:MAX_TEXT] for name, value in access if isinstance(value, str)}
    clean = access.model_copy(update=texts)
    change_model(
        storage.store,
        ACCESS_LOG,
        key,
        lambda found: _with(found, clean, now),
        blank=AccessLog(),
        parse=partial(_parse, storage),
        backoff=Backoff(key, attempts=ATTEMPTS, patience_s=PATIENCE_S),
    )


def _with(found: AccessLog, access: Access, now: datetime) -> AccessLog:
    """The log with one more entry; itself when the same was noted a moment ago."""
    same = next((each for each in reversed(found.entries) if _is_same(each, access)), None)
    if same is not None and now - datetime.fromisoformat(same.at) < COUNTED_FOR:
        if now - datetime.fromisoformat(same.last_at) < NOTED_EVERY:
            return found
        again = same.model_copy(update={"count": same.count + 1, "last_at": to_iso(now)})
        return found.model_copy(
            update={"entries": tuple(again if each is same else each for each in found.entries)}
        )
    stamp = to_iso(now)
    entry = AccessEntry(**access.model_dump(), seq=found.length + 1, at=stamp, last_at=stamp)
    return found.model_copy(update={"length": entry.seq, "entries": (*found.entries, entry)[-MAX_ENTRIES:]})


def _is_same(entry: AccessEntry, access: Access) -> bool:
    return all(getattr(entry, name) == getattr(access, name) for name in Access.model_fields)


def _parse(storage: EnvironmentStorage, body: bytes) -> AccessLog:
    key = storage.keys.key(ACCESS_LOG)
    return parse_model(AccessLog, parse_json(body, name=key), name=key)
