"""Finding what there is to tell: in the audit trails, which hold whatever any door did, and by the clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from miniprogram.clock import to_iso
from miniprogram.documents.audit_chain import read_positions
from miniprogram.documents.environment_storage import EnvironmentStorage
from miniprogram.documents.index.index_document import read_index, read_rows
from miniprogram.documents.index.indexing import program_ids
from miniprogram.errors import DocumentError
from miniprogram.identity.environment_document import EnvironmentDocument, Token
from miniprogram.logs import get_log
from miniprogram.notices.journal import Journal, Mark, WindowEnd, change_journal, read_journal
from miniprogram.notices.notice import Notice, message_id, notice_of
from miniprogram.releases.model.document import ReleaseDocument
from miniprogram.releases.model.states import RELEASED
from miniprogram.releases.storage.release_documents import releases_of

TOKEN_ENDS_SOON = timedelta(days=7)
"""So long before its end a token is told of, or in the last quarter of a shorter life."""

log = get_log(__name__)
Documents = Mapping[str, ReleaseDocument | None]


def collect(
    storage: EnvironmentStorage, environment: EnvironmentDocument, now: datetime, *, taken: int
) -> Journal:
    """Put what is new into the journal, and return it. Nothing is told of the time before the first subscription.

    `taken` is the number of the last notice that every subscriber has. A mini-program that cannot be read is left
    for the next time. Raises StoreError, DocumentError.
    """
    stamp = to_iso(now)
    known = read_journal(storage) or Journal()
    since = min((each.since for each in environment.subscriptions if each.is_on), default=stamp)
    documents = _read(storage, _to_look_at(storage, known, stamp))
    ending = _ending_tokens(environment, now)
    if not documents and not ending.keys() - known.tokens.keys() and (known.next_number > 1 or known.marks):
        return known

    def change(journal: Journal) -> Journal:
        look = _Look(storage, since, stamp)
        for program_id, document in documents.items():
            journal = look.at_program(journal, program_id, document)
        found = look.found + [_of_token(ending[each], stamp) for each in ending if each not in journal.tokens]
        live = {each: ends for each, ends in journal.tokens.items() if ends > stamp}
        journal = journal.model_copy(
            update={"tokens": live | {each: token.expires_at for each, token in ending.items()}}
        )
        return journal.without_taken(taken).with_notices(found)

    return change_journal(storage, change)


def _to_look_at(storage: EnvironmentStorage, journal: Journal, stamp: str) -> list[str]:
    """Ids of the mini-programs that changed since, may be changing, or have a window that ended."""
    index = read_index(storage)
    ended = {each.mini_program_id for each in journal.windows if not each.is_told and each.ends_at <= stamp}
    if index is None:
        return sorted({*program_ids(storage), *ended})
    revisions = {row.id: row.listing.get("revision") for row in read_rows(storage, index)}
    changed = {name for name, revision in revisions.items() if revision != _revision(journal, name)}
    return sorted(changed | ended | set(index.pending))


def _revision(journal: Journal, program_id: str) -> int | None:
    mark = journal.marks.get(program_id)
    return None if mark is None else mark.revision


def _read(storage: EnvironmentStorage, ids: list[str]) -> Documents:
    """Their release documents, as many at once as the store takes; without those that nobody can read."""

    def read(program_id: str) -> tuple[str, ReleaseDocument | None] | None:
        try:
            return program_id, releases_of(storage, program_id).read()
        except DocumentError as error:
            log.warning("notices_not_found", program_id=program_id, error=str(error))
            return None

    with ThreadPoolExecutor(max(1, storage.store.parallel_writes)) as pool:
        return dict(filter(None, pool.map(read, ids)))


@dataclass(frozen=True, slots=True)
class _Look:
    """A look made at the time stamp `stamp` at what happened from `since` on. `found` is what there is to tell."""

    storage: EnvironmentStorage
    since: str
    stamp: str
    found: list[Notice] = field(default_factory=list)

    def at_program(self, journal: Journal, program_id: str, document: ReleaseDocument | None) -> Journal:
        """`journal` after a look at one mini-program."""
        others = tuple(each for each in journal.windows if each.mini_program_id != program_id)
        if document is None:
            return journal.model_copy(update={"windows": others})
        mark = journal.marks.get(program_id)
        if mark is not None and mark.revision > document.revision and mark.length >= document.trail.length:
            return journal  # somebody else saw a later one
        self.found.extend(_told_by_trail(self.storage, program_id, document, mark, self.since))
        windows = tuple(map(partial(self._looked_at, journal), _windows_of(program_id, document, self.since)))
        marks = {**journal.marks, program_id: Mark(revision=document.revision, length=document.trail.length)}
        return journal.model_copy(update={"marks": marks, "windows": (*others, *windows)})

    def _looked_at(self, journal: Journal, window: WindowEnd) -> WindowEnd:
        told = {each.key for each in journal.windows if each.is_told}
        if window.is_told or window.key in told or window.ends_at > self.stamp:
            return window.model_copy(update={"is_told": window.is_told or window.key in told})
        self.found.append(_of_window(window))
        return window.model_copy(update={"is_told": True})


def _told_by_trail(
    storage: EnvironmentStorage, program_id: str, document: ReleaseDocument, mark: Mark | None, since: str
) -> list[Notice]:
    """Oldest first, of the events after `mark`."""
    found: list[Notice] = []
    positions = range(document.trail.length, 0 if mark is None else mark.length, -1)
    for _, event in read_positions(storage, program_id, document.trail, positions):
        if event is None:
            continue
        if event.at < since:
            break
        notice = notice_of(program_id, event)
        found += [] if notice is None else [notice]
    return found[::-1]


def _windows_of(program_id: str, document: ReleaseDocument, since: str) -> Iterable[WindowEnd]:
    for each in document.releases:
        window = each.configuration.window
        if window is None or each.state not in RELEASED:
            continue
        ends_at = to_iso(datetime.fromisoformat(window.end))
        was_over = ends_at <= since or (each.review is not None and ends_at <= (each.review.decided_at or ""))
        yield WindowEnd(
            mini_program_id=program_id,
            release=each.id,
            version=each.version,
            target=str(each.target),
            ends_at=ends_at,
            is_told=was_over,
        )


def _of_window(window: WindowEnd) -> Notice:
    host_app, _, stage = window.target.rpartition(":")
    return Notice(
        id=message_id("window", window.mini_program_id, window.release, window.ends_at),
        type="window.ended",
        at=window.ends_at,
        mini_program_id=window.mini_program_id,
        about={"version": window.version, "hostApp": host_app, "stage": stage, "release": window.release},
    )


def _ending_tokens(environment: EnvironmentDocument, now: datetime) -> dict[str, Token]:
    """Tokens that end soon, by id."""
    found = {}
    for token in environment.tokens:
        ends, made = (datetime.fromisoformat(text) for text in (token.expires_at, token.created_at))
        if token.revoked_at is None and ends - min(TOKEN_ENDS_SOON, (ends - made) / 4) <= now < ends:
            found[token.id] = token
    return found


def _of_token(token: Token, stamp: str) -> Notice:
    return Notice(
        id=message_id("token", token.id, token.expires_at),
        type="token.expires",
        at=stamp,
        about={"token": token.id, "member": token.member, "expiresAt": token.expires_at},
    )
